/**
 * How a page fault gets at a page of private device memory, before it asks the driver to bring it back.
 *
 * Linux 6.1 takes a reference under the page table lock and no more. Two faults then refer to the page, and each
 * reference makes the other's migration give up (K-Z9). Later kernels try the page's lock first: whoever has it
 * migrates the page, the fault's own lock included. Who finds it locked came back at once and faulted again, which
 * keeps the CPU from whoever holds the lock (K-Z10); newer ones sleep until it is unlocked. Kernel counterpart:
 * do_swap_page (mm/memory.c), protocol.md 5.2.
 */
import { frameOfCpu, isDevicePrivate } from "../../memory/cpu-entry.ts";
import { type At, type Blocked, blockedIf, type Move, move } from "../machine.ts";
import type { Scenario } from "../operation.ts";

/** Whether a fault holds the lock of the page that its driver brings back (fault_page is locked). */
export function locksFaultPage({ deviceFault }: Pick<Scenario, "deviceFault">): boolean {
  return deviceFault === "retry" || deviceFault === "wait";
}

const isLocked = (at: At, entry: number): boolean =>
  at.state.frames[frameOfCpu(entry)]?.locked === true;

/** What keeps a fault from a page of the device that the entry names. */
export function waitsForDevicePage(at: At, entry: number): Blocked | null {
  const waits = at.scenario.deviceFault === "wait" && isDevicePrivate(entry);
  return blockedIf(waits && isLocked(at, entry), "page_lock");
}

/** The fault takes the page: its lock if it is to have it, then a reference. */
export function takeDevicePage(at: At, entry: number): Move {
  const frame = frameOfCpu(entry);
  const set = { frame, entry };
  if (!locksFaultPage(at.scenario)) {
    return { ...move(at, "to_ram", { type: "get_page", frame }), set };
  }
  if (isLocked(at, entry)) {
    return move(at, "next", { type: "handle_mm_fault", mm: at.mmId, entries: [] });
  }
  return { ...move(at, "to_ram_get", { type: "lock_page", frame }), set };
}
