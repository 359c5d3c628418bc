/**
 * Paths into a state, as diffs print them: `mms[0].subs.seq`.
 */
import { SimError } from "@mmreplay/events";

const STEP = /^(?:\.?([A-Za-z_]\w*)|\[([^\]]+)\])/;

/** The steps of a path. */
export function stepsOf(path: string): string[] {
  const steps: string[] = [];
  let rest = path.trim();
  while (rest !== "") {
    const step = STEP.exec(rest);
    if (step === null) {
      throw new SimError({
        code: "E_PATH",
        found: `the path ${JSON.stringify(path)}`,
        expected: "names and places, like mms[0].subs.seq",
        action: "mmreplay show FILE --at N prints all paths of a state.",
      });
    }
    steps.push(step[1] ?? step[2] ?? "");
    rest = rest.slice(step[0].length);
  }
  return steps;
}

/** What is at a path; undefined where nothing is. */
export function valueAt(state: unknown, steps: readonly string[]): unknown {
  let value = state;
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !leadsOn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Whether a step leads to a field of an object's own, or to an entry of a list. */
export function leadsOn(value: object, step: string): boolean {
  return Object.hasOwn(value, step) && !(Array.isArray(value) && step === "length");
}

/** A text that is equal for equal values. */
export function textOf(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}
