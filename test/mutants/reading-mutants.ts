/**
 * Mutants of the reader: read_begin, the page walk, the retry check, the store.
 */
import { isOdd } from "@mmreplay/core";
import type { EventBody, PageEntry } from "@mmreplay/events";
import { aside, type Mutant, nothing, subsOf } from "../support/mutant.ts";
import { exit, fault, insert, M, N, populate, scenario, section } from "../support/operations.ts";
import type { Mutation } from "../support/run.ts";

const far = insert(M, 8, 12);
const near = insert(N, 0, 4);

/** One reader, one region over its pages. */
const collision = scenario({ programs: [[near], [fault(N)], section(1, 0, 4)] });

/** The reader's CPU touches page 0 first. */
const touching = scenario({ programs: [[near], [populate(0, 1), fault(N)], section(1, 0, 4)] });

/** read_begin does not sleep. */
const neverSleeps = (): Mutation => ({
  rewrite: (body) =>
    body.type === "mmu_interval_read_begin" && body.waits === true
      ? [{ ...body, waits: false, goto: "fault_cpu_read" }]
      : [body],
});

/** read_begin sleeps whenever the sequence is odd. */
const sleepsOnParity = (): Mutation => ({
  rewrite: (body, state) =>
    body.type === "mmu_interval_read_begin" && isOdd(subsOf(state).seq)
      ? [{ ...body, waits: true, goto: "read_begin_wake" }]
      : [body],
});

/** The pages are looked up when the reader's CPU touches them, before read_begin. */
function looksUpFirst(): Mutation {
  let entries: PageEntry[] = [];
  return {
    rewrite(body, state) {
      if (body.type === "handle_mm_fault" && body.goto !== undefined) {
        entries = [[0, state.mms[0]?.cpu.leaves["0"]?.[0] ?? 0]];
        const { task } = body;
        return [body, { type: "hmm_vma_handle_pte", task, notifier: N, entries: [...entries] }];
      }
      return [body.type === "hmm_vma_handle_pte" ? nothing(body) : body];
    },
    patch(state, event) {
      const section = state.tasks[event.task]?.section;
      if (event.type === "task_skip" && section) section.entries = entries;
    },
  };
}

/** read_begin reads the mm's number first, without a lock, and the notifier's later. */
function readsTwice(): Mutation {
  let early: number | null = null;
  return {
    rewrite(body, state) {
      if (body.type === "handle_mm_fault" && body.goto !== undefined) early = subsOf(state).seq;
      if (body.type !== "mmu_interval_read_begin" || early === null) return [body];
      const waits = body.seq === early;
      early = null;
      return [{ ...body, waits, goto: waits ? "read_begin_wake" : "fault_cpu_read" }];
    },
  };
}

/** The driver's lock is taken around the whole pass. */
const locksEarly = (): Mutation => ({
  rewrite(body) {
    if (body.type !== "mmu_interval_read_begin") return [body];
    return [
      { type: "driver_lock", task: body.task, mirror: 0 as EventBody<"driver_lock">["mirror"] },
      body,
    ];
  },
});

/** A worker of the driver, which takes no user of the mm, stores its entries again. */
function storesAfterRelease(): Mutation {
  let stored: EventBody | undefined;
  return {
    rewrite(body, state) {
      if (body.type === "device_map") stored = aside(body);
      const ends = body.type === "mmu_notifier_invalidate_range_end" ? body.region : undefined;
      const region = ends === undefined ? undefined : state.mms[0]?.regions[ends];
      return region?.event === "RELEASE" && stored !== undefined ? [body, stored] : [body];
    },
  };
}

/** Mutants of the reader. */
export const READING_MUTANTS: readonly Mutant[] = [
  {
    id: "read-begin-does-not-wait",
    rule: "K-I13",
    changes: "read_begin does not wait",
    source: "K-S3",
    scenario: collision,
    schedule: "0* 2@cpu_change 1* 2* 1*",
    mutation: neverSleeps,
  },
  {
    id: "read-begin-returns-early",
    rule: "K-I19",
    changes: "read_begin does not wait",
    source: "K-S3",
    scenario: collision,
    schedule: "0* 2@cpu_change 1* 2* 1*",
    mutation: neverSleeps,
  },
  {
    id: "read-begin-waits-for-parity",
    rule: "K-I19",
    changes: "read_begin waits whenever the sequence is odd, not only where its notifier was hit",
    source: "part 9 no. 5",
    scenario: scenario({ programs: [[near, far], [fault(N)], section(1, 8, 12)] }),
    schedule: "0* 2@cpu_change 1* 2* 1*",
    mutation: sleepsOnParity,
  },
  {
    id: "read-begin-without-lock",
    rule: "K-I13",
    changes: "read_begin reads the mm's number without the lock, before the notifier's",
    source: "K-S16",
    scenario: touching,
    schedule: "0* 1 2@cpu_change 1* 2* 1*",
    mutation: readsTwice,
  },
  {
    id: "no-retry-check",
    rule: "K-I14",
    changes: "the reader never calls read_retry",
    source: "K-S1; peer-1",
    scenario: collision,
    schedule: "0* 1@fault_lock 2@cpu_change 1* 2*",
    bug: "no_retry_check",
  },
  {
    id: "retry-check-before-lock",
    rule: "K-I26",
    changes: "read_retry is called before the driver's lock is taken",
    source: "K-S2, K-Z18; peer-2",
    scenario: collision,
    schedule: "0* 1* 2*",
    bug: "retry_check_before_lock",
  },
  {
    id: "stale-by-retry-check-before-lock",
    rule: "K-I14",
    changes: "read_retry is called before the driver's lock is taken",
    source: "K-S2; peer-2",
    scenario: collision,
    schedule: "0* 1@fault_lock 2@cpu_change 1* 2*",
    bug: "retry_check_before_lock",
  },
  {
    id: "lookup-before-read-begin",
    rule: "K-I27",
    changes: "the pages are looked up before read_begin",
    source: "K-S7, K-Z12",
    scenario: touching,
    schedule: "0* 1 2* 1*",
    mutation: looksUpFirst,
  },
  {
    id: "stale-by-lookup-before-read-begin",
    rule: "K-I14",
    changes: "the pages are looked up before read_begin",
    source: "K-S7",
    scenario: touching,
    schedule: "0* 1 2* 1*",
    mutation: looksUpFirst,
  },
  {
    id: "lock-held-over-read-begin",
    rule: "K-I28",
    changes: "the driver's lock is taken before read_begin",
    source: "K-I28; part 9 no. 13",
    scenario: collision,
    schedule: "0* 1* 2*",
    mutation: locksEarly,
  },
  {
    id: "store-after-release",
    rule: "K-I31",
    changes: "a worker that takes no user of the mm stores entries after the release",
    source: "K-I31, mmget_not_zero left out",
    scenario: scenario({ programs: [[near], [fault(N)], [exit]] }),
    schedule: "0* 1* 2*",
    mutation: storesAfterRelease,
  },
  {
    id: "retry-reuses-seq",
    rule: "K-I13",
    changes: "after a collision the notifier's number is taken as it stands, without read_begin",
    source: "vectors, retry_reuses_old_seq",
    scenario: collision,
    schedule: "0* 1@fault_lock 2@cpu_change 1* 2*",
    bug: "retry_reuses_old_seq",
  },
];
