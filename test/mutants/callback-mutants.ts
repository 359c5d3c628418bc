/**
 * Mutants of the invalidation itself and of the driver's callback.
 */
import type { EventBody, PageEntry } from "@mmreplay/events";
import { type Mutant, nothing } from "../support/mutant.ts";
import { fault, insert, N, populate, scenario, section } from "../support/operations.ts";
import type { Mutation } from "../support/run.ts";

const near = insert(N, 0, 4);

/** One reader, one region over its pages. */
const collision = scenario({ programs: [[near], [fault(N)], section(1, 0, 4)] });
const refusing = scenario({
  driver: { nonblock: "refuse" },
  programs: [[near], section(1, 0, 4, { blockable: false })],
});

/** The change of page 0 is moved beside START, and left out where it belongs. */
function changesPages(when: "before START" | "after START"): () => Mutation {
  return () => ({
    rewrite(body, state) {
      if (body.type === "cpu_pte_change") return [nothing(body)];
      if (body.type !== "mmu_notifier_invalidate_range_start") return [body];
      const entries: PageEntry[] = [[0, state.mms[0]?.nextFrame ?? 0]];
      const { task, mm } = body;
      const change = { type: "cpu_pte_change", task, mm, entries } as const;
      if (when === "before START") return [{ ...change, region: null }, body];
      return [body, { ...change, region: body.region }];
    },
  });
}

/** What was to fill absent entries takes page 0 away, and tells nobody. */
const collapsesSilently = (): Mutation => ({
  rewrite(body) {
    if (body.type !== "handle_mm_fault" || body.goto === undefined) return [body];
    const { task, mm, goto } = body;
    return [{ type: "cpu_pte_change", task, mm, region: null, entries: [[0, 0]], goto }];
  },
});

/** The callback tries its lock whatever the region allows. */
const alwaysTries = (): Mutation => ({
  ignores: ["driver_lock"],
  rewrite(body, state) {
    if (body.type !== "driver_lock" || state.mirrors[0]?.lock === null) return [body];
    const { task, mirror } = body;
    return [{ type: "driver_trylock_fail", task, mirror, goto: "cb_fail" }];
  },
});

/** The callback answers false and keeps the lock. */
const keepsLock = (): Mutation => ({
  rewrite(body): readonly EventBody[] {
    if (body.type !== "driver_trylock_fail") return [body];
    return [{ ...body, type: "driver_lock" }];
  },
});

/** The region is a migration by the mirror's own device, and its callback leaves it alone. */
const skipsOwnMigration = (): Mutation => ({
  rewrite(body) {
    if (body.type === "mmu_notifier_invalidate_range_start") {
      return [{ ...body, event: "MIGRATE", owner: 0 }];
    }
    return [body.type === "invalidate" ? { ...body, goto: "cb_return" } : body];
  },
});

/** Mutants of regions and callbacks. */
export const CALLBACK_MUTANTS: readonly Mutant[] = [
  {
    id: "no-set-seq",
    rule: "K-I12",
    changes: "the callback omits set_seq",
    source: "K-S4; peer-3",
    scenario: collision,
    schedule: "0* 2* 1*",
    bug: "no_set_seq",
  },
  {
    id: "own-migration-skipped",
    rule: "K-I12",
    changes: "the callback skips its own device's MIGRATE, set_seq included",
    source: "K-Z29",
    scenario: collision,
    schedule: "0* 1@fault_lock 2* 1*",
    mutation: skipsOwnMigration,
  },
  {
    id: "stale-by-own-migration",
    rule: "K-I14",
    changes: "the callback skips its own device's MIGRATE, set_seq included",
    source: "K-Z29",
    scenario: collision,
    schedule: "0* 1@fault_lock 2* 1*",
    mutation: skipsOwnMigration,
  },
  {
    id: "stale-by-no-set-seq",
    rule: "K-I14",
    changes: "the callback omits set_seq",
    source: "K-S4; peer-3",
    scenario: collision,
    schedule: "0* 1@fault_lock 2@cpu_change 1* 2*",
    bug: "no_set_seq",
  },
  {
    id: "zap-postponed",
    rule: "K-I14",
    changes: "the callback sets the sequence and clears nothing",
    source: "K-Z20",
    scenario: collision,
    schedule: "0* 1* 2*",
    bug: "callback_clears_nothing",
  },
  {
    id: "set-seq-after-unlock",
    rule: "K-I14",
    changes: "set_seq comes after the driver's unlock",
    source: "K-S5",
    scenario: collision,
    schedule: "0* 1@fault_lock 2@cb_set_seq 1* 2*",
    bug: "set_seq_after_unlock",
  },
  {
    id: "callback-without-lock",
    rule: "K-I14",
    changes: "the callback takes no lock, so it runs between check and store",
    source: "vectors, callback_without_lock",
    scenario: collision,
    schedule: "0* 1@fault_store 2@cpu_change 1* 2*",
    bug: "callback_without_lock",
  },
  {
    id: "pte-change-before-start",
    rule: "K-I15",
    changes: "a page table entry changes before START",
    source: "K-S8",
    scenario: collision,
    schedule: "0* 1* 2*",
    mutation: changesPages("before START"),
  },
  {
    id: "collapse-without-region",
    rule: "K-I15",
    changes: "a collapse takes a page away without any region",
    source: "K-Z8, f268f6cf875f",
    scenario: scenario({ programs: [[near], [fault(N)], section(1, 0, 4), [populate(0, 1)]] }),
    schedule: "0* 1* 3* 2*",
    mutation: collapsesSilently,
  },
  {
    id: "pte-change-before-callbacks",
    rule: "K-I16",
    changes: "a page table entry changes between START and the callbacks",
    source: "mmu_notifier.rst, case A",
    scenario: collision,
    schedule: "0* 1* 2*",
    mutation: changesPages("after START"),
  },
  {
    id: "refusal-keeps-lock",
    rule: "K-I22",
    changes: "the callback takes the lock, answers false and does not unlock",
    source: "K-Z16, 7608bf40cf24",
    scenario: refusing,
    schedule: "0* 1*",
    mutation: keepsLock,
  },
  {
    id: "trylock-in-blockable-region",
    rule: "K-I23",
    changes: "the callback only tries its lock, in a blockable region, too",
    source: "K-I23, misuse callback_false_when_blockable",
    scenario: collision,
    schedule: "0* 1@fault_store 2@cpu_change 1* 2*",
    mutation: alwaysTries,
  },
];
