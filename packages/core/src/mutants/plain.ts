/**
 * Mutants of the plain list, and the gap between it and the interval part.
 */
import { hasCallback } from "../notifier-list/plain-notifier.ts";
import { peekPlain } from "../state/state.ts";
import { type At, type MicroStep, move, SCENARIO_MM } from "../tasks/machine.ts";
import type { Operation } from "../tasks/operation.ts";
import { PLAIN_LABELS } from "../tasks/plain-program.ts";
import { START_LABELS } from "../tasks/start-program.ts";
import type { Mutant } from "./mutant.ts";
import { led, waiting } from "./steps.ts";

type UnregisterAt = At<Extract<Operation, { op: "mn_unregister" }>>;

/** A refused walk returns without the ends of those that it had started. */
const WITHOUT_ENDS: Pick<Mutant, "labels"> = {
  labels: {
    mn_start_cb: led(START_LABELS["mn_start_cb"], (then) =>
      then === "mn_undo_end_cb" ? "start_plain_unlock" : then,
    ),
  },
};

const releases = (at: At): boolean =>
  hasCallback(peekPlain(at.state, (at as UnregisterAt).op.m), "release");

/** The mutants of the plain list. */
export const PLAIN_MUTANTS: readonly Mutant[] = [
  {
    id: "K-Z2",
    title: "A refused walk over the plain list returns without calling the ends.",
    source: "c2655835fd8c",
    scenario: "plain/refusal",
    rule: "K-I25",
    ...WITHOUT_ENDS,
  },
  {
    id: "K-Z3",
    title: "The same change as K-Z2, to which the patch of 2019 had another answer.",
    source: "RFC, August 2019: mm/mmn, unpaired invalidate_start and invalidate_end",
    scenario: "plain/refusal",
    rule: "K-I25",
    ...WITHOUT_ENDS,
  },
  {
    id: "K-Z5",
    title: "An unregistered plain notifier is freed without a grace period.",
    source: "mm/hmm, 5.3: use after free of struct hmm",
    scenario: "plain/unregister",
    rule: "K-I32",
    labels: { mn_unregister_wait: waiting(PLAIN_LABELS["mn_unregister_wait"]) },
  },
  {
    id: "K-Z14",
    title: "An unregistered plain notifier leaves the list before its release is called.",
    source: "d34883d4e35c",
    scenario: "plain/exit",
    rule: "K-I32",
    labels: {
      mn_unregister: led(PLAIN_LABELS["mn_unregister"], (then) =>
        then === "mn_release_lock" ? "mn_unlink_early" : then,
      ),
      mn_unlink_early: {
        run: (at) =>
          move(at, releases(at) ? "mn_release_lock" : "mn_synchronize_begin", {
            type: "hlist_del_init_rcu",
            mm: SCENARIO_MM,
            plain: (at as UnregisterAt).op.m,
          }),
      },
      mn_release_unlock: led(PLAIN_LABELS["mn_release_unlock"], () => "mn_synchronize_begin"),
    } satisfies Record<string, MicroStep>,
    points: ["mn_release_lock"],
  },
  {
    id: "K-Z28",
    title:
      "Nothing is changed: a refusal by the plain list does not undo the interval part's count.",
    source: "__mmu_notifier_invalidate_range_start, protocol.md 8.2",
    scenario: "K-P9",
    rule: "K-I24",
    claim:
      "Reachable in the model of Linux 6.1 as it is, and in executions of the kernel's own code (../shared/vectors). It needs an mm that the OOM killer has chosen, an interval notifier and a plain one that refuses. No upstream report is known.",
  },
  {
    id: "K-Z28-hang",
    title: "Nothing is changed: after such a refusal the next insertion's reader hangs.",
    source: "golden trace K-G8",
    scenario: "K-G8",
    rule: "deadlock",
    claim: "The consequence of K-Z28, in the model: the reader never goes on.",
  },
];
