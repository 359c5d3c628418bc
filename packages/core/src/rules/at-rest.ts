/**
 * Two rules in a form that needs no memory, for a search that compares states.
 *
 * K-I14 at rest: while no region is open each device entry is the CPU's. It is weaker than K-I14, which
 * also looks inside regions; what it finds is unsafe without any doubt. K-I17 by touch: a step of a
 * callback uses a notifier whose removal has returned. They are the oracle of ../shared/peers.
 */
import { addressOfPage, type MmEvent, shortAddress } from "@mmreplay/events";
import { regionCalledBy } from "../address-space/region.ts";
import { agrees, frameOf, mayWrite } from "../drivers/mirror/mirror.ts";
import { frameOfCpu, kindOf } from "../memory/cpu-entry.ts";
import { isMovedBy } from "../memory/held-pages.ts";
import { entryOf, type PageTable, someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import { noMemory, type Report, type Rule } from "./rule.ts";

/** K-I14 while no region is open. */
export const K_I14_AT_REST: Rule<null> = {
  id: "K-I14",
  kind: "state",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "While no region is open every device entry names the frame that the CPU's entry names; a driver that is moving the page itself may also have the frame to which it moves.",
  source: "Documentation/mm/hmm.rst",
  on: ["device_map", "mn_itree_inv_end", "migrate_vma_finalize_return"],
  observes: [["mm_create", "device_map"]],
  start: noMemory,
  after(_, state, __, report) {
    for (const [id, mm] of state.mms.entries()) {
      if (mm.subs === null || mm.subs.active > 0) continue;
      for (const [mirror, { device }] of state.mirrors.entries()) {
        if (mirrors(state, mirror, id)) compare(state, mirror, device, mm.cpu, report);
      }
    }
  },
};

/** Whether a driver instance mirrors an address space; the only one is everybody's. */
function mirrors({ mms, notifiers }: State, mirror: number, mm: number): boolean {
  return mms.length === 1 || notifiers.find((one) => one.mirror === mirror)?.mm === mm;
}

/** Each device entry against the CPU's. */
function compare(
  state: State,
  mirror: number,
  device: PageTable,
  cpu: PageTable,
  report: Report,
): void {
  someEntry(device, 0, Number.MAX_SAFE_INTEGER, (page, entry) => {
    const other = entryOf(cpu, page);
    if (agrees(entry, other) || isMovedBy(state, mirror, page, other, frameOf(entry))) return false;
    report.violated({ message: differing(shortAddress(addressOfPage(page)), entry, other) });
    return true;
  });
}

function differing(page: string, device: number, cpu: number): string {
  const [own, other] = [frameOf(device), frameOfCpu(cpu)];
  if (own !== other) {
    return `The device maps ${page} to frame ${own}, the CPU to ${other === 0 ? "none" : `frame ${other}`}.`;
  }
  const may = mayWrite(device) ? "write" : "read";
  return `The device may ${may} ${page} (frame ${own}), where the CPU's entry is ${kindOf(cpu)}.`;
}

/** K-I17 by what a callback touches. */
export const K_I17_BY_TOUCH: Rule<null> = {
  id: "K-I17",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement: "No step of a callback uses a notifier whose removal has returned.",
  source: "kerneldoc of mmu_interval_notifier_remove; 319561669a59",
  on: ["driver_lock", "mmu_interval_set_seq", "device_unmap"],
  observes: [["mm_create", "invalidate"]],
  start: noMemory,
  after(_, state, event, report) {
    usesFreed(state, event, report);
  },
};

function usesFreed(state: State, event: MmEvent, report: Report): void {
  const next = regionCalledBy(state, event.task)?.next;
  if (next == null) return;
  if (state.notifiers[next]?.phase !== "free") report.held();
  else report.violated({ message: `A callback uses notifier${next}, whose removal has returned.` });
}
