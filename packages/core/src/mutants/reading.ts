/**
 * Mutants of the reader: read_begin, the page walk, the retry check, the store.
 */
import type { EventOf, Seq } from "@mmreplay/events";
import { RECIPES } from "../engine/recipes.ts";
import { peekNotifier, taskOf } from "../state/state.ts";
import { FAULT_LABELS } from "../tasks/fault-program.ts";
import { type At, type MicroStep, type Move, move, SCENARIO_MM } from "../tasks/machine.ts";
import type { Operation } from "../tasks/operation.ts";
import type { ReadSection } from "../tasks/task.ts";
import type { Mutant } from "./mutant.ts";
import { led, looksWithoutLock, mirrorOfOperation, odd, waiting } from "./steps.ts";

type FaultAt = At<Extract<Operation, { op: "fault" }>>;

const notifierOf = (at: At) => (at as FaultAt).op.n;
const notifierSeq = (at: At): Seq => peekNotifier(at.state, notifierOf(at)).seq as Seq;
const section = (at: At): ReadSection => at.me.section as ReadSection;

/** read_begin that returns this number and sleeps or not. */
function readBegin(decide: (at: At) => { seq: Seq; waits: boolean }, then: string): MicroStep {
  return {
    run(at) {
      const { seq, waits } = decide(at);
      const type = "mmu_interval_read_begin" as const;
      const body = { type, mm: SCENARIO_MM, notifier: notifierOf(at), seq, waits };
      return move(at, waits ? "read_begin_wake" : then, body);
    },
  };
}

/** The first of two unlocked reads of read_begin. */
function firstRead(read: (at: At) => Seq): MicroStep {
  return {
    run: (at): Move =>
      move(at, "read_begin_second", {
        type: "read_seq_unguarded",
        notifier: notifierOf(at),
        seq: read(at),
      }),
  };
}

/** The number of the first read is kept where the read section's will be. */
function keepFirstRead(
  state: Parameters<(typeof RECIPES)["read_seq_unguarded"]>[0],
  event: EventOf<"read_seq_unguarded">,
): void {
  const { notifier, seq } = event;
  taskOf(state, event.task).section = { notifier, seq, entries: [], checked: null };
}

/** read_begin in two unlocked reads, the second of which decides. */
function twoReads(
  first: (at: At) => Seq,
  decide: (at: At) => { seq: Seq; waits: boolean },
): Pick<Mutant, "labels" | "recipes" | "points"> {
  return {
    points: ["read_begin_second"],
    labels: {
      fault_read_begin: firstRead(first),
      read_begin_second: readBegin(decide, "fault_cpu_read"),
      // The wait condition is looked at before the first sleep, so what has moved by then is seen.
      read_begin_wake: waiting(FAULT_LABELS["read_begin_wake"], looksWithoutLock),
    },
    recipes: { read_seq_unguarded: keepFirstRead },
  };
}

const mmSeq = (at: At): Seq => at.mm.subs?.seq as Seq;

/** The pages are looked up before read_begin, and kept. */
const LOOKS_UP_FIRST: Required<Pick<Mutant, "labels" | "recipes">> = {
  labels: {
    fault: led(FAULT_LABELS["fault"], (then) =>
      then === "fault_read_begin" ? "fault_cpu_read" : then,
    ),
    fault_cpu_read: led(FAULT_LABELS["fault_cpu_read"], (then) =>
      then === "fault_lock" ? "late_read_begin" : then,
    ),
    late_read_begin: led(FAULT_LABELS["fault_read_begin"], (then) =>
      then === "fault_cpu_read" ? "fault_lock" : then,
    ),
    read_begin_wake: led(FAULT_LABELS["read_begin_wake"], () => "fault_lock"),
    fault_retry: led(FAULT_LABELS["fault_retry"], () => "fault_cpu_read"),
  },
  recipes: {
    hmm_vma_handle_pte(state, event) {
      const seq = state.notifiers[event.notifier]?.seq as Seq;
      const fresh = { notifier: event.notifier, seq, entries: [], checked: null };
      taskOf(state, event.task).section = fresh;
      RECIPES.hmm_vma_handle_pte(state, event);
    },
    mmu_interval_read_begin(state, event) {
      const entries = taskOf(state, event.task).section?.entries ?? [];
      RECIPES.mmu_interval_read_begin(state, event);
      section({ me: taskOf(state, event.task) } as At).entries = entries;
    },
  },
};

/** The mutants of read_begin. */
const BEGIN_MUTANTS: readonly Mutant[] = [
  {
    id: "K-S3",
    title: "read_begin does not wait.",
    source: "protocol.md 8.3",
    scenario: "K-P1",
    rule: "K-I14",
    labels: {
      fault_read_begin: readBegin(
        (at) => ({ seq: notifierSeq(at), waits: false }),
        "fault_cpu_read",
      ),
    },
  },
  {
    id: "core-read-begin-by-parity",
    title: "read_begin waits whenever the sequence is odd, not only where its notifier was hit.",
    source: "protocol.md part 9, 5",
    scenario: "K-P3",
    rule: "K-I19",
    labels: {
      fault_read_begin: readBegin(
        (at) => ({ seq: notifierSeq(at), waits: odd(at) }),
        "fault_cpu_read",
      ),
    },
  },
  {
    id: "K-S16",
    title: "read_begin takes no lock and reads the mm's number first, then the notifier's.",
    source: "protocol.md 8.3",
    scenario: "K-P1",
    rule: "K-I14",
    ...twoReads(mmSeq, (at) => {
      const seq = notifierSeq(at);
      return { seq, waits: seq === section(at).seq };
    }),
  },
  {
    id: "K-S16-other-order",
    title: "read_begin takes no lock and reads the notifier's number first, then the mm's.",
    source: "protocol.md 8.3: safe, where memory is sequentially consistent",
    scenario: "K-P2",
    rule: null,
    breaksNothing: "observably-equivalent",
    ...twoReads(notifierSeq, (at) => {
      const { seq } = section(at);
      return { seq, waits: seq === mmSeq(at) };
    }),
  },
  {
    id: "K-S7",
    title: "The pages are looked up before read_begin.",
    source: "protocol.md 8.3",
    scenario: "K-P1",
    rule: "K-I14",
    ...LOOKS_UP_FIRST,
  },
  {
    id: "K-Z12",
    title: "The number is taken after the look-up whose result it is to protect.",
    source: "13ec9308a857, KVM's form of K-S7",
    scenario: "K-P1",
    rule: "K-I27",
    labels: LOOKS_UP_FIRST.labels,
  },
];

/** The mutants of the check and the store. */
const STORE_MUTANTS: readonly Mutant[] = [
  {
    id: "K-S1",
    title: "The reader never calls read_retry.",
    source: "protocol.md 8.3; peer-1",
    scenario: "K-P1",
    rule: "K-I14",
    driver: { bug: "no_retry_check" },
  },
  {
    id: "K-S2",
    title: "read_retry is called before the driver's lock is taken.",
    source: "protocol.md 8.3; peer-2",
    scenario: "K-P1",
    rule: "K-I14",
    driver: { bug: "retry_check_before_lock" },
  },
  {
    id: "K-Z18",
    title: "The reader checks and stores without the driver's lock.",
    source: "f95f51a4c335",
    scenario: "K-P1",
    rule: "K-I14",
    labels: {
      fault_cpu_read: led(FAULT_LABELS["fault_cpu_read"], (then) =>
        then === "fault_lock" ? "fault_retry_check" : then,
      ),
      fault_retry_check: led(FAULT_LABELS["fault_retry_check"], (then) =>
        then === "fault_unlock_retry" ? "fault_retry" : then,
      ),
      fault_store: led(FAULT_LABELS["fault_store"], () => "fault_stored"),
    },
  },
  {
    id: "driver-retry-reuses-seq",
    title: "After a collision the notifier's number is taken as it stands, without read_begin.",
    source: "../shared/vectors, retry_reuses_old_seq",
    scenario: "K-P1",
    rule: "K-I13",
    driver: { bug: "retry_reuses_old_seq" },
  },
  {
    id: "driver-lock-over-read-begin",
    title: "The driver's lock is taken before read_begin.",
    source: "protocol.md part 3, K-I28; part 9, 13",
    scenario: "K-P1",
    rule: "K-I28",
    labels: {
      fault: led(FAULT_LABELS["fault"], (then) =>
        then === "fault_read_begin" ? "fault_lock_early" : then,
      ),
      fault_lock_early: {
        ...(FAULT_LABELS["fault_lock"] as MicroStep),
        run: (at) =>
          move(at, "fault_read_begin", { type: "driver_lock", mirror: mirrorOfOperation(at) }),
      },
    },
    points: ["fault_lock_early"],
  },
];

/** The mutants that try again and get nowhere. */
const ENDLESS_MUTANTS: readonly Mutant[] = [
  {
    id: "K-Z27",
    title: "A fault that finds the mm without users reports success, so its caller tries again.",
    source: "lib/test_hmm.c, an early dmirror_fault: 0 where mmget_not_zero fails",
    scenario: "K-P14",
    rule: "no-progress",
    labels: {
      fault_not_present: led(FAULT_LABELS["fault_not_present"], (then, { mm }) =>
        mm.users === 0 ? "start" : then,
      ),
    },
  },
  {
    id: "driver-retry-keeps-seq",
    title: "After a collision the reader checks again with the number that it has.",
    source: "Documentation/mm/hmm.rst: a collision leads back to mmu_interval_read_begin",
    scenario: "K-P1",
    rule: "no-progress",
    labels: {
      fault_unlock_retry: led(FAULT_LABELS["fault_unlock_retry"], (then) =>
        then === "fault_retry" ? "fault_lock" : then,
      ),
    },
  },
];

/** All of them. */
export const READING_MUTANTS: readonly Mutant[] = [
  ...BEGIN_MUTANTS,
  ...STORE_MUTANTS,
  ...ENDLESS_MUTANTS,
];
