/**
 * Conditions: what somebody who looks for a race runs to.
 *
 * `violation`, `retry`, `seq` (a sequence number moves), `type NAME`, `task N`, `notifier N`, `page 0xADDRESS`,
 * `changes PATH`, or a comparison `PATH == VALUE` that becomes true; one event meets all that are joined by `and`.
 */
import type { State } from "@mmreplay/core";
import { type MmEvent, SimError } from "@mmreplay/events";
import { holds } from "./comparison.ts";
import { type Term, termsOf } from "./condition-grammar.ts";
import { checkTerm, type Known } from "./known.ts";
import { stepsOf, textOf, valueAt } from "./path.ts";
import type { Visitor } from "./timeline.ts";
import { touchesPage } from "./touched-page.ts";

/** A condition; each search makes a visitor of its own, which answers true after an event that meets it. */
export type Condition = () => Visitor;

/** What a condition may ask besides the events. */
export interface ConditionContext {
  /** Indexes of the events that violate a rule. */
  readonly violations: () => ReadonlySet<number>;
  /** Those that violate this rule; absent: `violation RULE` is refused. */
  readonly violationsOf?: (rule: string) => ReadonlySet<number>;
  /** What there is; absent: nobody says, and any name may be met. */
  readonly known?: Known;
}

/**
 * The condition of a text.
 *
 * @throws SimError `E_CONDITION` when it is none, `E_PATH` when a path is none.
 */
export function conditionOf(text: string, context: ConditionContext): Condition {
  return allOf(termsOf(text).map((term) => conditionOfTerm(term, context)));
}

/** Meets what all of these meet. */
export function allOf(conditions: readonly Condition[]): Condition {
  const [first] = conditions;
  if (first !== undefined && conditions.length === 1) return first;
  return () => {
    const visitors = conditions.map((condition) => condition());
    return {
      before(event, state) {
        for (const visitor of visitors) visitor.before?.(event, state);
      },
      after(event, state) {
        // Every visitor sees every event: some remember the one before.
        return visitors.map((visitor) => visitor.after(event, state)).every(Boolean);
      },
    };
  };
}

/**
 * The condition of one term.
 *
 * @throws SimError `E_CONDITION` or `E_PATH` when it names what there is not.
 */
export function conditionOfTerm(term: Term, context: ConditionContext): Condition {
  if (context.known !== undefined) checkTerm(term, context.known);
  switch (term.kind) {
    case "violation":
      return violates(term.rule, context);
    case "retry":
      return ofEvent((event) => event.type === "mmu_interval_read_retry" && event.result);
    case "seq":
      return changes((state) => textOf(state.mms.map(({ subs }) => subs?.seq)));
    case "type":
      return ofEvent((event) => event.type === term.name);
    case "task":
    case "notifier":
      return ofEvent(
        (event) => (event as unknown as Record<string, unknown>)[term.kind] === term.id,
      );
    case "page":
      return ofEvent((event) => touchesPage(event, term.page));
    case "changes": {
      const steps = stepsOf(term.path);
      return changes((state) => textOf(valueAt(state, steps)));
    }
    case "comparison": {
      const steps = stepsOf(term.path);
      return becomesTrue((state) => holds(valueAt(state, steps), term));
    }
  }
}

const ofEvent =
  (meets: (event: MmEvent) => boolean): Condition =>
  () => ({ after: meets });

function violates(rule: string | undefined, context: ConditionContext): Condition {
  const { violations, violationsOf } = context;
  if (rule === undefined) return ofEvent((event) => violations().has(event.index));
  if (violationsOf !== undefined) {
    return () => {
      let indexes: ReadonlySet<number> | undefined;
      return {
        after: ({ index }) => {
          indexes ??= violationsOf(rule);
          return indexes.has(index);
        },
      };
    };
  }
  throw new SimError({
    code: "E_CONDITION",
    found: `the rule ${JSON.stringify(rule)}`,
    expected: "violation alone: the rules of these violations are not known",
    action: "Leave it out, or pass violationsOf.",
  });
}

/** Meets every event that changes what is looked at. */
const changes =
  (look: (state: State) => string): Condition =>
  () => {
    let before = "";
    return {
      before: (_, state) => {
        before = look(state);
      },
      after: (_, state) => look(state) !== before,
    };
  };

/** Meets every event after which something holds that did not before. */
const becomesTrue =
  (isTrue: (state: State) => boolean): Condition =>
  () => {
    let before = false;
    return {
      before: (_, state) => {
        before = isTrue(state);
      },
      after: (_, state) => !before && isTrue(state),
    };
  };
