/**
 * Mutants of the tree, the deferred list, removals and wake-ups.
 */
import { VECTOR_POINTS } from "@mmreplay/core";
import type { EventBody } from "@mmreplay/events";
import { aside, type Mutant, nothing, subsOf } from "../support/mutant.ts";
import { fault, insert, M, N, P, remove, scenario, section } from "../support/operations.ts";
import type { Mutation } from "../support/run.ts";

const far = insert(M, 8, 12);
const near = insert(N, 0, 4);

/** N is inserted while the tree is frozen. */
const deferredInsert = scenario({ programs: [[far], section(1, 8, 12), [near]] });
/** N is removed while the tree is frozen. */
const deferredRemoval = scenario({ programs: [[near, far], section(1, 8, 12), [remove(N)]] });
const whileFrozen = "0* 1@cb_lock 2* 1* 2*";

/** Another task may run between END's bump and each step of its work on the deferred list. */
const splitEnd = new Set([...VECTOR_POINTS, "drain"]);

/** END moves the sequence, and sleepers look at it before the deferred list is applied. */
const wakesEarly =
  (kind: "remove" | "any"): (() => Mutation) =>
  () => ({
    points: splitEnd,
    patch(state, event) {
      if (event.type !== "mn_itree_inv_end") return;
      for (const { sleep } of state.tasks) {
        if (sleep === null || sleep.seq === subsOf(state).seq) continue;
        if (kind === "any" || sleep.kind === kind) sleep.woken = true;
      }
    },
  });

/** A deferred insert is applied at once. */
const insertsAtOnce = (): Mutation => ({
  rewrite(body, state) {
    const frozen = (state.mms[0]?.subs?.seq ?? 0) % 2 === 1;
    if (body.type !== "mmu_interval_notifier_insert" || !frozen) return [body];
    const { task, mm, notifier, goto } = body;
    const apply = { type: "deferred_list_apply", task, mm, notifier } as const;
    return [aside(body), goto === undefined ? apply : { ...apply, goto }];
  },
});

/** A removal that joined the deferred list goes on at once. */
const removesWithoutWaiting = (): Mutation => ({
  patch(state, event) {
    const sleep = state.tasks[event.task]?.sleep;
    if (event.type === "mmu_interval_notifier_remove" && sleep) sleep.woken = true;
  },
});

/** The device's entries are cleared after the removal instead of before it. */
function clearsLate(): Mutation {
  let late: EventBody | undefined;
  return {
    points: new Set([...VECTOR_POINTS, "remove_return"]),
    rewrite(body) {
      if (body.type === "device_unmap" && body.goto === "teardown_unlock") {
        late = aside(body);
        return [nothing(body)];
      }
      const removed = body.type === "mmu_interval_notifier_remove_return";
      return removed && late !== undefined ? [body, late] : [body];
    },
  };
}

const drops =
  (type: EventBody["type"]): (() => Mutation) =>
  () => ({ rewrite: (body) => [body.type === type ? nothing(body) : body] });

/** Mutants of the tree and of the deferred list. */
export const TREE_MUTANTS: readonly Mutant[] = [
  {
    id: "end-forgets-deferred",
    rule: "K-I5",
    changes: "the last END does not apply the deferred list",
    source: "peer-8",
    scenario: deferredInsert,
    schedule: whileFrozen,
    mutation: drops("deferred_list_apply"),
  },
  {
    id: "end-drops-lock-before-drain",
    rule: "K-I5",
    changes: "END drops the lock between its bump and the deferred list",
    source: "K-S14",
    scenario: scenario({ programs: [[far], section(1, 8, 12), [near], [insert(P, 5, 6)]] }),
    schedule: "0* 1@cb_lock 2* 1@drain 3* 1*",
    mutation: () => ({ points: splitEnd }),
  },
  {
    id: "insert-into-frozen-tree",
    rule: "K-I6",
    changes: "an insert enters the tree although the sequence is odd",
    source: "K-S10",
    scenario: deferredInsert,
    schedule: whileFrozen,
    mutation: insertsAtOnce,
  },
  {
    id: "removal-queued-twice",
    rule: "K-I7",
    changes: "a removal joins the deferred list a second time",
    source: "K-I7, reuse before the list is applied",
    scenario: deferredRemoval,
    schedule: whileFrozen,
    mutation: () => ({
      patch(state, event) {
        if (event.type !== "mmu_interval_notifier_remove") return;
        const { deferred } = subsOf(state);
        if (deferred.includes(event.notifier)) deferred.unshift(event.notifier);
      },
    }),
  },
  {
    id: "remover-looks-without-lock",
    rule: "K-I17",
    changes: "a removal looks at the sequence without the lock, while END still walks the list",
    source: "K-Z1, 319561669a59",
    scenario: deferredRemoval,
    schedule: "0* 1@cb_lock 2* 1@drain 2* 1*",
    mutation: wakesEarly("remove"),
  },
  {
    id: "removal-does-not-wait",
    rule: "K-I17",
    changes: "a removal from a frozen tree returns at once, and its notifier is called back",
    source: "K-S13; peer-7",
    scenario: scenario({
      programs: [[near, far], section(1, 8, 12), [remove(N)], section(2, 0, 4)],
    }),
    schedule: "0* 1@cb_lock 2* 3* 1*",
    mutation: removesWithoutWaiting,
  },
  {
    id: "removal-returns-before-epoch-ends",
    rule: "K-I18",
    changes: "a removal from a frozen tree returns at once",
    source: "K-S13; peer-7",
    scenario: deferredRemoval,
    schedule: whileFrozen,
    mutation: removesWithoutWaiting,
  },
  {
    id: "walk-reaches-new-notifier",
    rule: "K-I21",
    changes: "an insert enters a tree that a region is walking, ahead of the walk",
    source: "K-S10",
    scenario: scenario({ programs: [[near], section(1, 0, 12), [far]] }),
    schedule: "0* 1@cb_unlock 2* 1*",
    mutation: insertsAtOnce,
  },
  {
    id: "woken-before-drain",
    rule: "K-I14",
    changes: "a reader of a pending insert is woken before the insert is applied",
    source: "K-S14, stale frame",
    scenario: scenario({
      programs: [[far], section(1, 8, 12), [near, fault(N)], section(2, 0, 4)],
    }),
    schedule: "0* 1@cb_lock 2* 1@drain 2* 3* 1*",
    mutation: wakesEarly("any"),
  },
  {
    id: "removed-before-cleared",
    rule: "K-I14",
    changes: "a notifier is removed before its device entries are cleared",
    source: "peer-9",
    scenario: scenario({ programs: [[near], [fault(N), remove(N)], section(1, 0, 4)] }),
    schedule: "0* 1@remove_return 2* 1*",
    mutation: clearsLate,
  },
  {
    id: "end-wakes-nobody",
    rule: "K-I33",
    changes: "the last END does not wake",
    source: "K-I33, the wake dropped",
    scenario: scenario({ programs: [[near], section(1, 0, 4), [fault(N)]] }),
    schedule: "0* 1@cpu_change 2* 1* 2*",
    mutation: drops("wake_up_all"),
  },
];
