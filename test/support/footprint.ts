/**
 * What a run does to a buffer, in a form that a simulated and a recorded run share: invalidations with
 * their callbacks, range faults with their results, stores. Pages count from the buffer's first.
 */
import {
  type EventOf,
  endPageExclusive,
  type MmEvent,
  pageOf,
  type RegionId,
} from "@mmreplay/events";

const PMD_PAGES = 512;

/** A huge page is collapsed or split: all of it, and nothing else, is cleared. */
function isHugePage(event: EventOf<"mmu_notifier_invalidate_range_start">): boolean {
  const from = pageOf(event.start);
  const whole = from % PMD_PAGES === 0 && endPageExclusive(event.end) - from === PMD_PAGES;
  return event.event === "CLEAR" && whole;
}

/** Pages `[page, page + np)`. */
export interface Pages {
  readonly page: number;
  readonly np: number;
}

/** The lines of a run's footprint, in order. */
export function footprint(events: readonly MmEvent[], { page, np }: Pages): string[] {
  const inside = (from: number, to: number): string | undefined => {
    const start = Math.max(from, page);
    const end = Math.min(to, page + np);
    return start < end ? `${start - page}-${end - page}` : undefined;
  };
  const regions = new Map<RegionId, string>();
  const lines: string[] = [];
  let faulted = "";
  let stored: number[] = [];
  const settle = (): void => {
    if (stored.length > 0)
      lines.push(
        `store ${inside(stored[0] as number, (stored.at(-1) as number) + 1)}, ${stored.length} pages`,
      );
    stored = [];
  };
  for (const event of events) {
    if (event.type === "device_map") {
      stored.push(...event.entries.map(([at]) => at));
      continue;
    }
    if (event.type === "probe") continue;
    settle();
    switch (event.type) {
      case "mmu_notifier_invalidate_range_start": {
        const pages = inside(pageOf(event.start), endPageExclusive(event.end));
        if (pages === undefined || isHugePage(event)) break;
        regions.set(event.region, pages);
        lines.push(`${event.event} ${pages}`);
        break;
      }
      case "invalidate_return":
        if (regions.has(event.region)) lines.push(`callback ${event.result}`);
        break;
      case "mmu_notifier_invalidate_range_end":
        if (regions.delete(event.region)) lines.push("end");
        break;
      case "hmm_range_fault":
        faulted = inside(pageOf(event.start), endPageExclusive(event.end)) ?? "";
        break;
      case "hmm_range_fault_return":
        if (faulted !== "") lines.push(`range_fault ${faulted} = ${event.rc}`);
        break;
      case "mmu_interval_read_retry":
        lines.push(`read_retry ${event.result}`);
        break;
      default:
    }
  }
  settle();
  return lines;
}
