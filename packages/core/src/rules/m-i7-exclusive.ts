/**
 * M-I7: what a device has to itself the CPU has not.
 *
 * An entry with the tag ATOMIC stands for a page that the CPU's entry keeps from the CPU; it is gone before
 * the CPU is let in again. And no two copies of a page can be written, one by the CPU and one by a
 * device (K-I35).
 */
import { addressOfPage, type MmEvent, shortAddress } from "@mmreplay/events";
import { frameOf, isAtomic, mayWrite } from "../drivers/mirror/mirror.ts";
import { allows, frameOfCpu, isExclusive } from "../memory/cpu-entry.ts";
import { isFreedFrame } from "../memory/frame.ts";
import { mmOfMirror } from "../memory/last-write.ts";
import { entryOf, someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import { noMemory, type Rule, type Verdict } from "./rule.ts";

/** M-I7. */
export const M_I7: Rule<null> = {
  id: "M-I7",
  kind: "state",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "A page that a device has exclusive access to is named by a device-exclusive entry of the CPU, for the same frame; no page has one copy that the CPU and another that a device may write; and nobody locks a page that is free.",
  source: "K-I35, mm/rmap.c: make_device_exclusive_range; 7c7b962938dd",
  on: ["device_map", "cpu_pte_change", "handle_mm_fault", "cpu_read", "cpu_write", "lock_page"],
  observes: [["make_device_exclusive_range", "device_map"]],
  start: noMemory,
  after(_, state, event, report) {
    if (state.frames.length === 0) return;
    const wrong =
      event.type === "lock_page" ? lockedFree(state, event.frame) : shared(state, event);
    if (wrong === undefined) report.held();
    else report.violated(wrong);
  },
};

function lockedFree({ frames }: State, frame: number): Verdict | undefined {
  const found = frames[frame];
  if (found !== undefined && !isFreedFrame(frame, found)) return undefined;
  return { message: `The lock of frame ${frame} is taken, which is free.` };
}

/** The first page that a device and the CPU both have. */
function shared(state: State, event: MmEvent): Verdict | undefined {
  let wrong: Verdict | undefined;
  const [from, to] = concerned(event);
  for (const [id, { device }] of state.mirrors.entries()) {
    const cpu = state.mms[mmOfMirror(state, id)]?.cpu;
    if (cpu === undefined || wrong !== undefined) continue;
    someEntry(device, from, to, (page, entry) => {
      const says = conflict(entry, entryOf(cpu, page));
      if (says === undefined) return false;
      const message = `Page ${shortAddress(addressOfPage(page))}: ${says}.`;
      wrong = { message, address: addressOfPage(page) };
      return true;
    });
  }
  return wrong;
}

function conflict(device: number, cpu: number): string | undefined {
  const [own, others] = [frameOf(device), frameOfCpu(cpu)];
  if (isAtomic(device)) {
    if (isExclusive(cpu) && own === others) return undefined;
    return `a device has frame ${own} to itself, and the CPU's entry names ${others === 0 ? "none" : `frame ${others}`} without saying so`;
  }
  if (own === others || !mayWrite(device) || !allows(cpu, true)) return undefined;
  return `a device may write frame ${own}, and the CPU frame ${others}`;
}

/** The pages that an event names. */
function concerned(event: MmEvent): [number, number] {
  if (!("entries" in event) || !Array.isArray(event.entries)) return [0, 0];
  const pages = event.entries.map(([page]) => page);
  return [Math.min(...pages), Math.max(...pages) + 1];
}
