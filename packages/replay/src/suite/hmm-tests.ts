/**
 * The bodies of the kernel's HMM selftests (protocol.md 6.6) that need neither migration nor exclusive access,
 * as operations with what they must find.
 *
 * Each opens the device, maps a buffer of 1,024 pages, closes the device and exits.
 */
import { PROT } from "@mmreplay/core";
import { mmId } from "@mmreplay/events";
import type { Buffer, Step, TestBody } from "./body.ts";
import {
  adviseHuge,
  all,
  CHILD,
  CHILD_CLOSES,
  CHILD_OPENS,
  CLOSE,
  childWrites,
  FILL,
  fill,
  filled,
  finds,
  fork,
  inMapping,
  map,
  OPEN,
  part,
  protect,
  read,
  snapshot,
  unmap,
  wait,
  withBuffer,
  write,
  written,
} from "./commands.ts";

const EPERM = -1;
const EFAULT = -14;

const child = mmId(1);
/** Pages of a huge page. */
const HUGE = 512;
/** A buffer that is one huge page. */
const HUGE_BUFFER: Buffer = { page: 2 * HUGE, np: HUGE };
/** A temporary file, or the device's own. */
const FILE = 0;

/** Times that the repeated bodies go round. */
const ROUNDS = 10;

/** Private anonymous memory, read and written by the device. */
const ANONYMOUS: readonly TestBody[] = [
  { name: "open_close", steps: () => [OPEN, ...CLOSE] },
  {
    name: "anon_read",
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
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      write(buffer, all(buffer)),
      finds(buffer, written),
    ]),
  },
  {
    name: "anon_write_prot",
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
];

/** Two processes. Neither unmaps the buffer. */
const FORKED: readonly TestBody[] = (["anon_write_child", "anon_write_child_shared"] as const).map(
  (name): TestBody => {
    const shared = name === "anon_write_child_shared";
    return {
      name,
      steps: (buffer, { heap }) => [
        OPEN,
        map(heap, "read_write"),
        fill(part(heap, 0, 1), 0),
        map(buffer, "read_write", shared ? { kind: "shared", file: FILE } : {}),
        fill(buffer),
        fork(child),
        wait(child),
        finds(buffer, shared ? written : filled),
        ...CLOSE,
      ],
      child: (buffer) => [
        CHILD,
        finds(buffer, filled),
        CHILD_OPENS,
        childWrites(buffer, all(buffer)),
        finds(buffer, written),
        ...CHILD_CLOSES,
      ],
    };
  },
);

/** Huge pages, of the mm's own accord and from the pool. */
const HUGE_PAGES: readonly TestBody[] = [
  {
    name: "anon_write_huge",
    buffer: HUGE_BUFFER,
    // Twice the size, so that an aligned huge page fits somewhere.
    mapping: ({ page, np }) => ({ page: page - 85, np: 2 * np }),
    steps: withBuffer((buffer, { mapping }) => [
      map(mapping, "read_write"),
      adviseHuge(buffer),
      write(buffer, all(buffer)),
      finds(buffer, written),
    ]),
  },
  {
    name: "anon_write_hugetlbfs",
    buffer: HUGE_BUFFER,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write", { kind: "hugetlb" }),
      write(buffer, all(buffer)),
      finds(buffer, written),
    ]),
  },
  {
    name: "compound",
    buffer: HUGE_BUFFER,
    steps: (buffer) => [
      OPEN,
      map(buffer, "read_write", { kind: "hugetlb" }),
      fill(buffer),
      ...snapshot(buffer, () => PROT.WRITE | PROT.PMD),
      protect(buffer, "read"),
      ...snapshot(buffer, () => PROT.READ | PROT.PMD),
      unmap(buffer),
      ...CLOSE,
    ],
  },
];

/** Mappings of files. */
const FILES: readonly TestBody[] = [
  {
    name: "file_read",
    steps: withBuffer((buffer) => [
      { run: { op: "file_write", file: FILE, page: 0, np: buffer.np, value: FILL } },
      map(buffer, "read", { kind: "shared", file: FILE }),
      read(buffer, { ...all(buffer), values: filled }),
    ]),
  },
  {
    name: "file_write",
    steps: withBuffer((buffer) => [
      map(buffer, "read_write", { kind: "shared", file: FILE }),
      write(buffer, all(buffer)),
      finds(buffer, written),
      {
        run: { op: "file_read", file: FILE, page: 0, np: buffer.np },
        expect: { values: written },
      },
    ]),
  },
  {
    name: "mixedmap",
    buffer: { page: HUGE + 495, np: 1 },
    steps: (buffer) => [
      OPEN,
      map(buffer, "read_write", { insert: "page" }),
      ...snapshot(buffer, () => PROT.READ),
      unmap(buffer),
      ...CLOSE,
    ],
  },
];

/** Again and again, and against another thread. */
const REPEATED: readonly TestBody[] = [
  {
    name: "anon_teardown",
    setUp: (buffer) => [OPEN, map(buffer, "read_write"), fill(buffer)],
    steps: (buffer) => [read(buffer, { mayFail: true, ...all(buffer), values: filled })],
    // The other thread takes the second half away.
    thread: (buffer) => [unmap(part(buffer, buffer.np / 2, buffer.np / 2))],
  },
  {
    name: "anon_read_multiple",
    steps: (buffer, place) => [
      OPEN,
      ...inMapping(() => round(buffer, 0))(buffer, place),
      // malloc keeps its memory from now on, and the kernel maps the buffer where malloc's pages were.
      ...Array.from({ length: ROUNDS - 1 }, (_, index) => {
        const { page, np } = place.heap;
        const again = { page: page + np - buffer.np, np: buffer.np };
        return [...round(again, index + 1), unmap(again)];
      }).flat(),
      ...CLOSE,
    ],
  },
];

/** The buffer is mapped, filled and read. */
function round(buffer: Buffer, number: number): Step[] {
  const value = FILL + number * buffer.np;
  return [
    map(buffer, "read_write"),
    fill(buffer, value),
    read(buffer, { ...all(buffer), values: (index) => value + index }),
  ];
}

/** The bodies. */
export const HMM_TESTS: readonly TestBody[] = [
  ...ANONYMOUS,
  ...FORKED,
  ...HUGE_PAGES,
  ...FILES,
  ...REPEATED,
];
