/**
 * Who stands in the columns of a table, and what it is about.
 *
 * The columns are the task that violates the rule and the tasks of the evidence, foremost the one
 * that invalidates. Everything else of the recording goes into gaps.
 */
import {
  type MirrorId,
  type MmEvent,
  type NotifierId,
  pageOf,
  type RegionId,
  type TaskId,
} from "@mmreplay/events";
import type { Finding } from "../../recording/check-report.ts";

/** More actors than this do not fit side by side; then only the two that matter are kept. */
const ACTORS_MAX = 3;

/** Index of the event that started a region; -1: it began before the slice. */
export type RegionStart = `${RegionId}@${number}`;

/** What a table is about. */
export interface Cast {
  /** The violating task first. */
  readonly actors: readonly TaskId[];
  /** Tasks of the evidence that found no column. */
  readonly left: number;
  readonly notifier: NotifierId | null;
  readonly mirror: MirrorId | null;
  /** The regions of the evidence. An id is used again after its end, so they are told by start. */
  readonly regions: ReadonlySet<RegionStart>;
  /** Indices of the events that prove the finding, the violating one included. */
  readonly proof: ReadonlySet<number>;
  /** The index of the violating event. */
  readonly at: number;
}

/** The cast of a finding. */
export function castOf(slice: readonly MmEvent[], finding: Finding): Cast {
  const proof = new Set([...finding.evidence.map(({ index }) => index), finding.index]);
  const proving = slice.filter((event) => proof.has(event.index));
  const violating = slice.find((event) => event.index === finding.index) ?? proving.at(-1);
  const notifier = notifierOf(violating) ?? firstOf(proving, notifierOf);
  const mirror = mirrorOf(slice, violating, notifier);
  const starts = regionStarts(slice);
  const regions = new Set(proving.flatMap((event) => starts.get(event) ?? []));
  const tasks = tasksOf(violating, proving);
  if (tasks.length === 1) tasks.push(...otherSide(slice, finding, tasks[0] as TaskId, mirror));
  const actors = tasks.length > ACTORS_MAX ? theTwo(tasks, proving) : tasks;
  return {
    actors,
    left: tasks.length - actors.length,
    notifier,
    mirror,
    regions,
    proof,
    at: violating?.index ?? finding.index,
  };
}

function tasksOf(violating: MmEvent | undefined, proving: readonly MmEvent[]): TaskId[] {
  const all = [...(violating === undefined ? [] : [violating]), ...proving];
  return [...new Set(all.map(({ task }) => task))];
}

/** The violating task, and the one that invalidates (or the first other one). */
function theTwo(tasks: readonly TaskId[], proving: readonly MmEvent[]): TaskId[] {
  const [first, ...others] = tasks;
  if (first === undefined) return [];
  const invalidates = (task: TaskId): boolean =>
    proving.some((event) => event.task === task && regionOf(event) !== undefined);
  const second = others.find(invalidates) ?? others[0];
  return second === undefined ? [first] : [first, second];
}

/** The evidence names one task only: who stored the page that the finding is about? */
function otherSide(
  slice: readonly MmEvent[],
  finding: Finding,
  task: TaskId,
  mirror: MirrorId | null,
): TaskId[] {
  if (finding.address === null || mirror === null) return [];
  const page = pageOf(finding.address);
  const stored = slice.findLast(
    (event) =>
      event.type === "device_map" &&
      event.index < finding.index &&
      event.task !== task &&
      event.mirror === mirror &&
      event.entries.some(([stored]) => stored === page),
  );
  return stored === undefined ? [] : [stored.task];
}

function notifierOf(event: MmEvent | undefined): NotifierId | null {
  return event !== undefined && "notifier" in event ? event.notifier : null;
}

function regionOf(event: MmEvent): RegionId | undefined {
  return ("region" in event ? event.region : null) ?? undefined;
}

/** The region of every event that belongs to one. */
export function regionStarts(slice: readonly MmEvent[]): ReadonlyMap<MmEvent, RegionStart> {
  const open = new Map<RegionId, RegionStart>();
  const starts = new Map<MmEvent, RegionStart>();
  for (const event of slice) {
    const region = regionOf(event);
    if (region === undefined) continue;
    if (event.type === "mmu_notifier_invalidate_range_start") {
      open.set(region, `${region}@${event.index}`);
    }
    starts.set(event, open.get(region) ?? `${region}@-1`);
  }
  return starts;
}

/** The driver instance of the notifier, from any event that names both. */
function mirrorOf(
  slice: readonly MmEvent[],
  violating: MmEvent | undefined,
  notifier: NotifierId | null,
): MirrorId | null {
  if (violating !== undefined && "mirror" in violating) return violating.mirror;
  const both = slice.find(
    (event) => "mirror" in event && "notifier" in event && event.notifier === notifier,
  );
  return notifier !== null && both !== undefined && "mirror" in both ? both.mirror : null;
}

function firstOf<T>(events: readonly MmEvent[], read: (event: MmEvent) => T | null): T | null {
  for (const event of events) {
    const value = read(event);
    if (value !== null) return value;
  }
  return null;
}
