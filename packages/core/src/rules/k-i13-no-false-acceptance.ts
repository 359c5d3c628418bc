/**
 * K-I13: a passed retry check means that no window lay between the section's beginning and the check.
 *
 * A window that the reader's own task opened inside its own page walk does not count: the walk reads
 * the entries again after it (protocol.md 4.7), so nothing older is stored.
 */
import type { EventOf, MmEvent, NotifierId, Seq, TaskId } from "@mmreplay/events";
import { shortRange } from "@mmreplay/events";
import type { State } from "../state/state.ts";
import { earliest, latest } from "./position.ts";
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

const begun = ({ seq }: EventOf<"mmu_interval_read_begin">): string => `read_begin returned ${seq}`;
const unguarded = ({ seq }: EventOf<"read_seq_unguarded">): string =>
  `the number ${seq} is taken without read_begin`;

interface Section {
  notifier: NotifierId;
  seq: Seq;
  /** The place at which read_begin had certainly returned. */
  at: number;
  begun: Witness;
  /** The range that is being faulted, when it is known. */
  range: { start: string; end: string } | null;
}

interface Memory {
  windows: Windows;
  sections: Record<TaskId, Section>;
}

/** K-I13. */
export const K_I13: Rule<Memory> = {
  id: "K-I13",
  kind: "monitor",
  severity: "safety",
  statement:
    "If read_retry is false under the driver's lock, no region overlapping the notifier has returned from its callback and not reached its end, and none did so since read_begin.",
  source: "mmu_interval_read_begin waits, mmu_interval_read_retry compares",
  on: [
    ...WINDOW_EVENTS,
    "mmu_interval_read_begin",
    "read_begin_wake",
    "read_seq_unguarded",
    "hmm_range_fault",
    "mmu_interval_read_retry",
    "device_map_begin",
    "device_map",
  ],
  observes: [
    ["invalidate_return", "mmu_interval_read_retry"],
    ["invalidate_return", "device_map_begin"],
  ],
  start: () => ({ windows: noWindows(), sections: {} }),
  after(memory, state, event, report) {
    trackWindows(memory.windows, state, event);
    const section = memory.sections[event.task];
    switch (event.type) {
      case "lost_events":
      case "buffer_started":
        memory.sections = {};
        break;
      case "mmu_interval_read_begin":
        memory.sections[event.task] = {
          notifier: event.notifier,
          seq: event.seq,
          at: latest(event),
          begun: witness(event, begun),
          range: null,
        };
        break;
      case "read_begin_wake":
        if (section?.notifier === event.notifier) section.at = latest(event);
        break;
      case "read_seq_unguarded":
        if (section?.notifier === event.notifier) {
          section.seq = event.seq;
          section.at = latest(event);
          section.begun = witness(event, unguarded);
        }
        break;
      case "hmm_range_fault":
        if (section?.notifier === event.notifier) {
          section.range = { start: event.start, end: event.end };
        }
        break;
      case "mmu_interval_read_retry":
        if (section?.notifier !== event.notifier || section.seq !== event.seq) break;
        if (!event.result) accepted(memory, section, event, report);
        break;
      case "device_map_begin":
      case "device_map":
        if (section !== undefined) restsOn(memory, state, section, event, report);
        break;
      default:
    }
  },
};

/** A store is a case for each entry; it rests on the check that passed before it. */
function restsOn(
  memory: Memory,
  state: State,
  section: Section,
  event: Extract<MmEvent, { type: "device_map_begin" | "device_map" }>,
  report: Report,
): void {
  if (event.notifier !== section.notifier) return;
  const checked = state.tasks[event.task]?.section?.checked;
  if (event.type === "device_map") {
    if (checked === false) report.held(event.entries.length);
    return;
  }
  const agrees = event.recordedSeq === undefined || event.recordedSeq === event.seq;
  if (checked === false) report.held();
  else if (agrees && event.seq === section.seq) accepted(memory, section, event, report);
}

/** The section's number is still the notifier's: was there a window that it should have missed? */
function accepted(memory: Memory, section: Section, event: MmEvent, report: Report): void {
  const foreign = (window: Window): boolean =>
    window.task !== event.task || window.startAt < section.at;
  const { range } = section;
  const overlaps = (window: Window): boolean =>
    range !== null && window.start < range.end && window.end > range.start;
  const find = (matches: (window: Window) => boolean) =>
    windowBetween(memory.windows, section.notifier, section.at, earliest(event), matches);
  const window = find((one) => foreign(one) && overlaps(one)) ?? find(foreign);
  if (window === undefined) {
    if (forgotSince(memory.windows, section.notifier, section.at)) report.undecided(TOO_MANY);
    else report.held();
    return;
  }
  const pages = overlaps(window) ? `, which takes pages of this fault away,` : "";
  report.violated({
    message: `read_retry(${section.seq}) is false although the ${window.event} invalidation of ${shortRange(window.start, window.end)}${pages} came after read_begin${
      isOwned(window) ? " and the callback skipped it as its owner's" : ""
    }: what is stored now may be stale.`,
    evidence: [section.begun, ...evidenceOf(window)],
    ...(window.closeAt === null ? { needs: ["mmu_notifier_invalidate_range_end"] as const } : {}),
    address:
      range !== null && window.start < range.start
        ? (range.start as Window["start"])
        : window.start,
  });
}
