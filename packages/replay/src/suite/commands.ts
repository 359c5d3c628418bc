/**
 * What the bodies of the kernel's HMM selftests are made of: the calls of a process, and what they must find.
 */
import {
  type Address,
  addressOfPage,
  type DmirrorCommand,
  type GupKind,
  type MmId,
  mirrorId,
  type NotifierId,
  notifierId,
} from "@mmreplay/events";
import type { Buffer, Expectation, Part, Step, Variant } from "./body.ts";

/** The device file of the process, the one that a child opens, and that of a snapshot. */
const [n, childs, snapshots] = [notifierId(0), notifierId(1), notifierId(2)];
/** The file of a second device. */
const second = notifierId(3);
/** Notifiers of a body. */
export const NOTIFIERS: number = 4;
/** The devices of their driver instances: 0 and 1 have private memory, 2 and 3 coherent memory. */
export const DEVICES: Readonly<Record<Variant, readonly number[]>> = {
  device_private: [0, 0, 0, 1],
  device_coherent: [2, 2, 2, 3],
};
/** Its callback erases nothing, so it has an instance of its own. */
export const SNAPSHOT_NOTIFIER: NotifierId = snapshots;
/** dmirror_snapshot looks at so many pages at once. */
const SNAPSHOT_PAGES = 64;

/** What the CPU writes into page `i` is `FILL + i`; what the device writes, `DEVICE + i`. */
export const FILL: number = 1_000_000;
const DEVICE = 2_000_000;
/** What the CPU filled page `index` with. */
export const filled = (index: number): number => FILL + index;
/** What the device wrote into it. */
export const written = (index: number): number => DEVICE + index;

/** dmirror_fops_open: from 0 to one page below the end of the address space. */
const WHOLE_SPACE = {
  start: "0x0000000000000000" as Address,
  length: "0xfffffffffffff000" as Address,
};
/** The process opens the device. */
export const OPEN: Step = { run: { op: "insert", n, ...WHOLE_SPACE } };
/** The child does. */
export const CHILD_OPENS: Step = {
  run: { op: "insert", n: childs, ...WHOLE_SPACE, mirror: mirrorId(1) },
};
/** The process opens a second device. */
export const OPEN_SECOND: Step = {
  run: { op: "insert", n: second, ...WHOLE_SPACE, mirror: mirrorId(3) },
};
/** It closes it. */
export const CLOSE_SECOND: Step = { run: { op: "remove", n: second } };
/** dmirror_fops_release, then the end of the process. */
export const CLOSE: readonly Step[] = [{ run: { op: "remove", n } }, { run: { op: "mm_exit" } }];
/** The child's. */
export const CHILD_CLOSES: readonly Step[] = [
  { run: { op: "remove", n: childs } },
  { run: { op: "mm_exit" } },
];

type Prot = "none" | "read" | "read_write";
type How = Omit<Extract<Step["run"], { op: "mmap" }>, "op" | "page" | "np" | "prot">;

/** mmap. */
export const map = ({ page, np }: Buffer, prot: Prot, how: How = {}): Step => ({
  run: { op: "mmap", page, np, prot, ...how },
});
/** mprotect. */
export const protect = ({ page, np }: Buffer, prot: Prot): Step => ({
  run: { op: "mprotect", page, np, prot },
});
/** munmap. */
export const unmap = ({ page, np }: Buffer): Step => ({ run: { op: "munmap", page, np } });
/** madvise(MADV_HUGEPAGE). */
export const adviseHuge = ({ page, np }: Buffer): Step => ({
  run: { op: "madvise_hugepage", page, np },
});
/** fork. */
export const fork = (child: MmId): Step => ({ run: { op: "fork", child } });
/** waitpid. */
export const wait = (child: MmId): Step => ({ run: { op: "wait_child", child } });
/** The child begins. */
export const CHILD: Step = { run: { op: "child" } };

/** `np` pages of a buffer from its page `from` on. */
export function part({ page }: Buffer, from: number, np: number): Buffer {
  return { page: page + from, np };
}

/** The CPU writes to all pages. */
export function fill({ page, np }: Buffer, value: number = FILL): Step {
  return { run: { op: "cpu_access", write: true, page, np, value } };
}

/** The CPU reads all pages, and finds this. */
export function finds({ page, np }: Buffer, values: (index: number) => number): Step {
  return { run: { op: "cpu_access", write: false, page, np }, expect: { values } };
}

/** HMM_DMIRROR_READ. */
export function read({ page, np }: Buffer, expect: Expectation): Step {
  return { run: { op: "dmirror", command: "READ", n, page, np }, expect };
}

/** HMM_DMIRROR_WRITE, by the process. */
export function write({ page, np }: Buffer, expect: Expectation): Step {
  return { run: { op: "dmirror", command: "WRITE", n, page, np, value: DEVICE }, expect };
}

/** HMM_DMIRROR_WRITE, by the child. */
export function childWrites({ page, np }: Buffer, expect: Expectation): Step {
  return { run: { op: "dmirror", command: "WRITE", n: childs, page, np, value: DEVICE }, expect };
}

/** One page is looked up by the gup_test module, for writing. */
export function gup({ page }: Pick<Buffer, "page">, how: GupKind): Step {
  return { run: { op: "gup", page, how, write: true }, expect: { rc: 0 } };
}

/** A command of the first device, or of the second one. */
export const command =
  (name: DmirrorCommand, of: "first" | "second" = "first") =>
  ({ page, np }: Buffer, expect: Expectation): Step => ({
    run: { op: "dmirror", command: name, n: of === "first" ? n : second, page, np },
    expect,
  });

/** HMM_DMIRROR_SNAPSHOT: 64 pages at a time, each through a notifier of its own. */
export function snapshot(
  buffer: Buffer,
  prot: (index: number) => number,
  inAnotherOrder: Pick<Expectation, "inAnotherOrder"> = {},
): Step[] {
  const steps: Step[] = [];
  for (let from = 0; from < buffer.np; from += SNAPSHOT_PAGES) {
    const { page, np } = part(buffer, from, Math.min(SNAPSHOT_PAGES, buffer.np - from));
    const [start, length] = [addressOfPage(page), addressOfPage(np)];
    steps.push(
      { run: { op: "insert", n: snapshots, start, length, mirror: mirrorId(2) } },
      {
        run: { op: "dmirror", command: "SNAPSHOT", n: snapshots, page, np },
        expect: { rc: 0, cpages: np, values: (index) => prot(from + index), ...inAnotherOrder },
      },
      { run: { op: "remove", n: snapshots } },
    );
  }
  return steps;
}

/** All pages, after one device fault. */
export const all = ({ np }: Buffer): Expectation => ({ rc: 0, cpages: np, faults: 1 });

/** Opens the device, has malloc's pages, does something, gives both back. */
export function withBuffer(inside: Part): Part {
  return (buffer, place) => [OPEN, ...inMapping(inside)(buffer, place), ...CLOSE];
}

/** malloc's pages, something with the buffer, and both are given back. */
export function inMapping(inside: Part): Part {
  return (buffer, place) => [
    map(place.heap, "read_write"),
    ...(place.populated ? [fill(part(place.heap, 0, 1), 0)] : []),
    ...inside(buffer, place),
    unmap(place.mapping),
    unmap(place.heap),
  ];
}
