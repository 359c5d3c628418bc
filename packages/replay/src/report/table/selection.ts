/**
 * Which events of the slice a table shows: what the violated rule needs, and the locks around it.
 *
 * Sliced backwards from the violation: the violating task from the beginning of its read section on,
 * the other ones from their first piece of evidence on, each with the calls and locks that are open
 * there. Other notifiers, other regions and callbacks of other regions are left out.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import { type Cast, regionStarts } from "./cast.ts";
import { Nesting } from "./nesting.ts";

/** Longer tables are not read; events far from the evidence go first. */
const EVENTS_MAX = 400;

/** Events about the recording, not about the kernel. */
const BOOKKEEPING = /^(recording_|learn_|task_|intern$|probe$)/;

const LOCKS: ReadonlySet<string> = new Set(["driver_lock", "mmap_lock"]);

const SECTION_ENDS: ReadonlySet<string> = new Set([
  "driver_unlock",
  "device_fault_return",
  "mmu_interval_read_begin",
]);

/** The events to show, in order. */
export function selectEvents(slice: readonly MmEvent[], cast: Cast): MmEvent[] {
  const chosen = new Set<MmEvent>();
  const starts = regionStarts(slice);
  const concerns = (event: MmEvent): boolean => {
    const region = starts.get(event);
    return (region === undefined || cast.regions.has(region)) && isAbout(event, cast);
  };
  for (const task of cast.actors) {
    const own = relevant(
      slice.filter((event) => event.task === task),
      cast,
      concerns,
    );
    for (const event of storyOf(own, task, cast)) chosen.add(event);
  }
  for (const event of slice) if (cast.proof.has(event.index)) chosen.add(event);
  const shown = [...chosen].filter((event) => cast.actors.includes(event.task));
  return nearest(shown, cast).sort((a, b) => a.index - b.index);
}

/** A task's events without those of other notifiers, drivers and regions. */
function relevant(
  events: readonly MmEvent[],
  cast: Cast,
  concerns: (event: MmEvent) => boolean,
): MmEvent[] {
  let inForeignCallback = false;
  const kept: MmEvent[] = [];
  for (const event of events) {
    if (event.type === "invalidate") inForeignCallback = !concerns(event);
    const keep = !inForeignCallback && concerns(event);
    if (event.type === "invalidate_return") inForeignCallback = false;
    if (keep || cast.proof.has(event.index)) kept.push(event);
  }
  return kept;
}

function isAbout(event: MmEvent, cast: Cast): boolean {
  if (BOOKKEEPING.test(event.type)) return false;
  if ("notifier" in event && event.notifier !== null && cast.notifier !== null) {
    if (event.notifier !== cast.notifier) return false;
  }
  return !("mirror" in event) || cast.mirror === null || event.mirror === cast.mirror;
}

/** The part of a task's events that tells its side, with the calls that are open at its beginning. */
function storyOf(events: readonly MmEvent[], task: TaskId, cast: Cast): MmEvent[] {
  const from = beginningOf(events, task, cast);
  const to = endOf(events, task, cast);
  const nesting = new Nesting();
  const before = events.filter(({ index }) => index < from);
  for (const event of before) nesting.take(event);
  // Locks that are held, the innermost call, and the invalidation that a callback belongs to: what
  // lies further out is another story.
  const calls = nesting.open.at(-1)?.type === "invalidate" ? 2 : 1;
  const held = nesting.open.filter(
    ({ type }, at, all) => LOCKS.has(type) || at >= all.length - calls,
  );
  return [...held, ...events.filter(({ index }) => index >= from && index <= to)];
}

function beginningOf(events: readonly MmEvent[], task: TaskId, cast: Cast): number {
  const proving = events.filter(({ index }) => cast.proof.has(index));
  const first = proving[0]?.index ?? cast.at;
  if (task !== cast.actors[0] && proving.length > 0) return first;
  // The section in which it stored, or violated the rule.
  const section = events.findLast(
    (event) => event.type === "mmu_interval_read_begin" && event.index <= cast.at,
  );
  return Math.min(first, section?.index ?? first);
}

function endOf(events: readonly MmEvent[], task: TaskId, cast: Cast): number {
  if (task !== cast.actors[0]) {
    const closing = events.find(
      ({ type, index }) => index > cast.at && type === "mmu_notifier_invalidate_range_end",
    );
    return closing?.index ?? cast.at;
  }
  // What was wrongly accepted is stored next: the consequence belongs to the story.
  const after = events.filter(({ index }) => index > cast.at);
  const end = after.find(({ type }) => SECTION_ENDS.has(type));
  if (end === undefined) return after.at(-1)?.index ?? cast.at;
  return end.type === "mmu_interval_read_begin" ? end.index - 1 : end.index;
}

/** At most so many events, those nearest to the evidence. */
function nearest(events: readonly MmEvent[], cast: Cast): MmEvent[] {
  if (events.length <= EVENTS_MAX) return [...events];
  const proof = [...cast.proof];
  const distance = (event: MmEvent): number =>
    Math.min(...proof.map((index) => Math.abs(index - event.index)));
  return [...events].sort((a, b) => distance(a) - distance(b)).slice(0, EVENTS_MAX);
}
