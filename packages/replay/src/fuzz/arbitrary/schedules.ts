/**
 * Schedules for fast-check: lists of turns, which apply to any workload.
 *
 * A 0 is "the same task goes on", and so is what comes after the list's end; so a list that gets shorter, and whose
 * numbers get smaller, has fewer context switches. fast-check's own scheduler does not shrink at all, and it
 * cannot make a task wait.
 */
import fc from "fast-check";
import type { Turns } from "../turns.ts";

/** How schedules are drawn. */
export interface ScheduleOptions {
  /** Turns of one at most; absent: 200. */
  readonly maxTurns?: number;
}

const TURNS_USUAL = 200;
/** Of so many turns, one is a switch: bursts as the portfolio has them, and single steps. */
const SWITCHES = [1, 2, 8] as const;
const OTHERS_MAX = 8;

/**
 * Schedules: some switch at every step, others seldom.
 *
 * @example
 * ```ts
 * fc.assert(fc.property(schedules({ maxTurns: 50 }), (turns) => turns.length <= 50), { seed: 1 }); // undefined
 * ```
 */
export function schedules({ maxTurns = TURNS_USUAL }: ScheduleOptions = {}): fc.Arbitrary<Turns> {
  return fc.oneof(
    ...SWITCHES.map((one) => {
      const turn = fc.oneof(
        { weight: one - 1, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.nat({ max: OTHERS_MAX }) },
      );
      return fc.array(turn, { maxLength: maxTurns, size: "max" });
    }),
  );
}
