/**
 * Faults for fast-check: what goes wrong around a driver, to be put into any workload.
 *
 * `workloads` has them in a third of what it draws. Whoever has workloads of one's own takes faults from here; a
 * list of them shrinks to the one that matters.
 */
import fc from "fast-check";
import { FAULT_KINDS, type Fault, type FaultKind } from "../draw/faults.ts";

/** Numbers of tasks, operations and pages, which are taken modulo what a workload has. */
const NUMBER_MAX = 63;
const FAULTS_MAX = 3;

/** Which faults. */
export interface FaultOptions {
  /** Absent: all kinds. */
  readonly kinds?: readonly FaultKind[];
}

/**
 * Up to three faults.
 *
 * @example
 * ```ts
 * const slow = faults({ kinds: ["slow-lock"] });
 * fc.assert(fc.property(slow, (list) => list.every(({ kind }) => kind === "slow-lock")), { seed: 1 }); // undefined
 * ```
 */
export function faults({ kinds = FAULT_KINDS }: FaultOptions = {}): fc.Arbitrary<readonly Fault[]> {
  const number = fc.nat({ max: NUMBER_MAX });
  const fault = fc.record({
    kind: fc.constantFrom(...kinds),
    task: number,
    at: number,
    form: number,
  });
  return fc.array(fault, { maxLength: FAULTS_MAX });
}
