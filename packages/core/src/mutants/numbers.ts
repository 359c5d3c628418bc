/**
 * Mutants of the numbers: the mm's sequence, the active count, what an insertion takes.
 */
import type { EventOf, Seq } from "@mmreplay/events";
import { RECIPES, type Recipe } from "../engine/recipes.ts";
import type { Subscriptions } from "../interval-notifiers/subscriptions.ts";
import { isOdd, seqAfter, seqBefore } from "../state/seq.ts";
import { mmOf, notifierOf, type State } from "../state/state.ts";
import { END_LABELS } from "../tasks/end-program.ts";
import type { Labels } from "../tasks/machine.ts";
import type { Mutant } from "./mutant.ts";
import { led, nothing, odd } from "./steps.ts";

/** END as it is, and then a change if it was not the last of an odd epoch. */
function earlyEnd(change: (subs: Subscriptions, state: State) => void): Recipe<"mn_itree_inv_end"> {
  return (state, event) => {
    const { subs } = mmOf(state, event.mm);
    const early = subs !== null && subs.active > 1 && isOdd(subs.seq);
    RECIPES.mn_itree_inv_end(state, event);
    if (early) change(subs, state);
  };
}

/** An insertion that takes another number: what it takes follows from the mm's before. */
function insertion(
  take: (before: { seq: Seq; active: number }, modulus: number) => Seq | null,
): Recipe<"mmu_interval_notifier_insert"> {
  return (state, event: EventOf<"mmu_interval_notifier_insert">) => {
    const { subs } = mmOf(state, event.mm);
    const before = { seq: subs?.seq ?? (0 as Seq), active: subs?.active ?? 0 };
    RECIPES.mmu_interval_notifier_insert(state, event);
    const taken = event.rc === 0 ? take(before, state.seqModulus) : null;
    if (taken !== null) notifierOf(state, event.notifier).seq = taken;
  };
}

/** A refused start is not uncounted. */
const KEEPS_COUNT: Labels = { inv_abort: nothing(() => "start_return_eagain") };

/** An insertion that leaves an even sequence even. */
const stayEven: Recipe<"mmu_interval_notifier_insert"> = (state, event) => {
  const { subs } = mmOf(state, event.mm);
  const partly = subs !== null && subs.active > 0 && !isOdd(subs.seq);
  RECIPES.mmu_interval_notifier_insert(state, event);
  if (!partly || event.rc !== 0) return;
  subs.seq = seqBefore(subs.seq, state.seqModulus);
  notifierOf(state, event.notifier).seq = subs.seq;
};

/** The mutants of the numbers. */
export const NUMBER_MUTANTS: readonly Mutant[] = [
  {
    id: "K-Z4",
    title: "A start that a callback has refused does not undo its count.",
    source: "mm/hmm, 5.3: error flows of hmm_invalidate_range_start",
    scenario: "K-P8",
    rule: "K-I24",
    labels: KEEPS_COUNT,
  },
  {
    id: "K-S15",
    title: "A start that a callback has refused does not undo its count: a reader hangs.",
    source: "protocol.md 8.3; the change of K-Z4",
    scenario: "K-P8",
    rule: "deadlock",
    labels: KEEPS_COUNT,
  },
  {
    id: "K-S9",
    title: "Every end moves an odd sequence on by two.",
    source: "protocol.md 8.3, the form that keeps the sequence odd",
    scenario: "K-P3",
    rule: "K-I14",
    recipes: {
      mn_itree_inv_end: earlyEnd((subs, { seqModulus }) => {
        subs.seq = seqAfter(seqAfter(subs.seq, seqModulus), seqModulus);
      }),
    },
  },
  {
    id: "K-S9-even",
    title: "An end makes the sequence even although another region is still open.",
    source: "protocol.md 8.3, made even early; peer-6",
    scenario: "K-P3",
    rule: "K-I14",
    recipes: {
      mn_itree_inv_end: earlyEnd((subs, { seqModulus }) => {
        subs.seq = seqAfter(subs.seq, seqModulus);
        subs.draining = subs.deferred.length > 0;
      }),
    },
    labels: {
      end_itree: led(END_LABELS["end_itree"], (then, at) => (odd(at) ? "wake" : then)),
    },
  },
  {
    id: "core-end-counts-twice",
    title: "An end that is not the last one takes two from the active count.",
    source: "protocol.md part 3, K-I2: a duplicated END",
    scenario: "K-P3",
    rule: "K-I2",
    recipes: {
      mn_itree_inv_end: earlyEnd((subs) => {
        subs.active -= 1;
      }),
    },
  },
  {
    id: "K-S11",
    title: "An insertion while a region is open takes an older odd number.",
    source: "protocol.md 8.3; peer-4",
    scenario: "K-P5",
    rule: "K-I14",
    recipes: {
      mmu_interval_notifier_insert: insertion(({ seq, active }, modulus) =>
        active > 0 ? seqBefore(isOdd(seq) ? seqBefore(seq, modulus) : seq, modulus) : null,
      ),
    },
  },
  {
    id: "core-idle-insertion-takes-seq",
    title: "An insertion while nothing is open takes the mm's even number.",
    source: "protocol.md part 3, K-I9; peer-5",
    scenario: "race/first-insertion",
    rule: "K-I9",
    recipes: {
      mmu_interval_notifier_insert: insertion(({ seq, active }) => (active === 0 ? seq : null)),
    },
  },
  {
    id: "core-start-leaves-even",
    title: "A start that hits a notifier does not make the sequence odd.",
    source: "protocol.md part 3, K-I11",
    scenario: "K-P1",
    rule: "K-I11",
    recipes: {
      mmu_notifier_invalidate_range_start(state, event) {
        RECIPES.mmu_notifier_invalidate_range_start(state, event);
        const mm = mmOf(state, event.mm);
        const region = mm.regions[event.region];
        if (mm.subs === null || region === undefined || !isOdd(mm.subs.seq)) return;
        mm.subs.seq = seqBefore(mm.subs.seq, state.seqModulus);
        region.seq = mm.subs.seq;
      },
    },
  },
  {
    id: "K-S12",
    title: "An insertion while a region is open that hit nothing does not make the sequence odd.",
    source: "protocol.md 8.3",
    scenario: "K-P5",
    rule: "K-I8",
    recipes: { mmu_interval_notifier_insert: stayEven },
  },
  {
    id: "K-S12-hang",
    title:
      "An insertion that leaves the sequence even: its reader sleeps on a number no end moves.",
    source: "protocol.md 8.3; the change of K-S12",
    scenario: "K-P5",
    rule: "deadlock",
    recipes: { mmu_interval_notifier_insert: stayEven },
  },
  {
    id: "core-failed-insertion-keeps-mm",
    title: "An insertion that fails with -EOVERFLOW keeps a reference on the mm.",
    source: "protocol.md part 3, K-I29",
    scenario: "race/empty-insertion",
    rule: "K-I29",
    recipes: {
      mmu_interval_notifier_insert(state, event) {
        RECIPES.mmu_interval_notifier_insert(state, event);
        if (event.rc !== 0) mmOf(state, event.mm).count += 1;
      },
    },
  },
  {
    id: "core-wake-at-every-end",
    title: "Every end wakes the sleepers, also one that closes no epoch.",
    source: "protocol.md part 9, 4: a woken reader would sleep again",
    scenario: "K-P3",
    rule: null,
    breaksNothing: "equivalent",
    labels: {
      end_itree: led(END_LABELS["end_itree"], (then) => (then === "drain" ? then : "wake")),
    },
  },
];
