/**
 * Kernel pointers of a recording, interned to small ids.
 *
 * A structure that is freed and allocated again at the same address gets the same id: its next
 * insertion begins a new life of it. Memory grows with the number of distinct addresses only.
 */
import {
  type Address,
  address,
  type MirrorId,
  type MmId,
  mirrorId,
  mmId,
  type NotifierId,
  notifierId,
  type PlainId,
  plainId,
  SimError,
  type TaskId,
  taskId,
} from "@mmreplay/events";
import type { EventMoment, Line } from "./lowering-context.ts";

/** Texts of addresses that are kept. */
const ADDRESSES_MAX = 1024;

/** Kinds of interned things. */
export type PointerKind = "mm" | "notifier" | "mirror" | "owner" | "plain";

/** Ids by pointer, and what a new one is told to. */
export interface Pointers {
  mm(pointer: string): MmId;
  notifier(pointer: string): NotifierId;
  /** The instance that a pointer at `offset` bytes inside it belongs to. */
  mirror(pointer: string, offset?: number): MirrorId;
  plain(pointer: string): PlainId;
  /** The address that a field prints; a recording repeats few texts, a million times. */
  address(text: string): Address;
  /** null for a null pointer. */
  owner(pointer: string): number | null;
  /** The id of a thread that has printed this line. */
  task(pid: number, comm: string, line: Line, at: number): TaskId;
}

/** What interning makes known. */
export interface PointerSink {
  pointer(kind: PointerKind, id: number, pointer: string): void;
  task(id: TaskId, pid: number, comm: string, moment: EventMoment): void;
}

/** What recorders print for a pointer: a number, a hashed one (%p), or nothing. */
const POINTER =
  /^(?:0x[0-9a-f]{1,16}|[0-9a-f]{1,20}|\((?:null|fault|_+ptrval_+|efault|einval)\)|)$/i;

function notAPointer(text: string): SimError {
  return new SimError({
    code: "E_POINTER",
    found: JSON.stringify(text.slice(0, 60)),
    expected: "a pointer, decimal or hexadecimal",
    action: "Is this field what the profile says?",
  });
}

/** Nothing is in the lowest page, and the last 4095 addresses are errors of the kernel. */
const LOWEST = 4096n;
const FIRST_ERROR = (1n << 64n) - 4095n;

/**
 * The address of the structure that `pointer` points into. What is no number, or no address of a
 * structure, is left as it is: a pointer that nobody has recorded would say less.
 */
function baseOf(pointer: string, offset: number): string {
  if (offset === 0 || !/^0x[0-9a-f]{1,16}$/.test(pointer)) return pointer;
  const address = BigInt(pointer);
  const base = address - BigInt(offset);
  return base < LOWEST || address >= FIRST_ERROR ? pointer : `0x${base.toString(16)}`;
}

/**
 * Interns pointers; each new one is announced to `sink` before its id is returned. A text that can be
 * none is a SimError (`E_POINTER`), and its line unread.
 */
export function createPointers(sink: PointerSink): Pointers {
  const tables: Record<PointerKind, Map<string, number>> = {
    mm: new Map(),
    notifier: new Map(),
    mirror: new Map(),
    owner: new Map(),
    plain: new Map(),
  };
  /** Instances by the offset of a member and the pointer to it. */
  const members = new Map<number, Map<string, MirrorId>>();
  const tasks = new Map<number, TaskId>();
  const addresses = new Map<string, Address>();
  const intern = (kind: PointerKind, pointer: string): number => {
    const table = tables[kind];
    const known = table.get(pointer);
    if (known !== undefined) return known;
    if (!POINTER.test(pointer)) throw notAPointer(pointer);
    const id = table.size;
    table.set(pointer, id);
    sink.pointer(kind, id, pointer);
    return id;
  };
  return {
    mm: (pointer) => mmId(intern("mm", pointer)),
    notifier: (pointer) => notifierId(intern("notifier", pointer)),
    mirror: (pointer, offset = 0) => {
      const known = members.get(offset)?.get(pointer);
      if (known !== undefined) return known;
      const id = mirrorId(intern("mirror", baseOf(pointer, offset)));
      const ofOffset = members.get(offset) ?? new Map<string, MirrorId>();
      members.set(offset, ofOffset.set(pointer, id));
      return id;
    },
    address: (text) => {
      const known = addresses.get(text);
      if (known !== undefined) return known;
      const made = address(text);
      if (addresses.size < ADDRESSES_MAX) addresses.set(text, made);
      return made;
    },
    plain: (pointer) => plainId(intern("plain", pointer)),
    owner: (pointer) => (/^0x0*$/.test(pointer) ? null : intern("owner", pointer)),
    task: (pid, comm, line, at) => {
      const known = tasks.get(pid);
      if (known !== undefined) return known;
      const id = taskId(tasks.size);
      tasks.set(pid, id);
      sink.task(id, pid, comm, { line, at });
      return id;
    },
  };
}
