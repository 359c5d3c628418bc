/**
 * Races that the presets leave out, each small enough to be searched whole.
 *
 * They are where mutants show, and ask the unchanged model what the presets do not: several pending
 * insertions, the first registration, regions that nest in one thread, two readers, the plain list.
 */
import {
  A,
  B,
  C,
  change,
  clear,
  EXIT,
  end,
  fault,
  INSERT_M,
  INSERT_N,
  insert,
  litmus,
  M,
  N,
  NONBLOCK,
  P,
  populate,
  register,
  remove,
  start,
  unregister,
} from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";

const own = "mmreplay";

/** The interval part. */
const INTERVAL_RACES: readonly NamedScenario[] = [
  litmus({
    name: "race/two-readers",
    title: "Two readers of one page under one driver lock, and a CLEAR",
    source: own,
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], S: [fault(N)], A: clear(A, 0, 4) },
  }),
  litmus({
    name: "race/nested",
    title: "Regions that nest in one thread, as a huge page split inside mprotect does",
    source: "protocol.md part 9, 25",
    setUp: [INSERT_N],
    tasks: {
      R: [fault(N)],
      A: [start(A, 0, 4, { event: "PROTECTION_VMA" }), ...clear(B, 0, 2), change(A), end(A)],
    },
  }),
  litmus({
    name: "race/walk",
    title: "An insertion ahead of a walk over the tree",
    source: "protocol.md part 3, K-I21",
    setUp: [INSERT_N],
    tasks: { A: clear(A, 0, 12), I: [INSERT_M] },
  }),
  litmus({
    name: "race/two-insertions",
    title: "Two insertions that may both be pending when the epoch ends",
    source: "protocol.md part 1.1, deferred_list",
    setUp: [INSERT_M],
    tasks: { A: clear(A, 8, 12), I: [INSERT_N], J: [insert(P, 4, 6)] },
  }),
  litmus({
    name: "race/pending-reader",
    title: "The reader of a pending insertion, and a region over it after the epoch",
    source: "protocol.md 8.3, K-S14",
    setUp: [INSERT_M],
    tasks: { A: clear(A, 8, 12), I: [INSERT_N, fault(N)], C: clear(C, 0, 4) },
  }),
  litmus({
    name: "race/removal",
    title: "A removal while the tree may be frozen, and nothing else",
    source: "319561669a59",
    setUp: [INSERT_N, INSERT_M],
    tasks: { A: clear(A, 8, 12), X: [remove(N)] },
  }),
  litmus({
    name: "race/first-insertion",
    title: "The first insertion of an mm, beside a region",
    source: "protocol.md part 3, K-I30",
    setUp: [],
    tasks: { A: clear(A, 0, 4), I: [INSERT_N, fault(N)] },
  }),
  litmus({
    name: "race/empty-insertion",
    title: "An insertion of an empty interval fails (-EOVERFLOW) and leaves nothing behind",
    source: "protocol.md 2.8",
    setUp: [INSERT_N],
    tasks: { I: [insert(M, 4, 4)], A: clear(A, 0, 4) },
  }),
  litmus({
    name: "race/populate",
    title: "CPU faults fill pages, a reader follows, a CLEAR takes them away",
    source: "f268f6cf875f",
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], H: [populate(0), populate(1)], A: clear(A, 0, 4) },
  }),
  litmus({
    name: "race/reaper-far",
    title: "An OOM reaper over two notifiers: the second may refuse after the first was cleared",
    source: "protocol.md part 9, 11",
    setUp: [INSERT_N, INSERT_M],
    tasks: { R: [fault(N)], X: [remove(M)], A: clear(A, 0, 12, NONBLOCK) },
  }),
  litmus({
    name: "race/exit-removal",
    title: "The exit and the removal of a notifier that outlives it",
    source: "protocol.md part 9, 24",
    setUp: [INSERT_N],
    tasks: { E: [EXIT], X: [remove(N)] },
  }),
];

/** The plain list. */
const PLAIN_RACES: readonly NamedScenario[] = [
  litmus({
    name: "plain/refusal",
    title: "A plain notifier may refuse a non-blockable region; another one was started before it",
    source: "c2655835fd8c",
    setUp: [register(1), register(0)],
    tasks: { A: clear(A, 0, 4, NONBLOCK), B: clear(B, 0, 4) },
  }),
  litmus({
    name: "plain/unregister",
    title: "A plain notifier is unregistered beside a region that may be calling it",
    source: "protocol.md 2.12",
    setUp: [register(0)],
    tasks: { A: clear(A, 0, 4), U: [unregister(0)] },
  }),
  litmus({
    name: "plain/exit",
    title: "A plain notifier is unregistered while the address space ends",
    source: "d34883d4e35c",
    setUp: [register(0), register(2)],
    tasks: { E: [EXIT], U: [unregister(0)] },
  }),
  litmus({
    name: "plain/both",
    title: "An interval notifier with a reader and a plain one on one mm, under one CLEAR",
    source: "protocol.md 2.11",
    setUp: [INSERT_N, register(0)],
    tasks: { R: [fault(N)], A: clear(A, 0, 4) },
  }),
];

/** All of them. */
export const RACES: readonly NamedScenario[] = [...INTERVAL_RACES, ...PLAIN_RACES];
