/**
 * A driver that mirrors a page table: one lock, one device page table.
 *
 * The lock is what orders stores against callbacks: check and store are one critical section, set_seq
 * and zap are one critical section, under the same lock. A device entry is a number: twice the
 * frame, plus 1 where the device may write. Kernel counterpart: struct dmirror (lib/test_hmm.c).
 */
import type { TaskId } from "@mmreplay/events";
import { allows, frameOfCpu, kindOf } from "../../memory/cpu-entry.ts";
import { emptyPageTable, type PageTable } from "../../state/page-table.ts";

/** A driver instance. */
export interface Mirror {
  /** Holder of the driver's lock. */
  lock: TaskId | null;
  /** The device page table. */
  device: PageTable;
}

/** A driver instance that maps nothing. */
export function emptyMirror(): Mirror {
  return { lock: null, device: emptyPageTable() };
}

/** A device entry as it is kept in the table. */
export function deviceEntry(frame: number, writable: boolean): number {
  return frame * 2 + (writable ? 1 : 0);
}

/** Whether a device may read, or write, what the CPU's entry says: also a page of its own memory. */
export function deviceAllows(cpu: number, write: boolean): boolean {
  const kind = kindOf(cpu);
  return (
    allows(cpu, write) || kind === "device_writable" || (!write && kind === "device_read_only")
  );
}

/** A device entry names the frame that the CPU's names, and allows no more than that one does. */
export function agrees(device: number, cpu: number): boolean {
  return frameOf(device) === frameOfCpu(cpu) && deviceAllows(cpu, mayWrite(device));
}

/** Whether the device may write through an entry. */
export function mayWrite(entry: number): boolean {
  return entry % 2 === 1;
}

/** The frame of a device entry. */
export function frameOf(entry: number): number {
  return Math.floor(entry / 2);
}
