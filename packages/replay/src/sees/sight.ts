/**
 * What a driver sees of one operation: the run of its scenario, event by event, with what each event changed.
 *
 * The operation runs alone, then the device touches its pages again. Everything here is read off the events
 * and off the state that they fold into, so a model with a bug (a mutant) is shown with it.
 */
import {
  DEVICE_TASK,
  emptyState,
  entryOf,
  isDone,
  type Mutant,
  OPERATION_TASK,
  RULES,
  type SeenOperation,
  type State,
} from "@mmreplay/core";
import {
  ADDRESS_MAX,
  ADDRESS_ZERO,
  type EventOf,
  endPageExclusive,
  type InvalidationEvent,
  type MmEvent,
  pageOf,
  taskId,
} from "@mmreplay/events";
import { type RunFinding, ScenarioRun } from "../explore/scenario-run.ts";
import type { Choice } from "../explore/schedule.ts";
import type { Finding } from "../recording/check-report.ts";
import { type Checker, createChecker } from "../recording/checker.ts";
import { WHOLE } from "../recording/wholeness.ts";
import { type Access, accessesOf } from "./access.ts";

/** Steps after which an operation that goes on is taken to have no end. */
const STEPS_MAX = 100_000;

/** How a task holds the mmap lock. */
export type HeldLock = "mmap_write" | "mmap_read";

/** An entry of a page table that became another one; 0 is none. */
export interface Change {
  readonly page: number;
  readonly before: number;
  readonly after: number;
}

/** A change of the CPU's table. */
export interface CpuChange extends Change {
  /** An invalidation of the page had started and not ended. */
  readonly inside: boolean;
}

/** An invalidation. */
export interface Invalidation {
  readonly event: InvalidationEvent;
  /** Half-open, in pages; null: everything. */
  readonly pages: readonly [number, number] | null;
  readonly blockable: boolean | null;
  readonly owner: number | null;
  /** What is held at its start: a lock that the run shows, or one that the model does not take. */
  readonly lock: string | null;
  /** Whether the run shows that lock. */
  readonly lockSeen: boolean;
}

/** One event, and what it changed. */
export interface Step {
  readonly event: MmEvent;
  /** The invalidation that the event belongs to. */
  readonly invalidation: Invalidation | undefined;
  readonly cpu: readonly CpuChange[];
  readonly device: readonly Change[];
  /** invalidate_seq where it moved: before, after. */
  readonly seq: readonly [number, number] | undefined;
  /** How the event's task held the mmap lock. */
  readonly held: HeldLock | null;
}

/** Entries of both tables, by page. */
export interface Tables {
  readonly cpu: readonly number[];
  readonly device: readonly number[];
}

/** What is seen of one operation. */
export interface Sight {
  readonly seen: SeenOperation;
  readonly before: Tables;
  readonly steps: readonly Step[];
  readonly invalidations: readonly Invalidation[];
  /** The lock that was held last where nobody was told; null: none. */
  readonly lock: string | null;
  /** What the device does afterwards. */
  readonly afterwards: readonly Step[];
  readonly accesses: readonly Access[];
  /** What the rules found, each after an event. */
  readonly findings: readonly RunFinding[];
  /** What is wrong with the waiting at the end: nobody can move. */
  readonly stuck: readonly string[];
}

/** Runs an operation's scenario and looks on. */
export function sightOf(seen: SeenOperation, mutant?: Mutant): Sight {
  const run = new ScenarioRun(seen.scenario, mutant, []);
  const first = run.events.length;
  const ends = [finish(run, OPERATION_TASK, seen.refused)];
  const then = run.events.length;
  ends.push(finish(run, DEVICE_TASK, false));
  const stuck = run.outcome().slice(run.findings.length);

  const checker = createChecker(emptyState(), RULES, undefined, run.model.recipes);
  for (const event of run.events.slice(0, first)) checker.apply(event);
  const before = tablesOf(checker.state, seen);
  const look = observer(seen, checker);
  const steps = run.events.slice(first, then).map(look);
  const invalidations = steps.flatMap(({ event, invalidation }) =>
    event.type === "mmu_notifier_invalidate_range_start" && invalidation ? [invalidation] : [],
  );
  const afterwards = run.events.slice(then).map(look);
  return {
    seen,
    before,
    steps,
    invalidations,
    lock: steps.findLast(({ held }) => held !== null)?.held ?? null,
    afterwards,
    accesses: accessesOf(before, steps, afterwards),
    findings: [
      ...run.findings,
      ...checker.finish(WHOLE, (task) => `task${task}`).findings.map(found),
    ],
    stuck: [
      ...stuck.map(({ rule, message }) => `${rule}: ${message}`),
      ...(ends.every((ended) => ended) ? [] : [`no end after ${STEPS_MAX} steps`]),
    ],
  };
}

/**
 * One task to its end, or to where it waits; it is refused what can be refused, if that is asked for. False
 * where it goes on for ever.
 */
function finish(run: ScenarioRun, task: number, refused: boolean): boolean {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    if (isDone(run.state, run.scenario, taskId(task))) return true;
    const branches: Choice["branch"][] = refused ? ["refuse", "default"] : ["default"];
    const choice = branches.map((branch) => ({ task, branch })).find((one) => run.canMove(one));
    if (choice === undefined) return true;
    run.step(choice);
  }
  return false;
}

const found = ({ rule, message, index }: Finding): RunFinding => ({ rule, message, index });

function tablesOf(state: State, { scenario }: SeenOperation): Tables {
  const pages = Array.from({ length: scenario.scenario.pages }, (_, page) => page);
  const [mm, mirror] = [state.mms[0], state.mirrors[0]];
  return {
    cpu: pages.map((page) => (mm === undefined ? 0 : entryOf(mm.cpu, page))),
    device: pages.map((page) => (mirror === undefined ? 0 : entryOf(mirror.device, page))),
  };
}

function changes(before: readonly number[], after: readonly number[]): Change[] {
  return after.flatMap((entry, page) =>
    entry === before[page] ? [] : [{ page, before: before[page] ?? 0, after: entry }],
  );
}

/** Folds event after event, and says what each did. */
function observer(seen: SeenOperation, checker: Checker): (event: MmEvent) => Step {
  const { state } = checker;
  const open = new Map<number, Invalidation>();
  let tables = tablesOf(state, seen);
  return (event) => {
    const old = tables;
    const seq = state.mms[0]?.subs?.seq;
    const isOpen = covered(state);
    const held = heldBy(state, event);
    if (event.type === "mmu_notifier_invalidate_range_start") {
      open.set(event.region, invalidationOf(event, state, seen));
    }
    checker.apply(event);
    tables = tablesOf(state, seen);
    const now = state.mms[0]?.subs?.seq;
    return {
      event,
      invalidation: "region" in event ? open.get(event.region ?? -1) : undefined,
      cpu: changes(old.cpu, tables.cpu).map((one) => ({ ...one, inside: isOpen(one.page) })),
      device: changes(old.device, tables.device),
      seq: seq === undefined || now === undefined || seq === now ? undefined : [seq, now],
      held,
    };
  };
}

/** Whether a page lies in an invalidation that has started and not ended. */
function covered(state: State): (page: number) => boolean {
  const spans = Object.values(state.mms[0]?.regions ?? {})
    .filter(({ phase }) => phase === "open")
    .map(({ start, last }) => [pageOf(start), pageOf(last)] as const);
  return (page) => spans.some(([first, last]) => page >= first && page <= last);
}

type Start = EventOf<"mmu_notifier_invalidate_range_start">;

function invalidationOf(event: Start, state: State, seen: SeenOperation): Invalidation {
  const { start, end, blockable, owner } = event;
  const everything = start === ADDRESS_ZERO && end === ADDRESS_MAX;
  const held = heldBy(state, event);
  return {
    event: event.event,
    pages: everything ? null : [pageOf(start), endPageExclusive(end)],
    blockable,
    owner,
    lock: held ?? seen.unseenLocks[event.event] ?? null,
    lockSeen: held !== null,
  };
}

/** How the event's task holds the mmap lock. */
function heldBy(state: State, { task }: MmEvent): HeldLock | null {
  const mm = state.mms[0];
  if (mm?.mmapLock === task) return "mmap_write";
  return mm?.mmapReaders.includes(task) ? "mmap_read" : null;
}
