/**
 * Runs of memory for tests: one task after the other, every rule looking on, and what is there afterwards.
 */
import {
  entryOf,
  frameOfCpu,
  kindOf,
  type Operation,
  type Scenario,
  type State,
} from "@mmreplay/core";
import { type EventBody, eventIndex, type MmEvent, mmId, taskId } from "@mmreplay/events";
import { expect } from "vitest";
import { reduceInPlace } from "../../packages/core/src/engine/in-place.ts";
import { emptyState } from "../../packages/core/src/state/state.ts";
import { scenario } from "./operations.ts";
import { watchRules } from "./rule-watch.ts";
import { startRun } from "./run.ts";
import { finish } from "./schedule.ts";

/** Pages of these runs. */
const PAGES = 64;

/** A run that has come to its end. */
export interface Ended {
  readonly state: State;
  readonly events: readonly MmEvent[];
}

/** One task's program, alone; no rule is broken, and it comes to its end. */
export function alone(program: readonly Operation[], more: Partial<Scenario> = {}): Ended {
  return inTurn([program], more);
}

/** The tasks one after the other, as far as none has to wait. */
export function inTurn(
  programs: readonly (readonly Operation[])[],
  more: Partial<Scenario> = {},
): Ended {
  const rules = watchRules();
  const parts = scenario({ pages: PAGES, present: 0, programs: [[], ...programs] });
  const run = startRun({ ...parts, memory: true, ...more }, { watch: rules });
  finish(run);
  rules.end(run.state);
  expect(run.unfinished()).toEqual([]);
  expect(rules.violated()).toEqual([]);
  return run;
}

/** What a page's entry is: its kind and its frame; undefined: none. */
export function entryAt({ state }: Pick<Ended, "state">, page: number, mm = 0) {
  const entry = entryOf(state.mms[mm]?.cpu ?? { leaves: {} }, page);
  const kind = kindOf(entry);
  return kind === undefined ? undefined : { kind, frame: frameOfCpu(entry) };
}

/** Kinds of the entries of some pages. */
export function kindsAt(run: Pick<Ended, "state">, from: number, to: number, mm = 0) {
  return Array.from({ length: to - from }, (_, index) => entryAt(run, from + index, mm)?.kind);
}

/** Invalidations, in their order: event and pages. */
export function toldIn({ events }: Pick<Ended, "events">): string[] {
  return events.flatMap((event) => {
    if (event.type !== "mmu_notifier_invalidate_range_start") return [];
    return [`${event.event} ${pageIn(event.start)}-${pageIn(event.end)}`];
  });
}

const pageIn = (address: string): number => Number(BigInt(address) >> 12n);

/** What the CPU and the devices have read, in their order. */
export function readIn({ events }: Pick<Ended, "events">): number[] {
  return events.flatMap((event) =>
    event.type === "cpu_read" || event.type === "dmirror_do_read" || event.type === "filemap_read"
      ? event.entries.map(([, , value]) => value)
      : [],
  );
}

/** Return codes of the commands of the test driver. */
export function codesIn({ events }: Pick<Ended, "events">): number[] {
  return events.flatMap((event) =>
    event.type === "dmirror_fops_unlocked_ioctl_return" ? [event.rc] : [],
  );
}

/** A state that only these events have made, after an address space and the zero page. */
export function reduced(...bodies: readonly Omit<EventBody, "task">[]): State {
  const state = emptyState();
  apply(state, { type: "mm_create", mm: mmId(0) } as EventBody);
  apply(state, { type: "alloc_page", frame: 1, copyOf: null } as EventBody);
  for (const body of bodies) apply(state, body);
  return state;
}

/** One event more. */
export function apply(state: State, body: Omit<EventBody, "task">): void {
  reduceInPlace(state, { task: taskId(0), ...body, index: eventIndex(0) } as MmEvent);
}
