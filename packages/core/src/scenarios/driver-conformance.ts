/**
 * What a driver of the user's own is asked: small scenarios, each about one thing that drivers get wrong.
 *
 * All are asked under all rules. The rule of each row is what the scenario was made for; a mistake may well
 * break another one first, and then that is what is said. A correct driver breaks none in any.
 */
import { FAULT_STORES, FAULT_STORES_WHAT_IT_SAYS } from "../rules/fault-stores.ts";
import { K_I27 } from "../rules/k-i27-lookup-inside-section.ts";
import type { Rule } from "../rules/rule.ts";
import { SEARCH_RULES } from "../rules/search-rules.ts";
import { SET_SEQ_LOCKED } from "../rules/set-seq-locked.ts";
import type { Operation } from "../tasks/operation.ts";
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
  type Litmus,
  litmus,
  M,
  N,
  NONBLOCK,
  type Program,
  populate,
  remove,
  start,
} from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";
import { PEER_POINTS, type PeerSize, peerScenario } from "./peers.ts";

/** A scenario that a driver is asked. */
export interface DriverScenario {
  /** The rule that it is about. */
  readonly rule: string;
  readonly named: NamedScenario;
  /** It is too large to be searched whole, and schedules of it are drawn. */
  readonly large?: true;
}

/** The rules of a search, and those that only a driver of the user's own is asked. */
const DRIVER_RULES: readonly Rule[] = [
  ...SEARCH_RULES,
  SET_SEQ_LOCKED as Rule,
  FAULT_STORES_WHAT_IT_SAYS as Rule,
];

const source = "mmreplay, docs/your-driver.md";

/** A second region of task A. */
const D = 4;

/** A fault of several pages. */
const faultPages = (pageOffset: number, np: number): Operation => ({
  op: "fault",
  n: N,
  pageOffset,
  np,
});

type Asked = Pick<Litmus, "name" | "title" | "tasks"> &
  Partial<Pick<Litmus, "setUp" | "rules" | "present" | "seqModulus">>;

function asked(rule: string, test: Asked): DriverScenario {
  const { setUp = [INSERT_N], ...rest } = test;
  return { rule, named: litmus({ source, rules: DRIVER_RULES, ...rest, setUp }) };
}

const large = (scenario: DriverScenario): DriverScenario => ({ ...scenario, large: true });

/** One reader, one invalidation, and what a fault is for. */
const ALONE: readonly DriverScenario[] = [
  asked("fault-stores", {
    name: "driver/alone",
    title: "A fault and nothing else: it ends, and the device has the page",
    tasks: { R: [fault(N)] },
    // What else may be wrong shows better where there is somebody whom it harms.
    rules: [FAULT_STORES as Rule, FAULT_STORES_WHAT_IT_SAYS as Rule, K_I27 as Rule],
  }),
  asked("K-I26", {
    name: "driver/clear",
    title: "A fault and one CLEAR of its page",
    tasks: { R: [fault(N)], A: clear(A, 0, 4) },
  }),
  asked("K-I14", {
    name: "driver/fault-twice",
    title: "A device that faults again after a CLEAR of its page",
    tasks: { R: [fault(N), fault(N)], A: clear(A, 0, 4) },
  }),
  asked("K-I14", {
    name: "driver/pages",
    title: "A fault of four pages, and a CLEAR of the last two",
    tasks: { R: [faultPages(0, 4)], A: clear(A, 2, 4) },
    present: 4,
  }),
  asked("K-I14", {
    name: "driver/beyond",
    title: "A fault of two pages, and a CLEAR that begins before the notifier and ends behind it",
    setUp: [insert(N, 4, 8)],
    tasks: { R: [faultPages(0, 2)], A: clear(A, 0, 12) },
    present: 12,
  }),
];

/** What several invalidations, or several readers, do to a sequence. */
const SEVERAL: readonly DriverScenario[] = [
  asked("K-I13", {
    name: "driver/two-clears",
    title: "A fault and two CLEARs of its page that may overlap in time",
    tasks: { R: [fault(N)], A: clear(A, 0, 4), B: clear(B, 0, 4) },
  }),
  asked("K-I26", {
    name: "driver/two-faults",
    title: "Two faults of one page under one lock, and a CLEAR",
    tasks: { R: [fault(N)], S: [fault(N)], A: clear(A, 0, 4) },
  }),
  asked("K-I28", {
    name: "driver/nested",
    title: "Regions that nest in one thread, as a huge page split inside mprotect does",
    tasks: {
      R: [fault(N)],
      A: [start(A, 0, 4, { event: "PROTECTION_VMA" }), ...clear(B, 0, 2), change(A), end(A)],
    },
  }),
  asked("K-I12", {
    name: "driver/migrate",
    title: "A fault and a migration of its page",
    tasks: { R: [fault(N)], A: clear(A, 0, 4, { event: "MIGRATE" }) },
  }),
  asked("K-I12", {
    name: "driver/protect",
    title: "A fault and a PROTECTION_PAGE region over its page, whose frame stays, as at a fork",
    tasks: { R: [fault(N)], A: [start(A, 0, 4, { event: "PROTECTION_PAGE" }), end(A)] },
  }),
  asked("K-I12", {
    name: "driver/soft-dirty",
    title: "A fault and a SOFT_DIRTY region over its page, whose frame stays",
    tasks: { R: [fault(N)], A: [start(A, 0, 4, { event: "SOFT_DIRTY" }), end(A)] },
  }),
  asked("K-I12", {
    name: "driver/exclusive",
    title: "A fault and an EXCLUSIVE region of nobody's, as when the CPU takes a page back",
    tasks: { R: [fault(N)], A: clear(A, 0, 4, { event: "EXCLUSIVE" }) },
  }),
  asked("K-I14", {
    name: "driver/populate",
    title: "CPU faults fill a page, a fault follows, a CLEAR takes it away",
    tasks: { R: [fault(N)], H: [populate(1)], A: clear(A, 0, 4) },
  }),
  asked("K-I8", {
    name: "driver/wrap",
    title: "The sequence wraps: modulo 8, under a fault and two CLEARs",
    seqModulus: 8,
    tasks: { R: [fault(N)], A: [...clear(A, 0, 4), ...clear(B, 0, 4)] },
  }),
];

/** Who may not sleep. */
const NONBLOCKABLE: readonly DriverScenario[] = [
  asked("K-I22", {
    name: "driver/nonblock",
    title: "An OOM reaper that may be refused (-EAGAIN) and tries again, and a fault",
    tasks: { R: [fault(N)], A: [...clear(A, 0, 4, NONBLOCK), ...clear(B, 0, 4, NONBLOCK)] },
  }),
  asked("K-I23", {
    name: "driver/mixed",
    title: "A blockable CLEAR beside an OOM reaper, and a fault",
    tasks: { R: [fault(N)], A: clear(A, 0, 4), B: clear(B, 0, 4, NONBLOCK) },
  }),
  asked("K-I22", {
    name: "driver/reaper-two",
    title: "An OOM reaper over two notifiers of one lock: the second may refuse after the first",
    setUp: [INSERT_N, INSERT_M],
    tasks: { R: [fault(N)], A: clear(A, 0, 12, NONBLOCK) },
  }),
];

/** Notifiers that come and go. */
const LIFETIMES: readonly DriverScenario[] = [
  asked("K-I19", {
    name: "driver/two-notifiers",
    title: "A fault, a CLEAR of its page and a CLEAR of another notifier's, under one lock",
    setUp: [INSERT_N, INSERT_M],
    tasks: { R: [fault(N)], A: clear(A, 0, 4), B: clear(B, 8, 12) },
  }),
  asked("K-I20", {
    name: "driver/insert",
    title: "An insertion and its first fault while the tree is frozen",
    setUp: [INSERT_M],
    tasks: { A: clear(A, 0, 12), I: [INSERT_N, fault(N)] },
  }),
  asked("K-I17", {
    name: "driver/remove",
    title: "A fault, then the removal of its notifier, beside a CLEAR",
    tasks: { A: clear(A, 0, 4), X: [fault(N), remove(N)] },
  }),
  asked("K-I14", {
    name: "driver/exit",
    title: "The exit of the process while its device faults",
    tasks: { R: [fault(N)], E: [EXIT] },
  }),
];

const peer = (faulters: number, invalidators: number): DriverScenario =>
  peerOf({ faulters, invalidators, inserter: false }, "driver/peer", "", (program) => program);

/** The peers with a task that inserts a notifier, faults through it and removes it. */
const inserting = (faulters: number, invalidators: number): DriverScenario =>
  peerOf(
    { faulters, invalidators, inserter: true },
    "driver/peer",
    ", one inserting and removing",
    (program) => program,
  );

/** The peers whose invalidations may not block. */
const nonblocking = (faulters: number, invalidators: number): DriverScenario =>
  peerOf(
    { faulters, invalidators, inserter: false },
    "driver/reaping",
    " that may not block",
    (program) => program.map((op) => (op.op === "inv_start" ? { ...op, blockable: false } : op)),
  );

/** A member of the peers' family, under all rules of a search. */
function peerOf(
  size: PeerSize,
  name: string,
  more: string,
  changed: (program: Program) => Program,
): DriverScenario {
  const { faulters, invalidators, inserter } = size;
  const scenario = peerScenario(size);
  const { named } = asked("K-I14", { name: "", title: "", tasks: {} });
  const numbered = (letter: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
  return {
    rule: "K-I14",
    named: {
      ...named,
      name: `${name}-${faulters}F${invalidators}I${inserter ? "1R" : ""}`,
      title: `${faulters} faulting, ${invalidators} invalidating${more}`,
      tasks: [
        ...numbered("F", faulters),
        ...numbered("I", invalidators),
        ...(inserter ? ["R"] : []),
      ],
      names: { notifiers: ["N", "M"], regions: ["A", "B", "C"] },
      scenario: { ...scenario, programs: scenario.programs.map(changed) },
      points: PEER_POINTS,
    },
  };
}

/** Small configurations that are searched whole. */
const CONFIGURATIONS: readonly DriverScenario[] = [
  peer(1, 1),
  peer(2, 1),
  peer(1, 2),
  inserting(1, 1),
  nonblocking(1, 2),
  peer(2, 2),
  nonblocking(2, 2),
  inserting(2, 1),
];

/** Larger ones, of which schedules are drawn. */
const LARGE: readonly DriverScenario[] = [
  large(inserting(3, 3)),
  large(
    asked("K-I14", {
      name: "driver/crowd",
      title: "Three devices over two notifiers, four invalidations of all kinds, a removal",
      setUp: [INSERT_N, INSERT_M],
      tasks: {
        R: [faultPages(0, 4), faultPages(1, 2)],
        S: [fault(N), fault(M)],
        T: [fault(M), remove(M)],
        A: [...clear(A, 0, 2), ...clear(D, 0, 12)],
        B: clear(B, 1, 10, NONBLOCK),
        C: clear(C, 2, 9, { event: "MIGRATE" }),
      },
      present: 12,
    }),
  ),
];

/** Every scenario that a driver is asked: those that show most mistakes first. */
export const DRIVER_SCENARIOS: readonly DriverScenario[] = [
  ...ALONE,
  ...NONBLOCKABLE,
  ...SEVERAL,
  ...LIFETIMES,
  ...CONFIGURATIONS,
  ...LARGE,
];
