/**
 * Conditions: what somebody who looks for a race runs to.
 *
 * `violation`, `retry`, `seq` (a sequence number moves), `type NAME`, `task N`, `notifier N`, `page 0xADDRESS`,
 * `changes PATH`, or a comparison `PATH == VALUE` that becomes true.
 */
import type { State } from "@mmreplay/core";
import { type MmEvent, SimError } from "@mmreplay/events";
import { stepsOf, textOf, valueAt } from "./path.ts";
import type { Visitor } from "./timeline.ts";
import { touchesPage } from "./touched-page.ts";

/** A condition; each search makes a visitor of its own, which answers true after an event that meets it. */
export type Condition = () => Visitor;

/** What a condition may ask besides the events. */
export interface ConditionContext {
  /** Indexes of the events that violate a rule. */
  readonly violations: () => ReadonlySet<number>;
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
  if (comparison !== null) return becomesTrue(comparison);
  switch (word) {
    case "violation":
      return ofEvent((event) => context.violations().has(event.index));
    case "retry":
      return ofEvent((event) => event.type === "mmu_interval_read_retry" && event.result);
    case "seq":
      return changes((state) => textOf(state.mms.map(({ subs }) => subs?.seq)));
    case "type":
      return ofEvent((event) => event.type === argument);
    case "task":
    case "notifier": {
      const id = numberOf(text, argument);
      return ofEvent((event) => (event as unknown as Record<string, unknown>)[word] === id);
    }
    case "page": {
      const page = addressPage(text, argument);
      return ofEvent((event) => touchesPage(event, page));
    }
    case "changes": {
      const steps = stepsOf(argument);
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

function becomesTrue([, path = "", operator = "", value = ""]: RegExpExecArray): Condition {
  const steps = stepsOf(path);
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

function noCondition(text: string): SimError {
  return new SimError({
    code: "E_CONDITION",
    found: `the condition ${JSON.stringify(text)}`,
    expected:
      "violation, retry, seq, type NAME, task N, notifier N, page 0xADDRESS, changes PATH, or PATH == VALUE",
    action: "Write one of these.",
  });
}
