/**
 * The nine bugs of ../shared/peers, each as a change to one step.
 */
import { taskId } from "@mmreplay/events";
import { RECIPES } from "../engine/recipes.ts";
import { isOdd, seqAfter, seqBefore } from "../state/seq.ts";
import { mmOf, notifierOf, taskOf } from "../state/state.ts";
import { END_LABELS } from "../tasks/end-program.ts";
import { FAULT_LABELS } from "../tasks/fault-program.ts";
import { REMOVE_LABELS } from "../tasks/remove-program.ts";
import type { Mutant } from "./mutant.ts";
import { led, looksWithoutLock, odd, waiting } from "./steps.ts";

/** Task 0 makes what a scenario begins with. */
const SET_UP = taskId(0);

const source = (bug: number): string => `../shared/peers, seeded bug ${bug}`;

/** A removal that does not wait for the end of the epoch. */
export const REMOVES_AT_ONCE: Pick<Mutant, "recipes" | "labels"> = {
  recipes: {
    mmu_interval_notifier_remove(state, event) {
      RECIPES.mmu_interval_notifier_remove(state, event);
      // It does not sleep, so it keeps nothing of the sequence that it saw.
      taskOf(state, event.task).sleep = null;
    },
  },
  labels: { remove_commit: led(REMOVE_LABELS["remove_commit"], () => "remove_return") },
};

/** `peer-1` to `peer-9`. */
export const PEER_MUTANTS: readonly Mutant[] = [
  {
    id: "peer-1",
    title: "The fault path stores without read_retry.",
    source: source(1),
    scenario: "peer/1F1I",
    rule: "K-I14",
    driver: { bug: "no_retry_check" },
  },
  {
    id: "peer-2",
    title: "The fault path calls read_retry before it takes the driver's lock.",
    source: source(2),
    scenario: "peer/1F1I",
    rule: "K-I14",
    driver: { bug: "retry_check_before_lock" },
  },
  {
    id: "peer-3",
    title: "The callback forgets mmu_interval_set_seq.",
    source: source(3),
    scenario: "peer/1F1I",
    rule: "K-I14",
    recipes: { mmu_interval_set_seq: () => {} },
  },
  {
    id: "peer-4",
    title:
      "An insertion while a hit region is open takes the mm's sequence - 1 instead of the sequence.",
    source: source(4),
    scenario: "peer/1F1I1R",
    rule: "K-I14",
    recipes: {
      mmu_interval_notifier_insert(state, event) {
        const before = mmOf(state, event.mm).subs;
        const frozen = before !== null && before.active > 0 && isOdd(before.seq);
        RECIPES.mmu_interval_notifier_insert(state, event);
        const notifier = notifierOf(state, event.notifier);
        if (frozen && notifier.seq !== null) {
          notifier.seq = seqBefore(notifier.seq, state.seqModulus);
        }
      },
    },
  },
  {
    id: "peer-5",
    title:
      "An insertion while nothing is open takes the mm's sequence instead of the sequence - 1.",
    source: source(5),
    scenario: "peer/1F1I1R",
    rule: "deadlock",
    recipes: {
      mmu_interval_notifier_insert(state, event) {
        const { subs } = mmOf(state, event.mm);
        // The peers' notifier 0 is there from the beginning, and was inserted right.
        const idle = subs?.active === 0 && event.task !== SET_UP;
        RECIPES.mmu_interval_notifier_insert(state, event);
        if (idle && subs !== null) notifierOf(state, event.notifier).seq = subs.seq;
      },
    },
    // The peers' sleepers look at the sequence themselves; here START, which wakes nobody, moves it, too.
    labels: { read_begin_wake: waiting(FAULT_LABELS["read_begin_wake"], looksWithoutLock) },
  },
  {
    id: "peer-6",
    title: "An end makes the sequence even although another region is still open.",
    source: source(6),
    scenario: "peer/1F2I",
    rule: "K-I14",
    recipes: {
      mn_itree_inv_end(state, event) {
        const { subs } = mmOf(state, event.mm);
        RECIPES.mn_itree_inv_end(state, event);
        if (subs === null || !isOdd(subs.seq)) return;
        subs.seq = seqAfter(subs.seq, state.seqModulus);
        subs.draining = subs.deferred.length > 0;
      },
    },
    labels: {
      end_itree: led(END_LABELS["end_itree"], (then, at) =>
        odd(at) ? ((at.mm.subs?.deferred.length ?? 0) > 0 ? "drain" : "wake") : then,
      ),
    },
  },
  {
    id: "peer-7",
    title: "A removal does not wait for the end of the epoch.",
    source: source(7),
    scenario: "peer/1F1I1R",
    rule: "K-I17",
    ...REMOVES_AT_ONCE,
  },
  {
    id: "peer-8",
    title: "The end of an epoch never applies the deferred list.",
    source: source(8),
    scenario: "peer/1F2I1R",
    rule: "K-I14",
    recipes: {
      // The kernel would unlink a node that is in no tree; the peers let it pass, and so does this.
      mmu_interval_notifier_remove(state, event) {
        const notifier = notifierOf(state, event.notifier);
        if (notifier.inTree) RECIPES.mmu_interval_notifier_remove(state, event);
        else notifier.phase = "removing";
      },
    },
    labels: {
      end_itree: led(END_LABELS["end_itree"], (then) => (then === "drain" ? "wake" : then)),
    },
  },
  {
    id: "peer-9",
    title: "The notifier is removed before its device mappings are taken down.",
    source: source(9),
    scenario: "peer/1F1I1R",
    rule: "K-I14",
    labels: {
      remove: led(REMOVE_LABELS["remove"], () => "remove_commit"),
      remove_return: led(REMOVE_LABELS["remove_return"], () => "teardown_clear"),
      teardown_clear: led(REMOVE_LABELS["teardown_clear"], () => "next"),
    },
  },
];
