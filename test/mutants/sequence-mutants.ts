/**
 * Mutants of the numbers: the mm's sequence, the active count, the notifiers' own sequences.
 */
import { isOdd, type State } from "@mmreplay/core";
import type { EventBody, Seq } from "@mmreplay/events";
import { aside, type Mutant, nothing, subsOf } from "../support/mutant.ts";
import {
  change,
  end,
  fault,
  insert,
  M,
  N,
  register,
  scenario,
  section,
  start,
} from "../support/operations.ts";
import type { Mutation } from "../support/run.ts";

const far = insert(M, 8, 12);
const near = insert(N, 0, 4);

/** Two regions that overlap in time; the first ends while the second is open. */
const two = scenario({ programs: [[near, far], section(1, 0, 4), section(2, 8, 12)] });
const firstEndsFirst = "0* 1@cpu_change 2@cpu_change 1* 2*";

/** A region that hits nothing is open while N is inserted and read. */
const insertedInside = scenario({ programs: [[far], section(1, 0, 4), [near, fault(N)]] });
const insertThenEnd = "0* 1@cpu_change 2* 1*";

/** At an END that is not the last one of an odd epoch. */
function atEarlyEnd(change: (subs: ReturnType<typeof subsOf>) => void): () => Mutation {
  return () => ({
    patch(state, event, before) {
      if (event.type !== "mn_itree_inv_end") return;
      const was = subsOf(before);
      if (was.active > 1 && isOdd(was.seq)) change(subsOf(state));
    },
  });
}

/** At a successful insertion: the notifier's new number, from the mm's number before. */
function insertSets(choose: (seq: number, active: number) => number | undefined): () => Mutation {
  return () => ({
    patch(state, event, before) {
      if (event.type !== "mmu_interval_notifier_insert" || event.rc !== 0) return;
      const { seq, active } = subsOf(before);
      const chosen = choose(seq, active);
      const notifier = state.notifiers[event.notifier];
      if (chosen !== undefined && notifier !== undefined) notifier.seq = chosen as Seq;
    },
  });
}

/** A driver hands set_seq to a worker, which is late by one region. */
function lateSetSeq(): Mutation {
  let late: EventBody | undefined;
  return {
    rewrite(body) {
      if (body.type !== "mmu_interval_set_seq") return [body];
      if (late !== undefined) return [body, late];
      late = aside(body);
      return [nothing(body)];
    },
  };
}

/** Each callback is given the mm's number of its own moment. */
function rereadSeq(): Mutation {
  const bump = atEarlyEnd((subs) => {
    subs.seq = (subs.seq + 2) as Seq;
  })();
  return {
    ...bump,
    rewrite: (body, state) =>
      body.type === "invalidate" ? [{ ...body, seq: subsOf(state).seq }] : [body],
  };
}

const refusesPlain = (body: EventBody): readonly EventBody[] =>
  body.type === "mn_hlist_invalidate_range_start"
    ? [{ ...body, rc: -11, goto: "start_plain_unlock" }]
    : [body];

/** No count is undone where the start was refused. */
const keepsCount = (body: EventBody, state: State): readonly EventBody[] => {
  if (body.type !== "mn_itree_inv_end") return [body];
  const region = state.mms[0]?.regions[body.region];
  return region?.phase === "starting" ? [nothing(body, "start_return_eagain")] : [body];
};

const plainRefusal = scenario({
  programs: [[near, register(1)], section(1, 0, 4, { blockable: false })],
});

/** Mutants of the sequence and of the counts. */
export const SEQUENCE_MUTANTS: readonly Mutant[] = [
  {
    id: "every-end-bumps-by-two",
    rule: "K-I1",
    changes: "every END of an odd epoch adds 2 to the sequence",
    source: "K-S9, kept odd",
    scenario: two,
    schedule: firstEndsFirst,
    mutation: atEarlyEnd((subs) => {
      subs.seq = (subs.seq + 2) as Seq;
    }),
  },
  {
    id: "end-counts-twice",
    rule: "K-I2",
    changes: "an END subtracts 2 from the active count",
    source: "a duplicated END, K-Z2",
    scenario: two,
    schedule: firstEndsFirst,
    mutation: atEarlyEnd((subs) => {
      subs.active -= 1;
    }),
  },
  {
    id: "plain-refusal-leaks",
    rule: "K-I3",
    changes: "a plain notifier refuses after the interval part has accepted",
    source: "K-Z28",
    scenario: plainRefusal,
    schedule: "0* 1*",
    mutation: () => ({ rewrite: refusesPlain }),
  },
  {
    id: "early-end-makes-even",
    rule: "K-I4",
    changes: "an END makes the sequence even although a region is still open",
    source: "K-S9, made even early; peer-6",
    scenario: two,
    schedule: firstEndsFirst,
    mutation: atEarlyEnd((subs) => {
      subs.seq = (subs.seq + 1) as Seq;
    }),
  },
  {
    id: "partial-insert-stays-even",
    rule: "K-I8",
    changes: "an insert while a region is open that hit nothing does not make the sequence odd",
    source: "K-S12",
    scenario: insertedInside,
    schedule: insertThenEnd,
    mutation: () => ({
      patch(state, event, before) {
        if (event.type !== "mmu_interval_notifier_insert") return;
        const { seq, active } = subsOf(before);
        const notifier = state.notifiers[event.notifier];
        if (active === 0 || isOdd(seq) || notifier === undefined) return;
        notifier.seq = seq;
        subsOf(state).seq = seq;
      },
    }),
  },
  {
    id: "idle-insert-runs-ahead",
    rule: "K-I9",
    changes: "an insert on an idle mm takes the number after the mm's",
    source: "K-I9, a case-I insert gives S-1",
    scenario: scenario({ programs: [[far], [near, fault(N)]] }),
    schedule: "0* 1*",
    mutation: insertSets((seq, active) => (active === 0 ? seq + 1 : undefined)),
  },
  {
    id: "idle-insert-takes-mm-seq",
    rule: "K-I9",
    changes: "an insert on an idle mm takes the mm's own number",
    source: "peer-5",
    scenario: scenario({ programs: [[far], [near, fault(N)]] }),
    schedule: "0* 1*",
    mutation: insertSets((seq, active) => (active === 0 ? seq : undefined)),
  },
  {
    id: "set-seq-by-a-late-worker",
    rule: "K-I10",
    changes: "a driver hands set_seq to a worker that is late by one region",
    source: "K-I10, a queued set_seq",
    scenario: scenario({ programs: [[near], [...section(1, 0, 4), ...section(2, 0, 4)]] }),
    schedule: "0* 1*",
    mutation: lateSetSeq,
  },
  {
    id: "callbacks-read-seq-anew",
    rule: "K-I11",
    changes: "each callback of a region is given the mm's number of its own moment",
    source: "K-S9, kept odd, without cur_seq",
    scenario: scenario({ programs: [[near, far], section(1, 0, 12), section(2, 5, 6)] }),
    schedule: "0* 1@cb_unlock 2* 1*",
    mutation: rereadSeq,
  },
  {
    id: "partial-insert-takes-old-seq",
    rule: "K-I20",
    changes: "an insert while a region is open takes a number that does not collide",
    source: "K-S11; peer-4",
    scenario: insertedInside,
    schedule: insertThenEnd,
    mutation: insertSets((seq, active) => (active > 0 ? seq - 1 : undefined)),
  },
  {
    id: "refusal-keeps-count",
    rule: "K-I24",
    changes: "a start that a callback refused is not uncounted",
    source: "K-S15, K-Z4",
    scenario: scenario({
      driver: { nonblock: "refuse" },
      programs: [[near], [start(1, 0, 4, { blockable: false }), change(1), end(1)]],
    }),
    schedule: "0* 1*",
    mutation: () => ({ rewrite: keepsCount }),
  },
  {
    id: "plain-refusal-breaks-promise",
    rule: "K-I24",
    changes: "a plain notifier refuses after the interval part has accepted",
    source: "K-Z28",
    scenario: scenario({
      programs: [
        [near, register(1)],
        [...section(1, 0, 4, { blockable: false }), ...section(2, 0, 4, { blockable: false })],
        [fault(N)],
      ],
    }),
    // The first region is refused by a busy lock, as it should be; the second by the plain list.
    schedule: "0* 2@fault_store 1:5 2* 1*",
    mutation: () => ({ rewrite: refusesPlain }),
  },
];
