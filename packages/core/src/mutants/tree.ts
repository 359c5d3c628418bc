/**
 * Mutants of the tree, the deferred list, removals and wake-ups.
 */
import { RECIPES } from "../engine/recipes.ts";
import { treeInsert } from "../interval-notifiers/interval-tree.ts";
import { isOdd } from "../state/seq.ts";
import { mmOf, notifierOf } from "../state/state.ts";
import { END_LABELS } from "../tasks/end-program.ts";
import { FAULT_LABELS } from "../tasks/fault-program.ts";
import { INSERT_LABELS } from "../tasks/insert-program.ts";
import { type At, blockedIf, type Labels, move, SCENARIO_MM } from "../tasks/machine.ts";
import { REMOVE_LABELS } from "../tasks/remove-program.ts";
import { START_LABELS } from "../tasks/start-program.ts";
import type { Mutant } from "./mutant.ts";
import { REMOVES_AT_ONCE } from "./peers.ts";
import { looksWithoutLock, nothing, waiting } from "./steps.ts";

/** END is three steps: the bump, each piece of the deferred list, the wake-up. */
const SPLIT_END = ["drain", "wake"];

/** While END works the deferred list off it holds the subscriptions' lock; these labels take it. */
const UNDER_LOCK: Labels = {
  ...pick(START_LABELS, "inv_start"),
  ...pick(FAULT_LABELS, "fault_read_begin", "fault"),
  ...pick(INSERT_LABELS, "insert_first", "insert_commit", "insert"),
  ...pick(REMOVE_LABELS, "remove_commit"),
  ...pick(END_LABELS, "inv_end", "inv_abort"),
};

function pick(labels: Labels, ...names: readonly string[]): Labels {
  return Object.fromEntries(
    names.flatMap((name) => {
      const step = labels[name];
      if (step === undefined) return [];
      const blockedOn = (at: At) => blockedIf(at.mm.subs?.draining === true, "subs_lock");
      return [[name, waiting(step, blockedOn)] as const];
    }),
  );
}

const removerLooks = waiting(REMOVE_LABELS["remove_wake"], looksWithoutLock);
const readerLooks = waiting(FAULT_LABELS["read_begin_wake"], looksWithoutLock);

/** A removal that looks at the sequence under the lock, which END holds until it is through. */
const removerLooksUnderLock = waiting(
  REMOVE_LABELS["remove_wake"],
  (at) => blockedIf(at.mm.subs?.draining === true, "subs_lock") ?? looksWithoutLock(at),
);

/** The mutants of END as one step. */
const END_MUTANTS: readonly Mutant[] = [
  {
    id: "K-Z1",
    title: "A removal looks at the sequence without the lock while END works its list off.",
    source: "319561669a59",
    scenario: "race/removal",
    rule: "K-I17",
    points: SPLIT_END,
    labels: { ...UNDER_LOCK, remove_wake: removerLooks, read_begin_wake: readerLooks },
  },
  {
    id: "K-Z1-reader",
    title: "Only readers look at the sequence without the lock; a removal takes it.",
    source: "protocol.md 8.1, K-Z1: readers stay safe, because START needs the lock",
    scenario: "race/pending-reader",
    rule: null,
    breaksNothing: "observably-equivalent",
    points: SPLIT_END,
    labels: { ...UNDER_LOCK, remove_wake: removerLooksUnderLock, read_begin_wake: readerLooks },
  },
  {
    id: "K-Z1-whole",
    title: "A removal looks at the sequence without the lock, and END is one step.",
    source: "protocol.md part 13: if END is one step the two conditions coincide",
    scenario: "K-P6",
    rule: null,
    breaksNothing: "equivalent",
    labels: { remove_wake: removerLooks, read_begin_wake: readerLooks },
  },
  {
    id: "K-S14",
    title: "END drops the lock between its bump and the deferred list; a removal goes on.",
    source: "protocol.md 8.3",
    scenario: "race/removal",
    rule: "K-I17",
    points: SPLIT_END,
    labels: { remove_wake: removerLooks, read_begin_wake: readerLooks },
  },
  {
    id: "K-S14-insertion",
    title: "END drops the lock between its bump and the deferred list; an insertion comes between.",
    source: "protocol.md 8.3",
    scenario: "race/two-insertions",
    rule: "K-I5",
    points: SPLIT_END,
  },
  {
    id: "K-S14-reader",
    title: "END drops the lock before the deferred list; a reader of a pending insertion goes on.",
    source: "protocol.md 8.3",
    scenario: "race/pending-reader",
    rule: "K-I14",
    points: SPLIT_END,
    labels: { remove_wake: removerLooks, read_begin_wake: readerLooks },
  },
  {
    id: "core-end-wakes-nobody",
    title: "The last end does not wake.",
    source: "protocol.md part 3, K-I33",
    scenario: "K-P1",
    rule: "lost-wake-up",
    recipes: { wake_up_all: () => {} },
  },
  {
    id: "core-deferred-in-order",
    title: "The deferred list is applied first in, first out.",
    source: "protocol.md 1.1: the order matters for equal starts only",
    scenario: "race/two-insertions",
    rule: null,
    breaksNothing: "equivalent",
    labels: {
      drain: {
        run: (at) => {
          const deferred = at.mm.subs?.deferred ?? [];
          const notifier = deferred.at(-1) as (typeof deferred)[number];
          const then = deferred.length > 1 ? "drain" : "wake";
          return move(at, then, { type: "deferred_list_apply", mm: SCENARIO_MM, notifier });
        },
      },
    },
    recipes: {
      deferred_list_apply(state, event) {
        const { subs } = mmOf(state, event.mm);
        subs?.deferred.reverse();
        RECIPES.deferred_list_apply(state, event);
        subs?.deferred.reverse();
      },
    },
  },
];

/** The mutants of insertions and removals. */
const MEMBER_MUTANTS: readonly Mutant[] = [
  {
    id: "K-S10",
    title: "An insertion enters the tree although the sequence is odd.",
    source: "protocol.md 8.3",
    scenario: "race/walk",
    rule: "K-I6",
    recipes: {
      mmu_interval_notifier_insert(state, event) {
        RECIPES.mmu_interval_notifier_insert(state, event);
        const { subs } = mmOf(state, event.mm);
        const notifier = notifierOf(state, event.notifier);
        if (subs === null || !notifier.deferred) return;
        subs.deferred.splice(subs.deferred.indexOf(event.notifier), 1);
        notifier.deferred = false;
        treeInsert(state, subs, event.notifier);
      },
    },
  },
  {
    id: "K-S13",
    title: "A removal from a frozen tree returns at once.",
    source: "protocol.md 8.3; peer-7",
    scenario: "K-P6",
    rule: "K-I17",
    ...REMOVES_AT_ONCE,
  },
  {
    id: "core-removal-queued-twice",
    title: "A removal joins the deferred list a second time.",
    source: "protocol.md part 3, K-I7",
    scenario: "race/removal",
    rule: "K-I7",
    recipes: {
      mmu_interval_notifier_remove(state, event) {
        RECIPES.mmu_interval_notifier_remove(state, event);
        const { subs } = mmOf(state, event.mm);
        if (subs?.deferred.includes(event.notifier)) subs.deferred.unshift(event.notifier);
      },
    },
  },
  {
    id: "core-removal-always-sleeps",
    title: "A removal that only unlinks a pending insertion sleeps, too.",
    source: "protocol.md part 3, K-I18",
    scenario: "K-P7",
    rule: "K-I18",
    recipes: {
      mmu_interval_notifier_remove(state, event) {
        const { subs } = mmOf(state, event.mm);
        const pending =
          subs !== null && isOdd(subs.seq) && !notifierOf(state, event.notifier).inTree;
        RECIPES.mmu_interval_notifier_remove(state, event);
        const task = state.tasks[event.task];
        if (!pending || task === undefined) return;
        const { mm, notifier } = event;
        task.sleep = { kind: "remove", mm, notifier, seq: subs.seq, woken: false };
      },
    },
    labels: { remove_return: waiting(REMOVE_LABELS["remove_return"], looksWithoutLock) },
  },
  {
    id: "core-register-without-all-locks",
    title: "The first registration does not wait for open regions.",
    source: "protocol.md part 3, K-I30: mm_take_all_locks left out",
    scenario: "race/first-insertion",
    rule: "K-I30",
    labels: { insert_register: waiting(INSERT_LABELS["insert_register"]) },
  },
  {
    id: "driver-removal-leaves-entries",
    title: "The driver removes its notifier and leaves its device entries behind.",
    source: "peer-9",
    scenario: "K-P6",
    rule: "K-I14",
    labels: { teardown_clear: nothing(() => "teardown_unlock") },
  },
];

/** All of them. */
export const TREE_MUTANTS: readonly Mutant[] = [...END_MUTANTS, ...MEMBER_MUTANTS];
