/**
 * The program of a slow lock holder: somebody takes a driver instance's lock, and lets it go.
 *
 * What it does under the lock is none of the protocol's business (a driver also locks to answer its own
 * device); how long it stays is the schedule's: all that others do between its two steps they do while the lock
 * is held. A callback that may not sleep must refuse then (mmu_notifier_range_blockable), others wait.
 */
import { mirrorId } from "@mmreplay/events";
import { peekMirror } from "../state/state.ts";
import { type At, blockedIf, type Labels, move } from "./machine.ts";
import type { Operation } from "./operation.ts";

type HoldAt = At<Extract<Operation, { op: "hold" }>>;

const mirrorOf = (at: At) => (at as HoldAt).op.mirror ?? mirrorId(0);

/** Labels of a holder; `hold` begins it. */
export const HOLD_LABELS: Labels = {
  hold: {
    blockedOn: (at) => blockedIf(peekMirror(at.state, mirrorOf(at)).lock !== null, "driver_lock"),
    run: (at) => move(at, "hold_unlock", { type: "driver_lock", mirror: mirrorOf(at) }),
  },
  hold_unlock: {
    run: (at) => move(at, "next", { type: "driver_unlock", mirror: mirrorOf(at) }),
  },
};
