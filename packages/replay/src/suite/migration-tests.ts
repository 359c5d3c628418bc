/**
 * The bodies of the kernel's HMM selftests (protocol.md 6.6) that move pages to a device and back, or give a
 * device exclusive access.
 *
 * What a device has read back of moved pages is compared, as the kernel's tests do. hmm2 tests open two
 * devices. Pages of coherent memory do not come back by a CPU access, so there MIGRATE_TO_SYS brings them back.
 */
import { PROT } from "@mmreplay/core";
import { type GupKind, mmId } from "@mmreplay/events";
import type { Buffer, Expectation, Part, Place, Step, TestBody, Variant } from "./body.ts";
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
  gup,
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
/** The callback answers true to its own device's migrations, and does not acknowledge them. */
const breaks = "K-I12";
const child = mmId(1);
const FILE = 0;
/** Times that the repeated bodies go round. */
const ROUNDS = 10;
/** What the CPU has made of a page that it filled. */
const next = (index: number): number => filled(index) + 1;

const toDevice = command("MIGRATE_TO_DEV");
const toSystem = command("MIGRATE_TO_SYS");
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
    breaks,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write"),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
    ]),
  },
  {
    name: "migrate_file_private",
    breaks,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write", { kind: "private", file: FILE }),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
    ]),
  },
  {
    name: "migrate_fault",
    breaks,
    steps: withBuffer((buffer, place) => [
      map(buffer, "read_write"),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
      ...bringBack(half(buffer), place),
      finds(half(buffer), filled),
      toDevice(buffer, allFilled(buffer)),
    ]),
  },
  {
    name: "migrate_release",
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
    breaks,
    steps: withBuffer((buffer) => [
      map(buffer, "read_write", { kind: "shared", file: FILE }),
      toDevice(buffer, { rc: ENOENT }),
    ]),
  },
  {
    name: "migrate_multiple",
    breaks,
    steps: (buffer, place) => [
      OPEN,
      ...inMapping(() => round(buffer, place, 0))(buffer, place),
      // As in anon_read_multiple.
      ...Array.from({ length: ROUNDS - 1 }, (_, index) => {
        const { page, np } = place.heap;
        const again = { page: page + np - buffer.np, np: buffer.np };
        return [...round(again, place, index + 1), unmap(again)];
      }).flat(),
      ...CLOSE,
    ],
  },
];

/** What the CPU will read is moved to system memory, where the read itself does not do it. */
function bringBack(buffer: Buffer, { variant }: Place): Step[] {
  return variant === "device_coherent" ? [toSystem(buffer, { rc: 0, cpages: buffer.np })] : [];
}

/** The buffer is mapped, filled, moved to the device and brought back. */
function round(buffer: Buffer, place: Place, number: number): Step[] {
  const value = FILL + number * buffer.np;
  const values = (index: number): number => value + index;
  return [
    map(buffer, "read_write"),
    fill(buffer, value),
    toDevice(buffer, { rc: 0, cpages: buffer.np, values }),
    ...bringBack(buffer, place),
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
    breaks,
    buffer: { page: 512 + 85, np: 7 },
    steps: withTwo((buffer, { variant }) => [
      map(buffer, "none"),
      unmap(page(buffer, 1)),
      ...mixed(buffer),
      protect(part(buffer, 4, 3), "read_write"),
      fill(page(buffer, 4)),
      toDevice(page(buffer, 5), { rc: 0, cpages: 1 }),
      toSecond(page(buffer, 6), { rc: 0, cpages: 1 }),
      ...snapshot(buffer, (index) => [...SNAPSHOT, ...MOVED_TO[variant]][index] ?? PROT.ERROR),
    ]),
  },
  {
    name: "double_map",
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

/** What the first device is told of the pages that have stayed. */
const SNAPSHOT: readonly number[] = [
  PROT.ERROR,
  PROT.ERROR,
  PROT.ZERO | PROT.READ,
  PROT.READ,
  PROT.WRITE,
];

/** And of those that are on itself and on the other one: of its private memory nothing. */
const MOVED_TO: Readonly<Record<Variant, readonly [own: number, others: number]>> = {
  device_private: [PROT.DEV_PRIVATE_LOCAL | PROT.WRITE, PROT.NONE],
  device_coherent: [PROT.DEV_COHERENT_LOCAL | PROT.WRITE, PROT.DEV_COHERENT_REMOTE | PROT.WRITE],
};

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

/** The kinds of references, one for each page: get, get_fast, pin_longterm_fast, pin_longterm. */
const GUP_KINDS: readonly GupKind[] = ["get", "get_fast", "pin_longterm_fast", "pin_longterm"];

/** Fork of pages that are in device memory. */
const FORKED: readonly TestBody[] = [
  {
    name: "hmm_cow_in_device",
    breaks,
    buffer: { page: 512 + 85, np: 4 },
    steps: (buffer, { variant }) => [
      OPEN,
      map(buffer, "read_write"),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
      fork(child),
      fill(buffer, FILL + 1),
      // The kernel's child lives until it is killed here.
      wait(child),
      ...snapshot(
        buffer,
        () => PROT.WRITE,
        // The page of a child that has gone before need not be copied.
        variant === "device_coherent" ? { inAnotherOrder: () => STAYS[variant] } : {},
      ),
      unmap(buffer),
      ...CLOSE,
    ],
    child: () => [CHILD, { run: { op: "mm_exit" } }],
  },
];

/** The gup_test module: what may stay in coherent memory stays, what is pinned for long does not. */
const PINNED: readonly TestBody[] = [
  {
    name: "hmm_gup_test",
    breaks,
    buffer: { page: 512 + 85, np: 4 },
    steps: (buffer, { variant }) => [
      OPEN,
      map(buffer, "read_write"),
      fill(buffer),
      toDevice(buffer, allFilled(buffer)),
      ...GUP_KINDS.map((how, index) => gup(page(buffer, index), how)),
      ...snapshot(buffer, (index) => (index < 2 ? STAYS[variant] : PROT.WRITE)),
      finds(buffer, filled),
      unmap(buffer),
      ...CLOSE,
    ],
  },
];

/** Where a page is that was on the device when it was referred to. */
const STAYS: Readonly<Record<Variant, number>> = {
  device_private: PROT.WRITE,
  device_coherent: PROT.DEV_COHERENT_LOCAL | PROT.WRITE,
};

/** The bodies. */
export const MIGRATION_TESTS: readonly TestBody[] = [
  ...MOVED,
  ...TWO_DEVICES,
  ...EXCLUSIVE,
  ...PINNED,
  ...FORKED,
];
