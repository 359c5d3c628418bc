/**
 * K-I14: the device maps nothing that the CPU has taken away.
 *
 * Strict form: between a callback's return and the region's end the notifier maps nothing of the
 * region's range. Frame form: a device entry names the frame that the CPU's entry names. A
 * recording shows no frames; there a store counts as stale when its pages were looked up before a
 * region of another task began whose callback had returned before the store. A region that its
 * owner asked for is exempt in the strict form: the owner mends its own table (protocol.md 5.1).
 */
import {
  addressOfPage,
  endPageExclusive,
  type MirrorId,
  type MmEvent,
  maxAddress,
  type NotifierId,
  pageOf,
  shortAddress,
  shortRange,
  type TaskId,
} from "@mmreplay/events";
import { agrees, frameOf, type Mirror } from "../drivers/mirror/mirror.ts";
import { type IntervalNotifier, isLearned } from "../interval-notifiers/interval-notifier.ts";
import { isMovedBy } from "../memory/held-pages.ts";
import { entryOf, someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import { isRecorded, latest } from "./position.ts";
import { type Report, type Rule, type Witness, witness } from "./rule.ts";
import {
  evidenceOf,
  forgotSince,
  isOwned,
  noWindows,
  TOO_MANY,
  trackWindows,
  WINDOW_EVENTS,
  type Window,
  type Windows,
  windowBetween,
} from "./window.ts";

interface Memory {
  windows: Windows;
  /** Where each task's page walk had certainly ended. */
  looked: Record<TaskId, { notifier: NotifierId; at: number; seen: Witness }>;
}

/** K-I14. */
export const K_I14: Rule<Memory> = {
  id: "K-I14",
  kind: "monitor",
  severity: "safety",
  statement:
    "After a notifier's callback for a region has returned and until the region's end the device maps nothing of its range, and no device entry ever names a frame that the CPU's entry no longer names.",
  source: "struct mmu_interval_notifier_ops; Documentation/mm/hmm.rst",
  on: [
    ...WINDOW_EVENTS,
    "hmm_range_fault_return",
    "device_map_begin",
    "device_map",
    "cpu_pte_change",
  ],
  observes: [
    ["invalidate_return", "device_map"],
    ["invalidate_return", "device_map_begin"],
    ["cpu_pte_change", "device_map"],
  ],
  start: () => ({ windows: noWindows(), looked: {} }),
  after(memory, state, event, report) {
    const opened = trackWindows(memory.windows, state, event);
    if (opened !== undefined) emptied(state, opened, report);
    switch (event.type) {
      case "lost_events":
      case "buffer_started":
        memory.looked = {};
        break;
      case "hmm_range_fault_return": {
        const seen = witness(event, "hmm_range_fault returned the pages");
        memory.looked[event.task] = { notifier: event.notifier, at: latest(event), seen };
        break;
      }
      case "device_map_begin":
        lookedUpBefore(memory, event, report);
        break;
      case "device_map":
        insideWindow(memory, state, event, report);
        if (!isRecorded(event)) {
          sameFrames(
            state,
            event.entries.map(([page]) => page),
            report,
          );
        }
        break;
      case "cpu_pte_change":
        sameFrames(
          state,
          event.entries.map(([page]) => page),
          report,
        );
        break;
      default:
    }
  },
};

/** The callback has returned true: is the range empty? */
function emptied(state: State, window: Window, report: Report): void {
  const mirror = mirrorOf(state, window.notifier);
  if (mirror === undefined || isOwned(window)) return;
  const notifier = state.notifiers[window.notifier];
  if (notifier === undefined || isLearned(notifier)) return;
  const { from, to } = pagesOf(window, notifier);
  let mapped = 0;
  let first = 0;
  someEntry(mirror.device, from, to, (page) => {
    if (mapped++ === 0) first = page;
    return false;
  });
  if (mapped === 0) {
    report.held();
    return;
  }
  report.violated({
    message: `The callback of notifier${window.notifier} for ${shortRange(window.start, window.end)} returned true, and the device still maps ${mapped} of its pages.`,
    evidence: evidenceOf(window),
    address: addressOfPage(first),
    stale: { mirror: notifier.mirror as MirrorId, from, to },
    needs: ["device_unmap"],
  });
}

/** The pages of a region that a notifier covers, half-open. */
function pagesOf(window: Window, notifier: IntervalNotifier): { from: number; to: number } {
  return {
    from: Math.max(pageOf(window.start), pageOf(notifier.start)),
    to: Math.min(endPageExclusive(window.end), pageOf(notifier.last) + 1),
  };
}

function mirrorOf(state: State, notifier: NotifierId): Mirror | undefined {
  const id: MirrorId | null = state.notifiers[notifier]?.mirror ?? null;
  return id === null ? undefined : state.mirrors[id];
}

/**
 * A store into a range whose invalidation is open and whose callback has returned. A store through
 * another notifier of the same driver is none: that one's own callback may still have to come.
 */
function insideWindow(
  memory: Memory,
  state: State,
  event: Extract<MmEvent, { type: "device_map" }>,
  report: Report,
): void {
  const { open, openOf } = memory.windows;
  for (const window of event.notifier === null ? open : (openOf[event.notifier] ?? [])) {
    const notifier = state.notifiers[window.notifier];
    if (isOwned(window) || notifier === undefined || notifier.mirror !== event.mirror) continue;
    const { from, to } = pagesOf(window, notifier);
    const hit = event.entries.find(([page]) => page >= from && page < to);
    if (hit === undefined) continue;
    report.violated({
      message: `Page ${shortAddress(addressOfPage(hit[0]))} is mapped inside the ${window.event} invalidation of ${shortRange(window.start, window.end)}, whose callback had returned: the device keeps a page that the CPU takes away.`,
      evidence: evidenceOf(window),
      address: addressOfPage(hit[0]),
      stale: { mirror: event.mirror, from, to },
      needs: ["mmu_notifier_invalidate_range_end"],
    });
    return;
  }
  report.held(event.entries.length);
}

/** The pages were looked up before a foreign region began whose callback has returned. */
function lookedUpBefore(
  memory: Memory,
  event: Extract<MmEvent, { type: "device_map_begin" }>,
  report: Report,
): void {
  const looked = memory.looked[event.task];
  if (looked?.notifier !== event.notifier) return;
  const window = windowBetween(
    memory.windows,
    event.notifier,
    looked.at,
    latest(event),
    (one) =>
      one.task !== event.task &&
      one.startAt > looked.at &&
      one.start < event.end &&
      one.end > event.start,
  );
  if (window === undefined) {
    if (forgotSince(memory.windows, event.notifier, looked.at)) report.undecided(TOO_MANY);
    else report.held();
    return;
  }
  const at = maxAddress(window.start, event.start);
  report.violated({
    message: `Pages of ${shortRange(event.start, event.end)} are stored that were looked up before the ${window.event} invalidation of ${shortRange(window.start, window.end)} took some of them away.`,
    evidence: [looked.seen, ...evidenceOf(window)],
    address: at,
    stale: {
      mirror: event.mirror,
      from: pageOf(at),
      to: Math.min(endPageExclusive(window.end), endPageExclusive(event.end)),
    },
  });
}

/** Every device entry of these pages names the frame of the CPU's entry. */
function sameFrames(state: State, pages: readonly number[], report: Report): void {
  for (const [id, mirror] of state.mirrors.entries()) {
    const mm = state.notifiers.find((notifier) => notifier.mirror === id)?.mm;
    const cpu = mm == null ? undefined : state.mms[mm]?.cpu;
    const stale = pages.find((page) => {
      const entry = entryOf(mirror.device, page);
      if (entry === 0 || cpu === undefined || agrees(entry, entryOf(cpu, page))) return false;
      return !isMovedBy(state, id, page, entryOf(cpu, page), frameOf(entry));
    });
    if (stale === undefined) continue;
    report.violated({
      message: `The device's entry of ${shortAddress(addressOfPage(stale))} does not name the CPU's frame.`,
      address: addressOfPage(stale),
      stale: { mirror: id as MirrorId, from: stale, to: stale + 1 },
    });
    return;
  }
  report.held();
}
