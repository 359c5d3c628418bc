/**
 * The bodies of the kernel's HMM selftests (protocol.md 6.6), as operations with what they must find.
 *
 * Each opens the device, maps a buffer of 1,024 pages, closes the device and exits. not-modelled.ts names
 * the bodies that need more than anonymous private memory and one thread.
 */
import { type Address, mirrorId, mmId, notifierId } from "@mmreplay/events";
import type { Buffer, Expectation, Step, TestBody } from "./body.ts";

const EPERM = -1;
const EFAULT = -14;

/** The device file of the process, and the one that a child opens. */
const [n, childs] = [notifierId(0), notifierId(1)];
const child = mmId(1);

/** What the CPU writes into page `i` is `FILL + i`; what the device writes, `DEVICE + i`. */
const FILL = 1_000_000;
const DEVICE = 2_000_000;

/** dmirror_fops_open: from 0 to one page below the end of the address space. */
const OPEN = {
  run: {
    op: "insert",
    n,
    start: "0x0000000000000000" as Address,
    length: "0xfffffffffffff000" as Address,
  },
} as const satisfies Step;
/** dmirror_fops_release, then the end of the process. */
const CLOSE: readonly Step[] = [{ run: { op: "remove", n } }, { run: { op: "mm_exit" } }];

const map = (buffer: Buffer, prot: "none" | "read" | "read_write"): Step => ({
  run: { op: "mmap", ...buffer, prot },
});
const protect = (buffer: Buffer, prot: "none" | "read" | "read_write"): Step => ({
  run: { op: "mprotect", ...buffer, prot },
});
const unmap = (buffer: Buffer): Step => ({ run: { op: "munmap", ...buffer } });

function part({ page }: Buffer, from: number, np: number): Buffer {
  return { page: page + from, np };
}

function fill(buffer: Buffer, value: number = FILL): Step {
  return { run: { op: "cpu_access", write: true, ...buffer, value } };
}

function finds(buffer: Buffer, values: (index: number) => number): Step {
  return { run: { op: "cpu_access", write: false, ...buffer }, expect: { values } };
}

function read(buffer: Buffer, expect: Expectation): Step {
  return { run: { op: "dmirror", command: "READ", n, ...buffer }, expect };
}

function write(buffer: Buffer, expect: Expectation): Step {
  return { run: { op: "dmirror", command: "WRITE", n, ...buffer, value: DEVICE }, expect };
}

/** All pages, after one device fault. */
const all = ({ np }: Buffer) => ({ rc: 0, cpages: np, faults: 1 });

const withBuffer =
  (inside: (buffer: Buffer) => readonly Step[]): TestBody["steps"] =>
  (buffer) => [OPEN, ...inside(buffer), unmap(buffer), ...CLOSE];

const filled = (index: number): number => FILL + index;
const written = (index: number): number => DEVICE + index;
const variant = "device_private";

/** Times that the repeated bodies go round. */
const ROUNDS = 10;

/** The bodies that can run. */
export const HMM_TESTS: readonly TestBody[] = [
  { name: "open_close", variant, steps: () => [OPEN, ...CLOSE] },
  {
    name: "anon_read",
    variant,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      fill(part(buffer, 2, buffer.np - 2), FILL + 2),
      protect(buffer, "read"),
      // Page 0 stays absent, page 1 becomes the zero page.
      finds(part(buffer, 1, 1), () => 0),
      read(buffer, { ...all(buffer), values: (index) => (index < 2 ? 0 : filled(index)) }),
    ]),
  },
  {
    name: "anon_read_prot",
    variant,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      fill(buffer),
      protect(buffer, "none"),
      read(buffer, { rc: EFAULT, cpages: 0 }),
      protect(buffer, "read"),
      finds(buffer, filled),
    ]),
  },
  {
    name: "anon_write",
    variant,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      write(buffer, all(buffer)),
      finds(buffer, written),
    ]),
  },
  {
    name: "anon_write_prot",
    variant,
    steps: withBuffer((buffer) => [
      map(buffer, "read"),
      read(part(buffer, 0, 1), { rc: 0, cpages: 1, faults: 1, values: () => 0 }),
      write(buffer, { rc: EPERM, cpages: 0 }),
      finds(buffer, () => 0),
      protect(buffer, "read_write"),
      write(buffer, all(buffer)),
      finds(buffer, written),
    ]),
  },
  {
    name: "anon_write_child",
    variant,
    // Neither side unmaps the buffer.
    steps: (buffer) => [
      OPEN,
      map(buffer, "read_write"),
      fill(buffer),
      { run: { op: "fork", child } },
      { run: { op: "wait_child", child } },
      finds(buffer, filled),
      ...CLOSE,
    ],
    child: (buffer) => [
      { run: { op: "child" } },
      finds(buffer, filled),
      { run: { ...OPEN.run, n: childs, mirror: mirrorId(1) } },
      {
        run: { op: "dmirror", command: "WRITE", n: childs, ...buffer, value: DEVICE },
        expect: all(buffer),
      },
      finds(buffer, written),
      { run: { op: "remove", n: childs } },
      { run: { op: "mm_exit" } },
    ],
  },
  {
    name: "anon_teardown",
    variant,
    setUp: (buffer) => [OPEN, map(buffer, "read_write"), fill(buffer)],
    steps: (buffer) => [read(buffer, { mayFail: true, ...all(buffer), values: filled })],
    // The other thread takes the second half away.
    thread: (buffer) => [unmap(part(buffer, buffer.np / 2, buffer.np / 2))],
  },
  {
    name: "anon_read_multiple",
    variant,
    steps: (buffer) => [
      OPEN,
      ...Array.from({ length: ROUNDS }, (_, round) => {
        const value = FILL + round * buffer.np;
        return [
          map(buffer, "read_write"),
          fill(buffer, value),
          read(buffer, { ...all(buffer), values: (index) => value + index }),
          unmap(buffer),
        ];
      }).flat(),
      ...CLOSE,
    ],
  },
];
