/**
 * A driver that mirrors a page table: one lock, one device page table.
 *
 * The lock is what orders stores against callbacks: check and store are one critical section, set_seq
 * and zap are one critical section, under the same lock. A device entry is a number: twice the
 * frame, plus 1 where the device may write; more where it has the page to itself (tag ATOMIC), which is
 * no right to write. Kernel counterpart: struct dmirror (lib/test_hmm.c).
 */
import type { TaskId } from "@mmreplay/events";
import { allows, type EntryKind, frameOfCpu, isExclusive, kindOf } from "../../memory/cpu-entry.ts";
import { emptyPageTable, type PageTable } from "../../state/page-table.ts";

/** A driver instance. */
export interface Mirror {
  /** Holder of the driver's lock. */
  lock: TaskId | null;
  /** Variables of a driver of the user's own, from the first time that one is set. */
  variables?: Record<string, number>;
  /** The device page table. */
  device: PageTable;
  /** Its file has been closed. */
  freed: boolean;
}

/** A driver instance that maps nothing. */
export function emptyMirror(): Mirror {
  return { lock: null, device: emptyPageTable(), freed: false };
}

/** What is added to an entry of a page that the device has to itself: above twice any frame. */
const ATOMIC = 2 ** 40;

/** A device entry as it is kept in the table. */
export function deviceEntry(frame: number, writable: boolean, atomic = false): number {
  return frame * 2 + (atomic ? ATOMIC : Number(writable));
}

/** Whether the device has the page to itself. */
export function isAtomic(entry: number): boolean {
  return entry >= ATOMIC;
}

const FOR_DEVICES: readonly (EntryKind | undefined)[] = ["device_writable", "exclusive"];
const READ_BY_DEVICES: readonly (EntryKind | undefined)[] = [
  "device_read_only",
  "exclusive_read_only",
];

/**
 * Whether a device may read, or write, what the CPU's entry says: also a page of its own memory, or one
 * that is kept from the CPU for it.
 */
export function deviceAllows(cpu: number, write: boolean): boolean {
  const kind = kindOf(cpu);
  return (
    allows(cpu, write) || FOR_DEVICES.includes(kind) || (!write && READ_BY_DEVICES.includes(kind))
  );
}

/**
 * A device entry names the frame that the CPU's names, and allows no more than that one does; what the
 * device has to itself the CPU has not.
 */
export function agrees(device: number, cpu: number): boolean {
  if (isAtomic(device) && !isExclusive(cpu)) return false;
  return frameOf(device) === frameOfCpu(cpu) && deviceAllows(cpu, mayWrite(device));
}

/** Whether the device may write through an entry. */
export function mayWrite(entry: number): boolean {
  return !isAtomic(entry) && entry % 2 === 1;
}

/** The frame of a device entry. */
export function frameOf(entry: number): number {
  return Math.floor((entry % ATOMIC) / 2);
}
