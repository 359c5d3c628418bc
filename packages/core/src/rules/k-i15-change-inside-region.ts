/**
 * K-I15: the CPU takes a page away only inside a region that covers it.
 *
 * It looks at what becomes of each entry, not at what the event is called: an entry through which a driver may
 * have found the page, and that names another one afterwards, none, or the same with less right. Filling an
 * absent entry needs no region, and neither does an upgrade of permissions; nor does what replaces a
 * migration entry, because nobody could use that.
 */
import {
  addressOfPage,
  type EventOf,
  endPageExclusive,
  type MmEvent,
  type PageEntry,
  pageOf,
} from "@mmreplay/events";
import { openRegion } from "../address-space/region.ts";
import { deviceAllows } from "../drivers/mirror/mirror.ts";
import { frameOfCpu } from "../memory/cpu-entry.ts";
import { entryOf, someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import type { Rule } from "./rule.ts";

/** Events that change entries. */
type Change = EventOf<"cpu_pte_change" | "handle_mm_fault" | "move_page_tables">;

/** K-I15. */
export const K_I15: Rule<{ before: readonly PageEntry[] }> = {
  id: "K-I15",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "Every change of a CPU entry that removes, replaces or write-protects a present mapping lies between START and END of a region that covers it.",
  source: "Documentation/mm/mmu_notifier.rst; f268f6cf875f",
  on: ["cpu_pte_change", "handle_mm_fault", "move_page_tables"],
  observes: [["cpu_pte_change"]],
  start: () => ({ before: [] }),
  before(memory, state, event) {
    if (isChange(event)) memory.before = entriesBefore(state, event);
  },
  after({ before }, state, event, report) {
    if (!isChange(event)) return;
    const { from, to } = coveredPages(state, event);
    const cpu = state.mms[event.mm]?.cpu;
    for (const [page, entry] of before) {
      if (page >= from && page < to) continue;
      if (cpu === undefined || !takesAway(entry, entryOf(cpu, page))) continue;
      report.violated({
        message: `The CPU's entry of page ${page} changes outside any invalidation.`,
        address: addressOfPage(page),
      });
      return;
    }
    report.held();
  },
};

const isChange = (event: MmEvent): event is Change =>
  event.type === "cpu_pte_change" ||
  event.type === "handle_mm_fault" ||
  event.type === "move_page_tables";

/** The present entries that an event names, as they were. */
function entriesBefore(state: State, event: Change): PageEntry[] {
  const cpu = state.mms[event.mm]?.cpu;
  const before: PageEntry[] = [];
  if (cpu === undefined) return before;
  if (event.type === "move_page_tables") {
    someEntry(cpu, event.startPage, event.endPageExclusive, (page, entry) => {
      before.push([page, entry]);
      return false;
    });
    return before;
  }
  for (const [page] of event.entries) {
    const entry = entryOf(cpu, page);
    if (entry !== 0) before.push([page, entry]);
  }
  return before;
}

/** Whether a driver that mirrors the old entry may do what the new one no longer allows. */
function takesAway(before: number, after: number): boolean {
  if (!deviceAllows(before, false)) return false;
  const same = frameOfCpu(before) === frameOfCpu(after);
  if (!same || !deviceAllows(after, false)) return true;
  return deviceAllows(before, true) && !deviceAllows(after, true);
}

/** The pages of the event's region, while that may still change them. */
function coveredPages(state: State, event: Change): { from: number; to: number } {
  const id = "region" in event ? event.region : null;
  const mm = state.mms[event.mm];
  const region = id === null || mm === undefined ? undefined : openRegion(mm, id);
  if (region === undefined || region.phase === "ending") return { from: 0, to: 0 };
  return { from: pageOf(region.start), to: endPageExclusive(region.end) };
}
