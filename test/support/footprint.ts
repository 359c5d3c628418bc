/**
 * What a run does to a buffer, in a form that a simulated and a recorded run share: invalidations with
 * their callbacks, range faults with their results, checks and stores. Pages count from the buffer's first,
 * processes from the first that opens the device.
 */
import { endPageExclusive, type MmEvent, pageOf, type TaskId } from "@mmreplay/events";

/** Pages `[page, page + np)`. */
export interface Pages {
  readonly page: number;
  readonly np: number;
}

/** One process's part of a run. */
interface Footprint {
  readonly lines: string[];
  /** Pages that were stored one after the other and are not written down yet. */
  stored: number[];
  faulted: string;
}

/** The processes that open the device, in this order. */
export function processesOf(events: readonly MmEvent[]): TaskId[] {
  const opening = events.flatMap((event) =>
    event.type === "mmu_interval_notifier_insert" ? [event.task] : [],
  );
  return [...new Set(opening)];
}

/** What of a run is looked at: absent, all that its processes do. */
export interface Looked {
  readonly tasks?: ReadonlySet<TaskId>;
  /** Whether stores are: a recording may not show them. */
  readonly stores?: boolean;
}

/** The lines of a run's footprint, in order, for each process. */
export function footprint(
  events: readonly MmEvent[],
  buffer: Pages,
  { tasks, stores = true }: Looked = {},
): string[][] {
  const processes = new Map<TaskId, Footprint>();
  for (const task of processesOf(events)) {
    if (tasks?.has(task) !== false) processes.set(task, { lines: [], stored: [], faulted: "" });
  }
  /** Regions that count, by their mm and id. */
  const regions = new Set<string>();
  // A recording shows no invalidation of an address space that has never had a notifier.
  const watched = new Set<number>();
  for (const event of events) {
    if (event.type === "mmu_interval_notifier_insert") watched.add(event.mm);
    if ("region" in event && "mm" in event && !watched.has(event.mm)) continue;
    const own = processes.get(event.task);
    if (own !== undefined) add(own, regions, event, buffer);
  }
  for (const own of processes.values()) settle(own, buffer);
  return [...processes.values()].map(({ lines }) =>
    stores ? lines : lines.filter((line) => !line.startsWith("store ")),
  );
}

function inside({ page, np }: Pages, from: number, to: number): string | undefined {
  const start = Math.max(from, page);
  const end = Math.min(to, page + np);
  return start < end ? `${start - page}-${end - page}` : undefined;
}

/** Single entries (recorded) and many at once (simulated) are one store. */
function settle(own: Footprint, buffer: Pages): void {
  const [first, last] = [own.stored[0], own.stored.at(-1)];
  if (first === undefined || last === undefined) return;
  own.lines.push(`store ${inside(buffer, first, last + 1)}, ${own.stored.length} pages`);
  own.stored = [];
}

function add(own: Footprint, regions: Set<string>, event: MmEvent, buffer: Pages): void {
  const { lines } = own;
  if (event.type === "device_map") {
    own.stored.push(...event.entries.map(([page]) => page));
    return;
  }
  if (event.type === "probe") return;
  settle(own, buffer);
  const key = "region" in event && "mm" in event ? `${event.mm} ${event.region}` : "";
  switch (event.type) {
    case "mmu_notifier_invalidate_range_start": {
      const pages = inside(buffer, pageOf(event.start), endPageExclusive(event.end));
      if (pages === undefined) break;
      regions.add(key);
      lines.push(`${event.event} ${pages}`);
      break;
    }
    case "invalidate_return":
      if (regions.has(key)) lines.push(`callback ${event.result}`);
      break;
    case "mmu_notifier_invalidate_range_end":
      if (regions.delete(key)) lines.push("end");
      break;
    case "hmm_range_fault":
      own.faulted = inside(buffer, pageOf(event.start), endPageExclusive(event.end)) ?? "";
      break;
    case "hmm_range_fault_return":
      if (own.faulted !== "") lines.push(`range_fault ${own.faulted} = ${event.rc}`);
      break;
    case "mmu_interval_read_retry":
      lines.push(`read_retry ${event.result}`);
      break;
    default:
  }
}
