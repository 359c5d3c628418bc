/**
 * Rare-path marks: each is taken by a run that was made for it, and by no usual one.
 *
 * `inTurn` runs take it when the tasks come one after the other; the others need a race, which some of a few
 * hundred random schedules have.
 */
import {
  CORRECT_DRIVER,
  MARKS,
  type Operation,
  RULES,
  type Scenario,
  SEARCH_RULES,
} from "@mmreplay/core";
import { mirrorId, mmId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import {
  end,
  exit,
  fault,
  insert,
  M,
  N,
  P,
  register,
  remove,
  scenario,
  section,
  start,
  unregister,
} from "../../support/operations.ts";
import { isTaken, takenInTurn } from "../../support/taken.ts";

type Programs = readonly (readonly Operation[])[];

/** Schedules that are drawn where a race is needed. */
const SCHEDULES = 400;
const PAGES = 8;

const nonblock = { blockable: false } as const;
const call = (op: "mn_get" | "mn_put" | "mn_synchronize"): Operation => ({ op });
const failing = (operation: Operation, inject: "EINTR" | "ENOMEM"): Operation =>
  ({ ...operation, inject }) as Operation;

const INTERVAL: Readonly<Record<string, Programs>> = {
  "insertion-deferred": [[insert(N, 0, 4)], [start(1, 0, 4), insert(M, 0, 4), end(1)]],
  "insertion-freezes": [[insert(N, 0, 4)], [start(1, 6, 8), insert(M, 0, 4), end(1)]],
  "insertion-failed": [[failing(insert(N, 0, 4), "EINTR")]],
  "inserted-again": [[insert(N, 0, 4)], section(1, 0, 4), [remove(N), insert(N, 0, 2)]],
  "removal-deferred": [[insert(N, 0, 4), insert(M, 0, 4)], section(1, 0, 4), [remove(M)]],
  "removal-of-deferred-insertion": [
    [insert(N, 0, 4)],
    section(1, 0, 4),
    [insert(M, 0, 4), remove(M)],
  ],
  "callback-while-removing": [[insert(N, 0, 4)], section(1, 0, 4), section(2, 0, 4), [remove(N)]],
  "region-joins-epoch": [[insert(N, 0, 4)], [start(1, 0, 4), ...section(2, 0, 4), end(1)]],
  "end-leaves-epoch": [[insert(N, 0, 4)], [start(1, 0, 4), ...section(2, 0, 4), end(1)]],
  "end-applies-many": [
    [insert(N, 0, 4)],
    [start(1, 0, 4), insert(M, 0, 4), insert(P, 0, 4), end(1)],
  ],
  "start-refused": [[insert(N, 0, 4)], [{ op: "hold" }], section(1, 0, 4, nonblock)],
  "reader-sleeps": [[insert(N, 0, 4)], [start(1, 0, 4), end(1)], [fault(N)]],
  "reader-before-callback": [[insert(N, 0, 4), insert(M, 4, 8)], section(1, 0, 8), [fault(M)]],
  "reader-wakes-in-next-epoch": [
    [insert(N, 0, 4)],
    [...section(1, 0, 4), ...section(2, 0, 4)],
    [fault(N)],
  ],
  "reader-retries": [[insert(N, 0, 4)], section(1, 0, 4), [fault(N)]],
  "store-inside-epoch": [[insert(N, 0, 4), insert(M, 4, 8)], section(1, 0, 8), [fault(M)]],
  "callback-finds-lock-held": [[insert(N, 0, 4)], [{ op: "hold" }], section(1, 0, 4, nonblock)],
};

const walked = [call("mn_get"), ...section(1, 0, 4), call("mn_put")];

const PLAIN: Readonly<Record<string, Programs>> = {
  "registration-failed": [[failing(register(0), "EINTR")]],
  "registration-finds-subscriptions": [[], [insert(N, 0, 4)], [insert(M, 0, 4)]],
  "get-shares": [[call("mn_get")], [call("mn_get")]],
  "put-leaves-users": [[], [call("mn_get"), call("mn_put")], [call("mn_get")]],
  "put-inside-walk": [[], [call("mn_get"), call("mn_put")], section(1, 0, 4)],
  "unlinked-inside-walk": [[register(0)], [unregister(0)], section(1, 0, 4)],
  "unlinked-inside-region": [[register(0)], [start(1, 0, 4), unregister(0), end(1)]],
  "unregistered-after-exit": [[register(0)], [exit, unregister(0)]],
  "synchronize-waits": [[register(0)], [call("mn_synchronize")], section(1, 0, 4)],
  "exit-releases-list": [[register(0)], [exit]],
  "plain-start-refused": [[register(1)], section(1, 0, 4, nonblock)],
  "start-undone": [[register(0), register(1)], section(1, 0, 4, nonblock)],
  "start-after-unlinking": [[register(0)], [unregister(0)], section(1, 0, 4)],
  "end-after-unlinking": [[register(0)], [unregister(0)], section(1, 0, 4)],
};

const pages = { page: 0, np: 1 };
const mmap = (prot: "read" | "read_write" = "read_write", np = 2): Operation => ({
  op: "mmap",
  page: 0,
  np,
  prot,
});
const cpu = (write: boolean, more = pages): Operation => ({
  op: "cpu_access",
  write,
  value: 1,
  ...more,
});
const device = (
  command: Extract<Operation, { op: "dmirror" }>["command"],
  n = N,
  more = pages,
): Operation => ({ op: "dmirror", command, n, value: 5, ...more });
const mm = (op: "munmap" | "migrate_pages" | "try_to_unmap" | "memory_failure"): Operation => ({
  op,
  ...pages,
});
const opens = insert(N, 0, PAGES);
const other = { ...insert(M, 0, PAGES), mirror: mirrorId(1) } as Operation;
const mergeable: Programs = [
  [mmap(), cpu(true), cpu(true, { page: 1, np: 1 })],
  [
    { op: "ksm_write_protect", page: 0, np: 2 },
    { op: "ksm_replace_page", page: 0, np: 1, onto: 1 },
  ],
];
const file = (prot: "read" | "read_write"): Operation => ({
  op: "mmap",
  page: 0,
  np: 2,
  prot,
  kind: "shared",
  file: 0,
  filePage: 0,
});

const MEMORY: Readonly<Record<string, Programs>> = {
  "copy-on-write": [[mmap(), cpu(true), { op: "fork", child: mmId(1) }], [cpu(true)]],
  "zero-page-replaced": [[mmap(), cpu(false)], [cpu(true)]],
  "fault-too-late": [[mmap()], [cpu(true)], [cpu(true)]],
  "copy-too-late": [[mmap(), cpu(false)], [cpu(true)], [cpu(true)]],
  "swapped-in": [[mmap(), cpu(true), mm("try_to_unmap")], [cpu(false)]],
  "access-refused": [[mmap("read")], [cpu(true)]],
  merged: mergeable,
  "given-away-page-dropped": [
    [mmap(), cpu(true), { op: "madvise_free", ...pages }],
    [mm("try_to_unmap")],
  ],
  "memory-failed": [[mmap(), cpu(true)], [mm("memory_failure")]],
  "hole-punched": [[file("read_write"), cpu(true)], [{ op: "unmap_mapping_range", ...pages }]],
  "entries-moved": [
    [mmap(), cpu(true)],
    [
      { op: "munmap", page: 4, np: 1 },
      { op: "mremap", page: 0, np: 1, to: 4 },
    ],
  ],
  "hmm-busy-by-others": [[opens, mmap(), cpu(true)], [device("WRITE")], [mm("try_to_unmap")]],
  "hmm-busy-after-fault": [[opens, mmap(), cpu(false)], [device("WRITE")]],
  "hmm-not-there": [[opens], [device("READ")]],
  "hmm-not-permitted": [[opens, mmap("read")], [device("WRITE")]],
  "migration-waited-for": [[opens, mmap(), cpu(true)], [device("READ")], [mm("migrate_pages")]],
  "faulted-back": [[opens, mmap(), cpu(true), device("MIGRATE_TO_DEV")], [cpu(true)]],
  "page-not-moved": [
    [opens, mmap(), cpu(true), device("MIGRATE_TO_DEV")],
    [device("MIGRATE_TO_SYS")],
    [cpu(true)],
  ],
  "page-not-inserted": [[opens, mmap()], [device("MIGRATE_TO_DEV")], [cpu(true)]],
  "fork-shares-device-page": [
    [opens, mmap(), cpu(true), device("MIGRATE_TO_DEV")],
    [{ op: "fork", child: mmId(1) }],
  ],
  "owner-skips-own": [[opens, mmap(), cpu(true)], [device("EXCLUSIVE")]],
  "exclusive-revoked": [[opens, mmap(), cpu(true), device("EXCLUSIVE")], [cpu(true)]],
  "revoked-too-late": [
    [opens, mmap(), cpu(true), device("EXCLUSIVE")],
    [cpu(true)],
    [{ op: "madvise_dontneed", ...pages }],
  ],
  "grant-too-late": [
    [opens, mmap(), cpu(true)],
    [device("EXCLUSIVE")],
    [{ op: "madvise_dontneed", ...pages }],
  ],
  "exclusive-taken-away": [
    [opens, mmap(), cpu(true), device("EXCLUSIVE")],
    [{ op: "madvise_dontneed", ...pages }],
  ],
};

const advised: readonly Operation[] = [
  mmap("read_write", PAGES),
  { op: "madvise_hugepage", page: 0, np: PAGES },
];

const HUGE: Readonly<Record<string, Programs>> = {
  "huge-page-mapped": [[...advised], [cpu(true)]],
  "huge-page-split": [[...advised, cpu(true)], [{ op: "munmap", page: 1, np: 1 }]],
  "split-of-small-pages": [
    [...advised, cpu(true), { op: "split_huge_pmd", ...pages }],
    [{ op: "munmap", page: 1, np: 1 }],
  ],
};

/** The driver of 6.1: its callback leaves its own migrations alone. */
const MISSING: Programs = [
  [opens, mmap(), cpu(true), device("MIGRATE_TO_DEV"), { op: "change_prot_numa", ...pages }],
  [device("READ")],
  [cpu(false)],
];

const memory = (programs: Programs, more: Partial<Scenario> = {}): Scenario => ({
  ...scenario({ pages: PAGES, present: 0, programs }),
  memory: true,
  devices: [0, 1],
  ...more,
});
const plain = (programs: Programs): Scenario => scenario({ pages: PAGES, programs });

/** What every mark's own scenario is. */
const OWN: ReadonlyMap<string, Scenario> = new Map([
  ...Object.entries({ ...INTERVAL, ...PLAIN }).map(([name, own]) => [name, plain(own)] as const),
  ...Object.entries(MEMORY).map(([name, own]) => [name, memory(own)] as const),
  ...Object.entries(HUGE).map(([name, own]) => [name, memory(own, { pmdOrder: 1 })] as const),
  [
    "store-after-missed-callback",
    memory(MISSING, { driver: { ...CORRECT_DRIVER, ownMigrate: "skipped" } }),
  ],
]);

/** Tasks that come one after the other and do what is usual. */
const USUAL: readonly Scenario[] = [
  plain([[insert(N, 0, 4), insert(M, 4, 8)], [fault(N)], section(1, 0, 8), [fault(N), remove(N)]]),
  plain([[register(0)], walked, section(2, 0, 4), [unregister(0)]]),
  memory([
    [opens, other, mmap(), cpu(true)],
    [device("READ"), device("WRITE", M)],
    [mm("munmap")],
    [remove(N), remove(M)],
  ]),
];

/** Marks that need an option: with it the run in turn takes them. */
const WRAPS = "sequence-wraps";

describe("rare-path marks", () => {
  it("have names of their own, and name rules that there are", () => {
    const names = MARKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const rules = new Set([...RULES, ...SEARCH_RULES].map(({ id }) => id));
    for (const mark of MARKS) {
      expect(
        mark.rules.filter((id) => !rules.has(id)),
        mark.name,
      ).toEqual([]);
      expect(mark.says).toMatch(/^[A-Z].*\.$|^[a-z_-].*\.$/);
    }
  });

  it("each have a scenario here", () => {
    expect([...OWN.keys(), WRAPS].sort()).toEqual(MARKS.map(({ name }) => name).sort());
  });

  it.each([...OWN.keys()])("one is taken by what was made for it: %s", (name) => {
    const own = OWN.get(name) as Scenario;
    expect(takenInTurn(own).has(name) || isTaken(name, own, SCHEDULES)).toBe(true);
  });

  it("one is taken where the sequence comes to its last number", () => {
    const own = plain([[insert(N, 0, 4)], section(1, 0, 4), section(2, 0, 4), section(3, 0, 4)]);
    expect(takenInTurn(own, 8).has(WRAPS)).toBe(true);
  });

  it.each(USUAL.map((usual, at) => [at, usual] as const))(
    "none is taken by usual run %s",
    (_, usual) => {
      expect([...takenInTurn(usual)]).toEqual([]);
    },
  );
});
