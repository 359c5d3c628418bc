/**
 * What a run does to a buffer, in a form that a simulated and a recorded run share: invalidations with
 * their callbacks and what these erase, range faults with their results, checks and stores. Pages count from
 * the buffer's first, processes from the first that opens the device.
 *
 * A recording shows erasures in one of two forms. Where its probes are in the page table, each entry that the
 * device loses: of a simulated callback that is its range, as far as entries are present. Where they are not,
 * the range of each callback (dmirror_do_update).
 */
import {
  type EventOf,
  endPageExclusive,
  type MirrorId,
  type MmEvent,
  pageOf,
  type TaskId,
} from "@mmreplay/events";

/** Pages `[page, page + np)`. */
export interface Pages {
  readonly page: number;
  readonly np: number;
}

/** A device's entries that are stored or erased one after the other, and are not written down yet. */
interface Pending {
  readonly does: "store" | "erase";
  readonly pages: number[];
  /** How many of them are for writing. */
  writable: number;
}

/** One process's part of a run. */
interface Footprint {
  readonly lines: string[];
  pending: Pending | undefined;
  faulted: string;
  /** It is in a callback of a region that counts. */
  called: boolean;
  /** It is taking its notifier down. */
  closing: boolean;
}

/** The processes that open the device, in this order. */
export function processesOf(events: readonly MmEvent[]): TaskId[] {
  const opening = events.flatMap((event) =>
    event.type === "mmu_interval_notifier_insert" ? [event.task] : [],
  );
  return [...new Set(opening)];
}

/** What of a run is looked at. */
export interface Looked {
  /** Absent: all that its processes do. */
  readonly tasks?: ReadonlySet<TaskId>;
  /** Whether the entries of the device's page table are: a recording may not show them, but ranges only. */
  readonly entries: boolean;
}

/** What all processes share. */
interface Run {
  readonly buffer: Pages;
  readonly entries: boolean;
  /** Regions that count, by their mm and id. */
  readonly regions: Set<string>;
  /** Pages of the buffer that each mirror's device has. */
  readonly present: Map<MirrorId, Set<number>>;
}

/** The lines of a run's footprint, in order, for each process. */
export function footprint(
  events: readonly MmEvent[],
  buffer: Pages,
  { tasks, entries }: Looked,
): string[][] {
  const processes = new Map<TaskId, Footprint>();
  for (const task of processesOf(events)) {
    if (tasks?.has(task) === false) continue;
    processes.set(task, {
      lines: [],
      pending: undefined,
      faulted: "",
      called: false,
      closing: false,
    });
  }
  const run: Run = { buffer, entries, regions: new Set(), present: new Map() };
  // A recording shows no invalidation of an address space that has never had a notifier.
  const watched = new Set<number>();
  for (const event of events) {
    if (event.type === "mmu_interval_notifier_insert") watched.add(event.mm);
    if ("region" in event && "mm" in event && !watched.has(event.mm)) continue;
    const pages = moved(run, event);
    const own = processes.get(event.task);
    if (own !== undefined) add(own, run, event, pages);
  }
  for (const own of processes.values()) settle(own, buffer);
  return [...processes.values()].map(({ lines }) => lines);
}

function inside({ page, np }: Pages, from: number, to: number): string | undefined {
  const start = Math.max(from, page);
  const end = Math.min(to, page + np);
  return start < end ? `${start - page}-${end - page}` : undefined;
}

/** Single entries (recorded) and many at once (simulated) are one store, or one erasure. */
function settle(own: Footprint, buffer: Pages): void {
  const { pending, lines } = own;
  own.pending = undefined;
  if (pending === undefined) return;
  const { does, pages, writable } = pending;
  const [first, last] = [pages[0], pages.at(-1)];
  if (first === undefined || last === undefined) return;
  const said = `${does} ${inside(buffer, first, last + 1)}, ${pages.length} pages`;
  lines.push(does === "store" ? `${said}, ${writable} for writing` : said);
}

function pendingOf(own: Footprint, does: Pending["does"], buffer: Pages): Pending {
  if (own.pending?.does !== does) settle(own, buffer);
  own.pending ??= { does, pages: [], writable: 0 };
  return own.pending;
}

/** Pages that the device gains or loses by an event, whoever does it. */
function moved({ buffer, present }: Run, event: MmEvent): number[] {
  if (event.type !== "device_map" && event.type !== "device_unmap") return [];
  const has = present.get(event.mirror) ?? new Set();
  present.set(event.mirror, has);
  if (event.type === "device_map") {
    const pages = event.entries.map(([page]) => page);
    for (const page of pages) has.add(page);
    return pages;
  }
  const start = Math.max(event.startPage, buffer.page);
  const end = Math.min(event.endPageExclusive, buffer.page + buffer.np);
  const lost = [...has].filter((page) => page >= start && page < end).sort((a, b) => a - b);
  for (const page of lost) has.delete(page);
  return lost;
}

/**
 * The device's page table, as far as the recording shows it: entries, or what a callback is asked to erase. What
 * goes with the page table when the device is closed (xa_destroy) no probe shows.
 */
function mirrored(
  own: Footprint,
  { buffer, entries }: Run,
  event: EventOf<"device_map" | "device_unmap">,
  pages: readonly number[],
): void {
  const isStore = event.type === "device_map";
  if (own.closing) return;
  if (entries) {
    const pending = pendingOf(own, isStore ? "store" : "erase", buffer);
    pending.pages.push(...pages);
    if (isStore) pending.writable += event.entries.filter(([, , writable]) => writable).length;
    return;
  }
  if (isStore || !own.called) return;
  const asked = inside(buffer, event.startPage, event.endPageExclusive);
  if (asked !== undefined) own.lines.push(`erase ${asked}`);
}

function add(own: Footprint, run: Run, event: MmEvent, pages: readonly number[]): void {
  const { buffer } = run;
  switch (event.type) {
    case "probe":
      return;
    case "device_map":
    case "device_unmap":
      mirrored(own, run, event, pages);
      return;
    default:
      settle(own, buffer);
  }
  switch (event.type) {
    case "hmm_range_fault":
      own.faulted = inside(buffer, pageOf(event.start), endPageExclusive(event.end)) ?? "";
      break;
    case "hmm_range_fault_return":
      if (own.faulted !== "") own.lines.push(`range_fault ${own.faulted} = ${event.rc}`);
      break;
    case "driver_remove_begin":
      own.closing = true;
      break;
    case "mmu_interval_notifier_remove_return":
      own.closing = false;
      break;
    case "mmu_interval_read_retry":
      own.lines.push(`read_retry ${event.result}`);
      break;
    default:
      invalidated(own, run, event);
  }
}

/** A region says whether it may sleep, and whether it has an owner: which one, each run numbers for itself. */
function invalidated(own: Footprint, { buffer, regions }: Run, event: MmEvent): void {
  const { lines } = own;
  const key = "region" in event && "mm" in event ? `${event.mm} ${event.region}` : "";
  switch (event.type) {
    case "mmu_notifier_invalidate_range_start": {
      const pages = inside(buffer, pageOf(event.start), endPageExclusive(event.end));
      if (pages === undefined) break;
      regions.add(key);
      const owned = event.owner === null ? "no owner" : "owned";
      lines.push(`${event.event} ${pages}, blockable ${event.blockable}, ${owned}`);
      break;
    }
    case "invalidate":
      own.called = regions.has(key);
      break;
    case "invalidate_return":
      own.called = false;
      if (regions.has(key)) lines.push(`callback ${event.result}`);
      break;
    case "mmu_notifier_invalidate_range_end":
      if (regions.delete(key)) lines.push("end");
      break;
    default:
  }
}
