/**
 * K-I12, K-I13 and K-I14 in forms that need no memory: what one state and one step show of a region.
 *
 * They ask less than the rules with memory (rules/k-i12-…): not whether a number that a reader holds is
 * older than a region, only whether the callback has left the region's number behind, whether a check
 * passes inside a region that has told its notifier, and whether the device is empty there.
 */
import {
  addressOfPage,
  endPageExclusive,
  type NotifierId,
  pageOf,
  shortAddress,
} from "@mmreplay/events";
import type { AddressSpace } from "../address-space/address-space.ts";
import type { Region } from "../address-space/region.ts";
import { frameOf } from "../drivers/mirror/mirror.ts";
import type { IntervalNotifier } from "../interval-notifiers/interval-notifier.ts";
import { someEntry } from "../state/page-table.ts";
import { noMemory, type Rule } from "./rule.ts";
import { isOwned } from "./window.ts";

/** Regions that count and whose start has returned: each of their callbacks has returned, too. */
function told(mm: AddressSpace): Region[] {
  return Object.values(mm.regions).filter(({ phase, counted }) => phase === "open" && counted);
}

const overlap = (region: Region, { start, last }: IntervalNotifier): boolean =>
  start <= region.last && region.start <= last;

/**
 * The notifier has the mm's number: it was called back in this epoch, or was inserted in it. Others
 * may not have been called by the region, which did not see them.
 */
const acknowledged = ({ subs }: AddressSpace, { seq }: IntervalNotifier): boolean =>
  subs !== null && seq === subs.seq;

/** K-I12 at the callback's return. */
export const K_I12_ACKNOWLEDGED: Rule<{ seq: number | null }> = {
  id: "K-I12",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "A callback that answers true has executed mmu_interval_set_seq with its cur_seq; one for a grant of exclusive access that its own device asked for need not.",
  source: "kerneldoc of mmu_interval_set_seq",
  on: ["invalidate_return"],
  observes: [["mm_create", "invalidate_return"]],
  start: () => ({ seq: null }),
  before(memory, state, event) {
    if (event.type !== "invalidate_return" || !event.result) return;
    const region = state.mms[event.mm]?.regions[event.region];
    // A grant of exclusive access is protected by the locks of its pages (drivers.md 2.5).
    const isGrant = region?.event === "EXCLUSIVE" && region.owner !== null;
    memory.seq = isGrant ? null : (region?.seq ?? null);
  },
  after(memory, state, event, report) {
    if (event.type !== "invalidate_return" || memory.seq === null) return;
    const seq = state.notifiers[event.notifier]?.seq;
    if (seq === memory.seq) report.held();
    else {
      report.violated({
        message: `The callback of notifier${event.notifier} answers true, and its invalidate_seq is ${seq}, not the region's ${memory.seq}.`,
      });
    }
  },
};

/** K-I13 inside an open region. */
export const K_I13_IN_WINDOW: Rule<null> = {
  id: "K-I13",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "read_retry is not false while a region is open that overlaps the notifier, which has acknowledged the epoch, and whose start has returned, nor after a callback that has answered true since read_begin without mmu_interval_set_seq.",
  source: "mmu_interval_read_begin, mmu_interval_read_retry",
  on: ["mmu_interval_read_retry"],
  observes: [["mm_create", "mmu_interval_read_retry"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "mmu_interval_read_retry" || event.result) return;
    if (state.tasks[event.task]?.section?.missed === true) {
      report.violated({
        message: `read_retry of notifier${event.notifier} is false although a callback has answered true since read_begin, and has left the sequence alone: its owner's invalidation is not noticed.`,
      });
      return;
    }
    const notifier = state.notifiers[event.notifier];
    const mm = notifier?.mm == null ? undefined : state.mms[notifier.mm];
    if (notifier === undefined || mm === undefined || !acknowledged(mm, notifier)) return;
    const region = told(mm).find((one) => overlap(one, notifier));
    if (region === undefined) report.held();
    else {
      report.violated({
        message: `read_retry of notifier${event.notifier} is false inside region${region.id}, which has told it.`,
      });
    }
  },
};

/** K-I14 inside an open region. */
export const K_I14_IN_WINDOW: Rule<null> = {
  id: "K-I14",
  kind: "state",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "From the return of a region's start to its end the device maps none of the region's pages through a notifier that has acknowledged the epoch.",
  source: "struct mmu_interval_notifier_ops",
  on: ["device_map", "mmu_notifier_invalidate_range_start_return"],
  observes: [["mm_create", "device_map"]],
  start: noMemory,
  after(_, state, event, report) {
    for (const [id, notifier] of state.notifiers.entries()) {
      // A start tells only notifiers of its own address space.
      if ("mm" in event && notifier.mm !== event.mm) continue;
      const mm = notifier.mm === null ? undefined : state.mms[notifier.mm];
      if (mm === undefined || !notifier.inTree || notifier.mirror === null) continue;
      if (!acknowledged(mm, notifier)) continue;
      const { device } = state.mirrors[notifier.mirror] ?? {};
      for (const region of told(mm)) {
        if (device === undefined || isOwned(region) || !overlap(region, notifier)) continue;
        const from = Math.max(pageOf(region.start), pageOf(notifier.start));
        const to = Math.min(endPageExclusive(region.end), pageOf(notifier.last) + 1);
        someEntry(device, from, to, (page, entry) => {
          report.violated({
            message: `The device maps ${shortAddress(addressOfPage(page))} to frame ${frameOf(entry)} through notifier${id as NotifierId}, inside region${region.id}, whose callbacks have all returned.`,
          });
          return true;
        });
      }
    }
  },
};
