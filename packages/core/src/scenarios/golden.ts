/**
 * The golden traces K-G1 to K-G8 of protocol.md part 12: their scenarios, and the run that each tells.
 *
 * The runs are schedules (replay/explore/schedule.ts): the number of the task that moves at each step,
 * a letter in upper case where it refuses. A test compares them with the tables row by row.
 */
import {
  A,
  B,
  clear,
  fault,
  INSERT_M,
  INSERT_N,
  type Litmus,
  litmus,
  N,
  NONBLOCK,
  register,
  remove,
  start,
} from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";

function golden(test: Omit<Litmus, "source" | "countFrames"> & { told: string }): NamedScenario {
  return litmus({ ...test, source: "protocol.md part 12", countFrames: true });
}

/** The traces. */
export const GOLDEN_TRACES: readonly NamedScenario[] = [
  golden({
    name: "K-G1",
    title: "Collision: the reader began first, the callback came before its retry check",
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], A: clear(A, 0, 4) },
    told: "1122222111122111111",
  }),
  golden({
    name: "K-G2",
    title: "A legal store between START and the callback",
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], A: clear(A, 0, 4) },
    told: "1121111222222",
  }),
  golden({
    name: "K-G3",
    title: "Two regions, one epoch: N waits for the far region",
    setUp: [INSERT_N, INSERT_M],
    tasks: { R: [fault(N)], A: clear(A, 0, 4), B: clear(B, 8, 12) },
    told: "222223333322133111111",
  }),
  golden({
    name: "K-G4",
    title: "An insertion into a frozen tree is deferred, then applied",
    setUp: [INSERT_M],
    tasks: { A: clear(A, 0, 12), I: [INSERT_N, fault(N)] },
    told: "122111111222222",
  }),
  golden({
    name: "K-G5",
    title: "An insertion while a region is open that overlapped nothing",
    setUp: [INSERT_M],
    tasks: { A: clear(A, 0, 4), I: [INSERT_N, fault(N)] },
    told: "12211222222",
  }),
  golden({
    name: "K-G6",
    title: "A removal while frozen: still called back, then freed",
    setUp: [INSERT_N, INSERT_M],
    tasks: { X: [remove(N)], A: clear(A, 0, 4), B: clear(B, 8, 12) },
    told: "3111122222223333331",
  }),
  golden({
    name: "K-G7",
    title: "A non-blockable region is refused and rolled back",
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], A: clear(A, 0, 4, NONBLOCK) },
    told: "11122211122",
  }),
  golden({
    name: "K-G8",
    title: "A refusal by the plain list leaks the count, and the next insertion's reader hangs",
    setUp: [INSERT_M, register(1)],
    tasks: { A: [start(A, 0, 4, NONBLOCK)], I: [INSERT_N, fault(N)] },
    told: "1R22",
    shows: {
      rule: "K-I3",
      claim:
        "The same as K-P9, where nothing overlaps: the sequence stays even, and the next insertion makes it odd for ever.",
    },
  }),
];
