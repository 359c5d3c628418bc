/**
 * Windows: from the moment a notifier's callback for a region has returned true until the region's
 * end is called. Inside one the notifier may map nothing of the region's range.
 */
import type {
  Address,
  EventOf,
  InvalidationEvent,
  MmEvent,
  MmId,
  NotifierId,
  RegionId,
  TaskId,
} from "@mmreplay/events";
import { openRegion } from "../address-space/region.ts";
import type { State } from "../state/state.ts";
import { earliest, latest } from "./position.ts";
import { type Witness, witness, witnessEntry } from "./rule.ts";

/** One window of one notifier. */
export interface Window {
  mm: MmId;
  region: RegionId;
  notifier: NotifierId;
  task: TaskId;
  start: Address;
  end: Address;
  event: InvalidationEvent;
  owner: number | null;
  /** Earliest place of the region's start. */
  startAt: number;
  /** Place at which the callback had certainly returned. */
  openAt: number;
  /** Place at which the end was called; null while it is open. */
  closeAt: number | null;
  /** The events that opened it, and the one that closed it. */
  readonly started: MmEvent;
  readonly returned: EventOf<"invalidate_return">;
  ended: MmEvent | null;
}

/** Closed windows that are remembered for a notifier. */
const CLOSED_MAX = 64;

/** Why a case is undecided that lies further back. */
export const TOO_MANY = "more invalidations came in between than are remembered";

/** The windows of all notifiers, as far back as a read section can need them. */
export interface Windows {
  open: Window[];
  /** The same by their notifiers. */
  openOf: Record<NotifierId, Window[]>;
  closed: Record<NotifierId, Window[]>;
  /** The latest end of a closed window that is no longer remembered. */
  forgotten: Record<NotifierId, number>;
  /** Where each open region began. */
  starts: Record<MmId, Record<RegionId, EventOf<"mmu_notifier_invalidate_range_start">>>;
}

/** No window yet. */
export function noWindows(): Windows {
  return { open: [], openOf: {}, closed: {}, forgotten: {}, starts: {} };
}

/** The event types that windows are made of. */
export const WINDOW_EVENTS = [
  "mmu_notifier_invalidate_range_start",
  "mmu_notifier_invalidate_range_start_return",
  "invalidate_return",
  "mmu_notifier_invalidate_range_end",
  "mmu_interval_notifier_insert",
  "lost_events",
  "buffer_started",
] as const;

/** Whether a region asks its owner to leave the pages alone (protocol.md 5.1, owner filter). */
export function isOwned(window: Pick<Window, "event" | "owner">): boolean {
  return window.owner !== null && (window.event === "MIGRATE" || window.event === "EXCLUSIVE");
}

/** Keeps the windows up to date; returns the window that the event has opened. */
export function trackWindows(windows: Windows, state: State, event: MmEvent): Window | undefined {
  switch (event.type) {
    case "mmu_notifier_invalidate_range_start": {
      windows.starts[event.mm] ??= {};
      (windows.starts[event.mm] as Windows["starts"][MmId])[event.region] = event;
      return undefined;
    }
    case "invalidate_return":
      return event.result ? openWindow(windows, state, event) : undefined;
    case "mmu_notifier_invalidate_range_start_return":
      if (event.rc !== 0) close(windows, event.mm, event.region, event);
      return undefined;
    case "mmu_notifier_invalidate_range_end":
      close(windows, event.mm, event.region, event);
      return undefined;
    case "mmu_interval_notifier_insert":
      delete windows.closed[event.notifier];
      delete windows.forgotten[event.notifier];
      return undefined;
    case "lost_events":
    case "buffer_started":
      Object.assign(windows, noWindows());
      return undefined;
    default:
      return undefined;
  }
}

function openWindow(
  windows: Windows,
  state: State,
  event: Extract<MmEvent, { type: "invalidate_return" }>,
): Window | undefined {
  const mm = state.mms[event.mm];
  const region = mm === undefined ? undefined : openRegion(mm, event.region);
  const begun = windows.starts[event.mm]?.[event.region];
  if (region === undefined || begun === undefined) return undefined;
  const window: Window = {
    mm: event.mm,
    region: event.region,
    notifier: event.notifier,
    task: event.task,
    start: region.start,
    end: region.end,
    event: region.event,
    owner: region.owner,
    startAt: earliest(begun),
    openAt: latest(event),
    closeAt: null,
    started: begun,
    returned: event,
    ended: null,
  };
  windows.open.push(window);
  windows.openOf[event.notifier] ??= [];
  windows.openOf[event.notifier]?.push(window);
  return window;
}

function close(windows: Windows, mm: MmId, region: RegionId, event: MmEvent): void {
  const ends = (window: Window): boolean => window.mm === mm && window.region === region;
  if (!windows.open.some(ends)) return;
  const still: Window[] = [];
  for (const window of windows.open) {
    if (!ends(window)) {
      still.push(window);
      continue;
    }
    const open = windows.openOf[window.notifier] ?? [];
    open.splice(open.indexOf(window), 1);
    window.closeAt = earliest(event);
    window.ended = event;
    windows.closed[window.notifier] ??= [];
    const closed = windows.closed[window.notifier] as Window[];
    closed.push(window);
    const oldest = closed.length > CLOSED_MAX ? closed.shift() : undefined;
    if (oldest?.closeAt != null) windows.forgotten[window.notifier] = oldest.closeAt;
  }
  windows.open = still;
}

/** What shows a window, in order. */
export function evidenceOf({ event, started, returned, ended }: Window): Witness[] {
  return [
    witnessEntry(started, `${event} invalidation starts`),
    witness(returned, `callback of notifier${returned.notifier} returned true`),
    ...(ended === null ? [] : [witness(ended, "the invalidation ends")]),
  ];
}

/** A window of a notifier that lies, in part, after `since` and certainly before `until`. */
export function windowBetween(
  windows: Windows,
  notifier: NotifierId,
  since: number,
  until: number,
  matches: (window: Window) => boolean,
): Window | undefined {
  const fits = (window: Window): boolean =>
    window.openAt < until && (window.closeAt === null || window.closeAt > since) && matches(window);
  return windows.openOf[notifier]?.find(fits) ?? windows.closed[notifier]?.findLast(fits);
}

/** Whether a window that lay, in part, after `since` may have been forgotten. */
export function forgotSince(windows: Windows, notifier: NotifierId, since: number): boolean {
  const end = windows.forgotten[notifier];
  return end !== undefined && end > since;
}
