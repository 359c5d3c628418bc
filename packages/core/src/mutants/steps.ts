/**
 * The words in which mutants are written: a label's step that leads elsewhere, waits otherwise, or does
 * nothing.
 */
import type { MirrorId } from "@mmreplay/events";
import { isOdd } from "../state/seq.ts";
import {
  type At,
  type Blocked,
  blockedIf,
  type MicroStep,
  type Move,
  mirrorOfNotifier,
  move,
} from "../tasks/machine.ts";
import type { Operation } from "../tasks/operation.ts";

/** The step, leading to where `to` says instead of `then`. */
export function led(step: MicroStep | undefined, to: (then: string, at: At) => string): MicroStep {
  const run = step?.run;
  return {
    ...step,
    run: (at, branch) => {
      const made = run?.(at, branch) as Move;
      return { ...made, goto: to(made.goto as string, at) };
    },
  };
}

/** The step, waiting for what `blockedOn` says and for nothing else. */
export function waiting(
  step: MicroStep | undefined,
  blockedOn: NonNullable<MicroStep["blockedOn"]> = () => null,
): MicroStep {
  return { ...(step as MicroStep), blockedOn };
}

/** The step of a label that stands in another step's place and changes nothing. */
export function nothing(then: (at: At) => string): MicroStep {
  return { run: (at) => move(at, then(at), { type: "task_skip", of: at.op.op, why: "mutant" }) };
}

/** Whether the mm's sequence is odd. */
export const odd = (at: At): boolean => at.mm.subs !== null && isOdd(at.mm.subs.seq);

/** A sleeper looks at the sequence itself, as the kernel's wait condition does without a lock. */
export function looksWithoutLock({ me, mm }: At): Blocked | null {
  const why = me.sleep?.kind ?? "remove";
  return blockedIf(me.sleep != null && mm.subs?.seq === me.sleep.seq, why, me.sleep?.seq ?? null);
}

/** The driver instance of the notifier that an operation names. */
export function mirrorOfOperation(at: At): MirrorId {
  return mirrorOfNotifier(at, (at.op as Extract<Operation, { op: "fault" | "remove" }>).n);
}
