/**
 * Conditions: what somebody who looks for a race runs to.
 *
 * `violation`, `retry`, `seq` (a sequence number moves), `type NAME`, `task N`, `notifier N`, `page 0xADDRESS`,
 * `changes PATH`, or a comparison `PATH == VALUE` that becomes true.
 */
import type { State } from "@mmreplay/core";
import { didYouMean, type MmEvent, SimError } from "@mmreplay/events";
import { stepsOf, textOf, valueAt } from "./path.ts";
import type { Visitor } from "./timeline.ts";
import { touchesPage } from "./touched-page.ts";

/** A condition; each search makes a visitor of its own, which answers true after an event that meets it. */
export type Condition = () => Visitor;

/** What a condition may ask besides the events. */
export interface ConditionContext {
  /** Indexes of the events that violate a rule. */
  readonly violations: () => ReadonlySet<number>;
  /** What there is; absent: nobody says, and any name may be met. */
  readonly known?: Known;
}

/** What a condition may name. */
export interface Known {
  readonly types: readonly string[];
  /** Ids that were given out are those below. */
  readonly tasks: number;
  readonly notifiers: number;
  /** The steps of a path. @throws SimError `E_PATH` when it leads nowhere. */
  readonly path: (text: string) => readonly string[];
}

const COMPARISON = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/;

/**
 * The condition of a text.
 *
 * @throws SimError `E_CONDITION` when it is none, `E_PATH` when a path is none.
 */
export function conditionOf(text: string, context: ConditionContext): Condition {
  const [word = "", ...rest] = text.trim().split(/\s+/);
  const argument = rest.join(" ");
  const comparison = COMPARISON.exec(text.trim());
  const path = context.known?.path ?? stepsOf;
  if (comparison !== null) return becomesTrue(comparison, path);
  switch (word) {
    case "violation":
      return ofEvent((event) => context.violations().has(event.index));
    case "retry":
      return ofEvent((event) => event.type === "mmu_interval_read_retry" && event.result);
    case "seq":
      return changes((state) => textOf(state.mms.map(({ subs }) => subs?.seq)));
    case "type":
      checkType(argument, context.known);
      return ofEvent((event) => event.type === argument);
    case "task":
    case "notifier": {
      const id = numberOf(text, argument);
      checkId(word, id, word === "task" ? context.known?.tasks : context.known?.notifiers);
      return ofEvent((event) => (event as unknown as Record<string, unknown>)[word] === id);
    }
    case "page": {
      const page = addressPage(text, argument);
      return ofEvent((event) => touchesPage(event, page));
    }
    case "changes": {
      const steps = path(argument);
      return changes((state) => textOf(valueAt(state, steps)));
    }
    default:
      throw noCondition(text);
  }
}

const ofEvent =
  (meets: (event: MmEvent) => boolean): Condition =>
  () => ({ after: meets });

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

function becomesTrue(
  [, path = "", operator = "", value = ""]: RegExpExecArray,
  pathOf: (text: string) => readonly string[],
): Condition {
  const steps = pathOf(path);
  const wanted = literal(value);
  const holds = (state: State): boolean => compared(valueAt(state, steps), operator, wanted);
  return () => {
    let before = false;
    return {
      before: (_, state) => {
        before = holds(state);
      },
      after: (_, state) => !before && holds(state),
    };
  };
}

function literal(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function compared(value: unknown, operator: string, wanted: unknown): boolean {
  if (operator === "==") return textOf(value) === textOf(wanted);
  if (operator === "!=") return textOf(value) !== textOf(wanted);
  if (typeof value !== "number" || typeof wanted !== "number") return false;
  if (operator === "<") return value < wanted;
  if (operator === "<=") return value <= wanted;
  return operator === ">" ? value > wanted : value >= wanted;
}

function numberOf(text: string, argument: string): number {
  if (!/^\d+$/.test(argument)) throw noCondition(text);
  return Number(argument);
}

function addressPage(text: string, argument: string): number {
  if (!/^0x[0-9a-fA-F]{1,16}$/.test(argument)) throw noCondition(text);
  return Number(BigInt(argument) >> 12n);
}

function checkType(name: string, known: Known | undefined): void {
  if (known === undefined || known.types.includes(name)) return;
  throw new SimError({
    code: "E_CONDITION",
    found: `the type ${JSON.stringify(name)}`,
    expected: "the type of an event",
    action: didYouMean(name, known.types) || "docs/protocol.md lists them.",
  });
}

function checkId(kind: string, id: number, count: number | undefined): void {
  if (count === undefined || id < count) return;
  throw new SimError({
    code: "E_CONDITION",
    found: `${kind} ${id}`,
    expected: count === 0 ? `no ${kind}: there is none` : `a ${kind} from 0 to ${count - 1}`,
    action: "Name one that there is.",
  });
}

function noCondition(text: string): SimError {
  return new SimError({
    code: "E_CONDITION",
    found: `the condition ${JSON.stringify(text)}`,
    expected:
      "violation, retry, seq, type NAME, task N, notifier N, page 0xADDRESS, changes PATH, or PATH == VALUE",
    action: "Write one of these.",
  });
}
