/**
 * The presets of protocol.md part 11 that concern one mm and one mirror.
 *
 * K-P10 is among the scenarios of memory; K-P11, K-P12 and K-P13 are in migration.ts.
 */
import { seq } from "@mmreplay/events";
import { K_I14_AT_REST } from "../rules/at-rest.ts";
import type { Rule } from "../rules/rule.ts";
import {
  A,
  B,
  C,
  clear,
  EXIT,
  fault,
  INSERT_M,
  INSERT_N,
  insert,
  litmus,
  M,
  N,
  NONBLOCK,
  P,
  register,
  remove,
  start,
} from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";

const source = "protocol.md part 11";

/** The presets. */
export const PRESETS: readonly NamedScenario[] = [
  litmus({
    name: "K-P1",
    title: "A reader and one CLEAR of its page",
    source,
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], A: clear(A, 0, 4) },
  }),
  litmus({
    name: "K-P2",
    title: "A reader and two CLEARs of its page that may overlap in time",
    source,
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], A: clear(A, 0, 4), B: clear(B, 0, 4) },
  }),
  litmus({
    name: "K-P3",
    title: "A reader, a CLEAR of its page and a CLEAR of another notifier's",
    source,
    setUp: [INSERT_N, INSERT_M],
    tasks: { R: [fault(N)], A: clear(A, 0, 4), B: clear(B, 8, 12) },
  }),
  litmus({
    name: "K-P4",
    title: "An insertion and its first reader while the tree is frozen (case D)",
    source,
    setUp: [INSERT_M],
    tasks: { A: clear(A, 0, 12), I: [INSERT_N, fault(N)] },
  }),
  litmus({
    name: "K-P5",
    title: "An insertion and its first reader while a region is open that hit nothing (case E)",
    source,
    setUp: [INSERT_M],
    tasks: { A: clear(A, 0, 4), I: [INSERT_N, fault(N)] },
  }),
  litmus({
    name: "K-P6",
    title: "A removal while the tree may be frozen, beside a region that calls its notifier back",
    source,
    setUp: [INSERT_N, INSERT_M],
    tasks: { A: clear(A, 0, 4), B: clear(B, 8, 12), X: [fault(N), remove(N)] },
  }),
  litmus({
    name: "K-P7",
    title: "An insertion and a removal while the tree is frozen: N never enters it",
    source,
    setUp: [INSERT_M],
    tasks: { A: clear(A, 8, 12), B: clear(B, 0, 4), I: [INSERT_N, remove(N)] },
  }),
  litmus({
    name: "K-P8",
    title: "An OOM reaper that may be refused (-EAGAIN) and tries again, and a reader",
    source,
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], A: [...clear(A, 0, 4, NONBLOCK), ...clear(B, 0, 4, NONBLOCK)] },
  }),
  litmus({
    name: "K-P9",
    title: "A plain notifier refuses after the interval part has accepted, and a reader waits",
    source: `${source}; K-Z28`,
    setUp: [INSERT_N, register(1)],
    tasks: { A: [start(A, 0, 4, NONBLOCK)], R: [fault(N)] },
    shows: {
      rule: "K-I3",
      claim:
        "The model of Linux 6.1 reaches it: range_start returns -EAGAIN and the region still counts, so later waits do not end. No upstream report is known; nothing is claimed about other versions, or how likely it is.",
    },
  }),
  litmus({
    name: "race/migrate",
    title: "A reader and a migration of its page: is a device entry ever stale at rest?",
    source: `${source}; K-Z29`,
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], A: clear(A, 0, 4, { event: "MIGRATE" }) },
    // The callback of a mutant may skip set_seq; what is asked is what comes of it.
    rules: [K_I14_AT_REST as Rule],
  }),
  litmus({
    name: "K-P14",
    title: "The exit with an insertion that is still pending",
    source,
    setUp: [INSERT_M],
    tasks: { A: clear(A, 8, 9), I: [INSERT_N, fault(N)], E: [EXIT] },
  }),
  litmus({
    name: "K-P15",
    title: "Three CLEARs that may chain into one epoch: the reader sleeps through, and goes on",
    source,
    setUp: [INSERT_N],
    tasks: { R: [fault(N)], A: clear(A, 0, 4), B: clear(B, 0, 4), C: clear(C, 0, 4) },
  }),
  litmus({
    name: "K-P16",
    title: "The sequence wraps: modulo 8, from 6 on, under a reader, two CLEARs and an insertion",
    source,
    seqModulus: 8,
    setUp: [INSERT_M, { op: "preset_seq", seq: seq(6) }, INSERT_N],
    tasks: {
      R: [fault(N)],
      A: [...clear(A, 0, 4), ...clear(B, 0, 4)],
      I: [insert(P, 6, 7), remove(M)],
    },
  }),
];
