/**
 * hmm_range_fault with a request for each page: `hmm_pfns` as input, and what it makes of the neighbours.
 *
 * The test driver asks the same of all pages, so its SNAPSHOT, which reports each page, is given requests here. A page
 * that needs a fault has the rest of its PMD faulted with the same need; where nothing is there the need is that of
 * all of them (protocol.md 4.1, 4.4).
 */
import { mirrorId } from "@mmreplay/events";
import { PROT } from "../drivers/mirror/prot-byte.ts";
import type { Request } from "../tasks/memory/range-fault.ts";
import type { Operation, Outcome } from "../tasks/operation.ts";
import { insert, litmus, M, type Program } from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";

/** Both pages of one PMD. */
const PAGES = { page: 0, np: 2 } as const;
const MAPPED: Program = [{ op: "mmap", page: 0, np: 3, prot: "read_write" }];
const reads = (page: number): Operation => ({ op: "cpu_access", write: false, page, np: 1 });
/** A notifier of the snapshot's own around it. */
const OPENS = { ...insert(M, 0, 2), mirror: mirrorId(1) } as Operation;

/** A page of its own, the zero page, and nothing. */
const [OWN, ZERO, NONE] = [PROT.WRITE, PROT.ZERO | PROT.READ, PROT.NONE];

interface Asking {
  readonly name: string;
  readonly title: string;
  readonly setUp: Program;
  readonly asks: readonly Request[];
  /** The page that the CPU reads meanwhile; absent: page 0. */
  readonly read?: number;
  /** What may be reported of both pages. */
  readonly reports: readonly (readonly [number, number])[];
}

function asking({ name, title, setUp, asks, read = 0, reports }: Asking): NamedScenario {
  const gives = reports.map((bytes): Outcome => `prot ${bytes.join(" ")}`);
  const looks: Operation = { op: "dmirror", command: "SNAPSHOT", n: M, ...PAGES, asks, gives };
  return litmus({
    name: `hmm/asks-${name}`,
    title,
    source: "protocol.md 4.1, 4.4",
    memory: true,
    pages: 4,
    pmdOrder: 1,
    snapshots: [M],
    setUp: [...MAPPED, ...setUp],
    tasks: { D: [OPENS, looks, { op: "remove", n: M }], C: [reads(read)] },
  });
}

/** Scenarios of requests for single pages. */
export const ASKING_SCENARIOS: readonly NamedScenario[] = [
  asking({
    name: "nothing",
    title: "Nothing is asked for any page: none is faulted",
    setUp: [],
    asks: ["snapshot", "snapshot"],
    reports: [
      [NONE, NONE],
      [ZERO, NONE],
    ],
  }),
  asking({
    name: "hole",
    title:
      "Nothing is there; one page is to be read and its neighbour written: both can be written",
    setUp: [],
    asks: ["read", "write"],
    read: 2,
    reports: [[OWN, OWN]],
  }),
  asking({
    name: "neighbour",
    title: "A page is to be written: the next one of its PMD can be written, too, unasked",
    setUp: [reads(1)],
    asks: ["write", "snapshot"],
    reports: [[OWN, OWN]],
  }),
  asking({
    name: "before",
    title: "A page is to be written: the one before it stays as it was",
    setUp: [reads(0)],
    asks: ["snapshot", "write"],
    reports: [[ZERO, OWN]],
  }),
];
