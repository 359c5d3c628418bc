/**
 * A later kernel's hmm_range_fault: it takes the mmap lock itself and lets go of it for each fault.
 *
 * hmm_range_fault_unlocked_timeout (protocol.md 4.5, 10) runs handle_mm_fault outside the page walk, so that
 * the fault may drop the lock (userfaultfd does); afterwards it begins again, with a new sequence number and
 * at the first page. Scenarios that say `rangeFault: "unlocked"` have it; the rest of the walk is 6.1's.
 */
import { peekNotifier } from "../../state/state.ts";
import { type At, blockedIf, type Labels, local, type Move, move } from "../machine.ts";
import type { ReadSection } from "../task.ts";

const section = (at: At): ReadSection => at.me.section as ReadSection;

/** The fault is over: the lock is let go, and all begins again. */
export function dropLock(at: At): Move {
  const drops = move(at, "hmm_begin_again", { type: "mmap_unlock", mm: at.mmId });
  return { ...drops, set: { last: local(at, "first") } };
}

function beginAgain(at: At): Move {
  const { notifier } = section(at);
  const { seq } = peekNotifier(at.state, notifier);
  if (seq === null) throw new Error(`notifier${notifier} has no sequence number`);
  const waits = at.mm.subs?.seq === seq;
  const begins = { type: "mmu_interval_read_begin", mm: at.mmId, notifier, seq, waits } as const;
  return move(at, waits ? "hmm_begin_wake" : "hmm_lock_again", begins);
}

/** Labels of it, which `dropLock` enters. */
export const UNLOCKED_LABELS: Labels = {
  hmm_begin_again: { run: beginAgain },
  hmm_begin_wake: {
    blockedOn: ({ me }) =>
      blockedIf(me.sleep?.woken === false, "read_begin", me.sleep?.seq ?? null),
    run: (at) => {
      const { notifier, seq } = section(at);
      return move(at, "hmm_lock_again", { type: "read_begin_wake", notifier, seq });
    },
  },
  hmm_lock_again: {
    blockedOn: (at) => blockedIf(at.mm.mmapLock !== null, "mmap_lock"),
    run: (at) => move(at, "hmm_loop", { type: "mmap_lock", mm: at.mmId, shared: true }),
  },
};
