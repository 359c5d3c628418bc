/**
 * The bodies of the kernel's HMM selftests (protocol.md 6.6) that move pages to a device and back, or give a
 * device exclusive access.
 *
 * What a device has read back of moved pages is compared, as the kernel's tests do. hmm2 tests open two
 * devices.
 */
import { PROT } from "@mmreplay/core";
import { mmId } from "@mmreplay/events";
import type { Buffer, Expectation, Part, Step, TestBody } from "./body.ts";
import {
  all,
  CHILD,
  CLOSE,
  CLOSE_SECOND,
  command,
  FILL,
  fill,
  filled,
  finds,
  fork,
  inMapping,
  map,
  OPEN,
  OPEN_SECOND,
  part,
  protect,
  read,
  snapshot,
  unmap,
  wait,
  withBuffer,
  write,
} from "./commands.ts";

const [EPERM, ENOENT, EINVAL] = [-1, -2, -22];
const variant = "device_private";
/** The callback answers true to its own device's migrations, and does not acknowledge them. */
const breaks = "K-I12";
const child = mmId(1);
const FILE = 0;
/** Times that the repeated bodies go round. */
const ROUNDS = 10;
/** What the CPU has made of a page that it filled. */
const next = (index: number): number => filled(index) + 1;

const toDevice = command("MIGRATE_TO_DEV");
const toSecond = command("MIGRATE_TO_DEV", "second");
const release = command("RELEASE");
const exclusive = command("EXCLUSIVE");
const checkExclusive = command("CHECK_EXCLUSIVE");

/** All pages have been moved, or granted, and read back: what was filled. */
const allFilled = ({ np }: Buffer): Expectation => ({ rc: 0, cpages: np, values: filled });
const half = (buffer: Buffer): Buffer => part(buffer, 0, buffer.np / 2);

/** Two devices. */
const withTwo =
  (inside: Part): Part =>
  (buffer, place) => [
    OPEN,
    OPEN_SECOND,
    ...inMapping(inside)(buffer, place),
    CLOSE_SECOND,
    ...CLOSE,
  ];

/** One device, pages that the CPU has written. */
const MOVED: readonly TestBody[] = [
  {
    name: "migrate",
    variant,
    breaks,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
    ]),
  },
  {
    name: "migrate_file_private",
    variant,
    breaks,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write", { kind: "private", file: FILE }),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
    ]),
  },
  {
    name: "migrate_fault",
    variant,
    breaks,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
      finds(half(buffer), filled),
      toDevice(buffer, allFilled(buffer)),
    ]),
  },
  {
    name: "migrate_release",
    variant,
    breaks,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
      release(buffer, { rc: 0 }),
      finds(half(buffer), filled),
    ]),
  },
  {
    name: "migrate_shared",
    variant,
    breaks,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write", { kind: "shared", file: FILE }),
      toDevice(buffer, { rc: ENOENT }),
    ]),
  },
  {
    name: "migrate_multiple",
    variant,
    breaks,
    steps: (buffer, place) => [
      OPEN,
      ...inMapping(() => round(buffer, 0))(buffer, place),
      // As in anon_read_multiple.
      ...Array.from({ length: ROUNDS - 1 }, (_, index) => {
        const { page, np } = place.heap;
        const again = { page: page + np - buffer.np, np: buffer.np };
        return [...round(again, index + 1), unmap(again)];
      }).flat(),
      ...CLOSE,
    ],
  },
];

/** The buffer is mapped, filled, moved to the device and brought back. */
function round(buffer: Buffer, number: number): Step[] {
  const value = FILL + number * buffer.np;
  const values = (index: number): number => value + index;
  return [
    map(buffer, "read_write"),
    fill(buffer, value),
    toDevice(buffer, { rc: 0, cpages: buffer.np, values }),
    finds(buffer, values),
  ];
}

const page = ({ page: first }: Buffer, index: number): Buffer => ({ page: first + index, np: 1 });

/** A reserved area with a hole after its first page, the zero page, one that is read-only, and a few more. */
function mixed(buffer: Buffer): Step[] {
  return [
    protect(page(buffer, 2), "read"),
    finds(page(buffer, 2), () => 0),
    protect(page(buffer, 3), "read_write"),
    fill(page(buffer, 3)),
    protect(page(buffer, 3), "read"),
  ];
}

/** Two devices. */
const TWO_DEVICES: readonly TestBody[] = [
  {
    name: "migrate_mixed",
    variant,
    breaks,
    buffer: { page: 512 + 85, np: 6 },
    steps: withTwo((buffer) => [
      map(buffer, "none"),
      toSecond(buffer, { rc: EINVAL }),
      unmap(page(buffer, 1)),
      toSecond(part(buffer, 0, 3), { rc: EINVAL }),
      ...mixed(buffer),
      protect(part(buffer, 4, 2), "read_write"),
      fill(page(buffer, 4)),
      fill(page(buffer, 5)),
      toSecond(part(buffer, 2, 4), { rc: 0, cpages: 4 }),
      // It is on the second device.
      toDevice(page(buffer, 5), { rc: ENOENT }),
    ]),
  },
  {
    name: "snapshot",
    variant,
    breaks,
    buffer: { page: 512 + 85, np: 7 },
    steps: withTwo((buffer) => [
      map(buffer, "none"),
      unmap(page(buffer, 1)),
      ...mixed(buffer),
      protect(part(buffer, 4, 3), "read_write"),
      fill(page(buffer, 4)),
      toDevice(page(buffer, 5), { rc: 0, cpages: 1 }),
      toSecond(page(buffer, 6), { rc: 0, cpages: 1 }),
      ...snapshot(buffer, (index) => SNAPSHOT[index] ?? PROT.ERROR),
    ]),
  },
  {
    name: "double_map",
    variant,
    breaks,
    buffer: { page: 512 + 85, np: 6 },
    steps: withTwo((buffer) => [
      map(buffer, "read_write"),
      fill(buffer),
      protect(buffer, "read"),
      read(buffer, { ...all(buffer), values: filled }),
      command("READ", "second")(buffer, { ...all(buffer), values: filled }),
      toSecond(buffer, allFilled(buffer)),
      read(buffer, { ...all(buffer), values: filled }),
    ]),
  },
];

/** What the first device is told: a page of the other one's memory is not there. */
const SNAPSHOT: readonly number[] = [
  PROT.ERROR,
  PROT.ERROR,
  PROT.ZERO | PROT.READ,
  PROT.READ,
  PROT.WRITE,
  PROT.DEV_PRIVATE_LOCAL | PROT.WRITE,
  PROT.NONE,
];

/** The CPU adds one to each page. */
const increment = (buffer: Buffer): Step[] => [
  finds(buffer, filled),
  fill(buffer, FILL + 1),
  finds(buffer, next),
];

/** Exclusive access. */
const EXCLUSIVE: readonly TestBody[] = [
  {
    name: "exclusive",
    variant,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      fill(buffer),
      exclusive(buffer, allFilled(buffer)),
      ...increment(buffer),
      checkExclusive(buffer, { rc: 0 }),
    ]),
  },
  {
    name: "exclusive_mprotect",
    variant,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      fill(buffer),
      exclusive(buffer, allFilled(buffer)),
      protect(buffer, "read"),
      write(buffer, { rc: EPERM }),
    ]),
  },
  {
    name: "exclusive_cow",
    variant,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      fill(buffer),
      exclusive(buffer, allFilled(buffer)),
      fork(child),
      ...increment(buffer),
    ]),
    child: (buffer) => [CHILD, ...increment(buffer), { run: { op: "mm_exit" } }],
  },
];

/** Fork of pages that are in device memory. */
const FORKED: readonly TestBody[] = [
  {
    name: "hmm_cow_in_device",
    variant,
    breaks,
    buffer: { page: 512 + 85, np: 4 },
    steps: (buffer) => [
      OPEN,
      map(buffer, "read_write"),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
      fork(child),
      fill(buffer, FILL + 1),
      wait(child),
      ...snapshot(buffer, () => PROT.WRITE),
      unmap(buffer),
      ...CLOSE,
    ],
    child: () => [CHILD, { run: { op: "mm_exit" } }],
  },
];

/** The bodies. */
export const MIGRATION_TESTS: readonly TestBody[] = [
  ...MOVED,
  ...TWO_DEVICES,
  ...EXCLUSIVE,
  ...FORKED,
];
