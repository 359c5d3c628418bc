/**
 * Step machines: programs as data, one event per micro-step.
 *
 * A label names a place in a program. Running it looks at the state, makes one event and says where
 * the task goes on. Nothing is changed here: the event's recipe does that. Where a label is a
 * scheduling point, another task may run before it, and the task may have to wait there.
 */
import {
  type EventBody,
  type EventOf,
  type EventType,
  type Locals,
  type MirrorId,
  type MmId,
  mirrorId,
  mmId,
  type NotifierId,
  type TaskId,
} from "@mmreplay/events";
import type { AddressSpace } from "../address-space/address-space.ts";
import { peekMirror, peekMm, peekNotifier, peekTask, type State } from "../state/state.ts";
import type { Operation, Scenario } from "./operation.ts";
import type { Task } from "./task.ts";

/** The address space of a scenario's first process. */
export const SCENARIO_MM: MmId = mmId(0);

/** The address space of a task's process. */
export function mmOfTask({ processes }: Scenario, task: number): MmId {
  return processes?.[task] ?? SCENARIO_MM;
}

/** The place where a task stands, with what a micro-step may look at. */
export interface At<O extends Operation = Operation> {
  readonly state: State;
  readonly scenario: Scenario;
  readonly task: TaskId;
  readonly me: Task;
  /** The address space of the task's process. */
  readonly mmId: MmId;
  readonly mm: AddressSpace;
  readonly op: O;
}

/** The driver instance that a notifier belongs to; that of the first where it was never inserted. */
export function mirrorOfNotifier(at: Pick<At, "state">, notifier: NotifierId): MirrorId {
  return peekNotifier(at.state, notifier).mirror ?? mirrorId(0);
}

/** Whether that instance's lock is held. */
export function isLocked(at: Pick<At, "state">, notifier: NotifierId): boolean {
  return peekMirror(at.state, mirrorOfNotifier(at, notifier)).lock !== null;
}

/** The device that a driver instance drives (mdevice); instances of one file have their own (protocol.md 6.1). */
export function deviceOf({ devices }: Pick<Scenario, "devices">, mirror: MirrorId): number {
  return devices?.[mirror] ?? 0;
}

/** Whether nobody may take the mmap lock for writing now. */
export function isMmapLocked({ mm }: Pick<At, "mm">): boolean {
  return mm.mmapLock !== null || mm.mmapReaders.length > 0;
}

/** Why a task cannot run now, and what it waits for. */
export interface Blocked {
  readonly why:
    | "read_begin"
    | "remove"
    | "driver_lock"
    | "subs_lock"
    | "drain"
    | "mmap_lock"
    | "all_locks"
    | "mm_users"
    | "fork"
    | "child"
    | "migration_entry"
    | "page_lock"
    | "page_held"
    | "other_migration"
    | "file_lock"
    | "sections"
    | "srcu";
  readonly detail: number | null;
}

/** One event, and the label that follows. */
export type Move = EventBody;

/** A choice inside a step, where the kernel or the driver may answer either way. */
export type Branch = "default" | "refuse";

/** One label of a program. */
export interface MicroStep {
  /** What keeps the task from running; null or absent: nothing. */
  readonly blockedOn?: (at: At, branch: Branch) => Blocked | null;
  /** Whether the kernel or the driver may also refuse here; absent: no. */
  readonly mayRefuse?: (at: At) => boolean;
  readonly run: (at: At, branch: Branch) => Move;
}

/** Labels by name. */
export type Labels = Readonly<Record<string, MicroStep>>;

/** The place of a task that has an operation to run. */
export function placeOf(state: State, scenario: Scenario, task: TaskId): At | undefined {
  const me = peekTask(state, task);
  const op = scenario.programs[task]?.[me.pc];
  if (op === undefined) return undefined;
  const mm = elsewhere(me) ?? mmOfTask(scenario, task);
  return { state, scenario, task, me, mmId: mm, mm: peekMm(state, mm), op };
}

/** The address space in which a call works that is not the process's own: a walk over a page's mappings. */
function elsewhere({ calls }: Task): MmId | undefined {
  const mm = calls.findLast(({ args }) => args["mm"] !== undefined)?.args["mm"];
  return mm === undefined ? undefined : mmId(mm);
}

/** The event of a micro-step, with its task and the label that follows. */
export function move<T extends EventType>(
  at: At,
  then: string,
  body: { type: T } & Omit<EventOf<T>, "index" | "task" | "goto">,
): Move {
  return { ...body, task: at.task, goto: then } as unknown as Move;
}

/** A move into another program; `back` is the label at which the caller goes on, or `next`. */
export function call(into: Move, back: string, args: Locals = {}): Move {
  return { ...into, call: { back, args } };
}

/** A move that remembers something; the first of an operation opens the locals. */
export function keep(at: At, then: Move, locals: Locals): Move {
  return at.me.calls.length === 0 ? call(then, "next", locals) : { ...then, set: locals };
}

/** The innermost call's argument or local of a name. */
export function local(at: At, name: string): number {
  const value = at.me.calls.at(-1)?.args[name];
  if (typeof value !== "number") throw new Error(`the innermost call has no number ${name}`);
  return value;
}

/** An operation that does not apply: one event, and on to the next. */
export function skip(at: At, why: string): Move {
  return move(at, "next", { type: "task_skip", of: at.op.op, why });
}

/** Waits for a lock that somebody holds. */
export function blockedIf(
  condition: boolean,
  why: Blocked["why"],
  detail: number | null = null,
): Blocked | null {
  return condition ? { why, detail } : null;
}
