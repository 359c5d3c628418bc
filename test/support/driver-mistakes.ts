/**
 * The classical mistakes of a driver, each as one change to a driver that is right, and what finds it.
 */
import { type Driver, type DriverDefinition, defineDriver } from "@mmreplay/core";

/** One mistake. */
export interface DriverMistake {
  readonly driver: Driver;
  /** The rule that it breaks, and the scenario and length of the shortest run that does. */
  readonly rule: string;
  readonly scenario: string;
  readonly length: number;
}

type Definition = DriverDefinition<string, string, string>;
type FaultPath = Driver["faultPath"];
type Invalidate = Driver["invalidate"];

const FAULT_PATH: Definition["faultPath"] = {
  start: { do: "read_begin", next: "walk" },
  walk: { do: "look_up", next: "lock" },
  lock: { do: "lock", next: "check" },
  check: { do: "read_retry", next: "store", retry: "unlockAgain" },
  store: { do: "map", next: "unlock" },
  unlock: { do: "unlock", next: "done" },
  done: { do: "return", result: "stored" },
  unlockAgain: { do: "unlock", next: "again" },
  again: { do: "retry", next: "start" },
};

const INVALIDATE: Definition["invalidate"] = {
  start: ({ blockable }) =>
    blockable ? { do: "lock", next: "mark" } : { do: "trylock", next: "mark", busy: "refuse" },
  mark: { do: "set_seq", next: "clear" },
  clear: { do: "clear", next: "unlock" },
  unlock: { do: "unlock", next: "done" },
  done: { do: "return", result: true },
  refuse: { do: "return", result: false },
};

function driver(name: string, faultPath: FaultPath, invalidate: Invalidate): Driver {
  return defineDriver<string, string, string>({
    name,
    variables: { mapped: 0 },
    faultPath: { ...FAULT_PATH, ...faultPath },
    invalidate: { ...INVALIDATE, ...invalidate },
  });
}

/** The driver that is right. */
export const RIGHT: Driver = driver("right", {}, {});

/** It with other steps of the fault path. */
export const steps = (name: string, faultPath: FaultPath): Driver => driver(name, faultPath, {});

const invalidates = (name: string, invalidate: Invalidate): Driver => driver(name, {}, invalidate);

/** It clears nothing any more from its third invalidation on: no small scenario has so many. */
export const TIRED: Driver = invalidates("tired", {
  mark: { do: "set_seq", next: "count" },
  count: ({ variables }) => ({
    ...{ do: "set", next: "look" },
    variables: { mapped: Math.min(3, (variables["mapped"] ?? 0) + 1) },
  }),
  look: ({ variables }) => ({ do: "goto", next: variables["mapped"] === 3 ? "unlock" : "clear" }),
});

const found = (
  mistaken: Driver,
  rule: string,
  scenario: string,
  length: number,
): DriverMistake => ({
  driver: mistaken,
  rule,
  scenario: `driver/${scenario}`,
  length,
});

/** Mistakes of the fault path. */
export const FAULT_MISTAKES: readonly DriverMistake[] = [
  found(
    steps("checks-before-lock", {
      walk: { do: "look_up", next: "check" },
      check: { do: "read_retry", next: "lock", retry: "again" },
      lock: { do: "lock", next: "store" },
    }),
    "K-I26",
    "clear",
    6,
  ),
  found(steps("never-checks", { lock: { do: "lock", next: "store" } }), "K-I26", "clear", 5),
  found(
    steps("ignores-the-check", {
      check: { do: "read_retry", next: "store", retry: "store" },
    }),
    "K-I26",
    "clear",
    11,
  ),
  found(
    steps("unlocks-before-store", {
      check: { do: "read_retry", next: "unlockEarly", retry: "unlockAgain" },
      unlockEarly: { do: "unlock", next: "relock" },
      relock: { do: "lock", next: "store" },
    }),
    "K-I26",
    "clear",
    8,
  ),
  found(
    steps("takes-no-lock", {
      walk: { do: "look_up", next: "check" },
      check: { do: "read_retry", next: "store", retry: "again" },
      store: { do: "map", next: "done" },
    }),
    "K-I26",
    "clear",
    5,
  ),
  found(
    steps("begins-after-look-up", {
      start: { do: "look_up", next: "begin" },
      begin: { do: "read_begin", next: "lock" },
    }),
    "K-I27",
    "alone",
    2,
  ),
  found(
    steps("keeps-its-old-number", { again: { do: "retry", next: "walk" } }),
    "no-progress",
    "clear",
    14,
  ),
  found(
    steps("takes-the-number-unguarded", {
      again: { do: "retry", next: "reread" },
      reread: { do: "read_seq_unguarded", next: "walk" },
    }),
    "K-I13",
    "clear",
    15,
  ),
  found(
    steps("waits-under-the-lock", {
      check: { do: "read_retry", next: "store", retry: "again" },
    }),
    "K-I28",
    "clear",
    11,
  ),
  found(
    steps("forgets-the-unlock", { store: { do: "map", next: "done" } }),
    "deadlock",
    "clear",
    7,
  ),
  found(
    steps("unlocks-twice", {
      done: { do: "unlock", next: "over" },
      over: { do: "return", result: "stored" },
    }),
    "illegal-event",
    "alone",
    8,
  ),
  found(
    steps("maps-nothing", { check: { do: "read_retry", next: "unlock", retry: "unlockAgain" } }),
    "fault-stores",
    "alone",
    6,
  ),
  found(
    steps("says-stored-when-the-lock-is-busy", {
      lock: { do: "trylock", next: "check", busy: "done" },
    }),
    "fault-stores",
    "clear",
    6,
  ),
  found(
    steps("says-stored-when-it-must-retry", { unlockAgain: { do: "unlock", next: "done" } }),
    "fault-stores",
    "clear",
    11,
  ),
  found(
    steps("says-stored-after-ebusy", {
      walk: { do: "hmm_range_fault", next: "lock", busy: "done" },
    }),
    "fault-stores",
    "clear",
    6,
  ),
  found(
    steps("maps-half", {
      store: ({ startPage }) => ({ do: "map", next: "unlock", endPageExclusive: startPage }),
    }),
    "fault-stores",
    "alone",
    7,
  ),
];

/** It leaves regions of one event alone. */
const leavesAlone = (name: string, alone: string): Driver =>
  invalidates(name, {
    start: ({ event }) => ({ do: "goto", next: event === alone ? "done" : "lock" }),
    lock: INVALIDATE["start"] as Invalidate[string],
  });

/** Mistakes of the callback. */
export const INVALIDATE_MISTAKES: readonly DriverMistake[] = [
  found(
    invalidates("sets-the-sequence-before-the-lock", {
      start: { do: "set_seq", next: "lock" },
      lock: ({ blockable }) =>
        blockable
          ? { do: "lock", next: "clear" }
          : { do: "trylock", next: "clear", busy: "refuse" },
    }),
    "set-seq-locked",
    "clear",
    2,
  ),
  found(leavesAlone("leaves-protections-alone", "PROTECTION_PAGE"), "K-I12", "protect", 2),
  found(leavesAlone("leaves-soft-dirty-alone", "SOFT_DIRTY"), "K-I12", "soft-dirty", 2),
  found(leavesAlone("leaves-exclusive-alone", "EXCLUSIVE"), "K-I12", "exclusive", 2),
  found(
    invalidates("never-sets-the-sequence", {
      start: ({ blockable }) =>
        blockable
          ? { do: "lock", next: "clear" }
          : { do: "trylock", next: "clear", busy: "refuse" },
    }),
    "K-I12",
    "clear",
    4,
  ),
  found(
    invalidates("sets-an-older-number", {
      mark: ({ seq }) => ({ do: "set_seq", next: "clear", seq: Math.max(0, seq - 2) }),
    }),
    "K-I12",
    "clear",
    5,
  ),
  found(
    invalidates("sets-the-sequence-after-unlock", {
      start: ({ blockable }) =>
        blockable
          ? { do: "lock", next: "clear" }
          : { do: "trylock", next: "clear", busy: "refuse" },
      unlock: { do: "unlock", next: "mark" },
      mark: { do: "set_seq", next: "done" },
    }),
    "K-I14",
    "clear",
    11,
  ),
  found(
    invalidates("clears-nothing", { mark: { do: "set_seq", next: "unlock" } }),
    "K-I14",
    "clear",
    11,
  ),
  found(
    invalidates("clears-half", {
      clear: ({ startPage, endPageExclusive }) => ({
        ...{ do: "clear", next: "unlock" },
        endPageExclusive: startPage + Math.floor((endPageExclusive - startPage) / 2),
      }),
    }),
    "K-I14",
    "pages",
    12,
  ),
  found(
    invalidates("clears-before-the-lock", {
      start: { do: "clear", next: "lock" },
      lock: ({ blockable }) =>
        blockable ? { do: "lock", next: "mark" } : { do: "trylock", next: "mark", busy: "refuse" },
      mark: { do: "set_seq", next: "unlock" },
    }),
    "K-I14",
    "clear",
    12,
  ),
  found(
    invalidates("calls-back-without-lock", {
      start: { do: "set_seq", next: "clear" },
      clear: { do: "clear", next: "done" },
    }),
    "K-I14",
    "clear",
    9,
  ),
  found(
    invalidates("refuses-when-it-may-sleep", {
      start: { do: "trylock", next: "mark", busy: "refuse" },
    }),
    "K-I23",
    "clear",
    6,
  ),
  found(
    invalidates("sleeps-when-it-may-not", { start: { do: "lock", next: "mark" } }),
    "K-I22",
    "nonblock",
    5,
  ),
  found(
    invalidates("refuses-and-keeps-the-lock", {
      mark: ({ blockable }) => ({ do: "set_seq", next: blockable ? "clear" : "refuse" }),
    }),
    "K-I22",
    "nonblock",
    3,
  ),
  found(
    invalidates("claims-to-have-done-it", { refuse: { do: "return", result: true } }),
    "K-I12",
    "nonblock",
    2,
  ),
  found(leavesAlone("leaves-migrations-alone", "MIGRATE"), "K-I12", "migrate", 2),
  found(
    driver(
      "counts-outside-the-lock",
      {
        unlock: { do: "unlock", next: "count" },
        count: { do: "set", variables: { mapped: 1 }, next: "done" },
      },
      {
        mark: { do: "set_seq", next: "look" },
        look: ({ variables }) => ({
          do: "goto",
          next: variables["mapped"] === 0 ? "unlock" : "clear",
        }),
      },
    ),
    "K-I14",
    "clear",
    11,
  ),
];
