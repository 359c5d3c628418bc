/**
 * What the lowering of a recording works with: the folded state, the calls that are open, and the
 * way to emit an event.
 *
 * Lowering looks at the state that its own events have led to, so there is no second model of the
 * protocol here: an event is applied before the next line is looked at.
 */
import type { State } from "@mmreplay/core";
import type {
  CpuId,
  EventBody,
  MirrorId,
  MmId,
  NotifierId,
  RegionId,
  TaskId,
} from "@mmreplay/events";
import type { Pointers } from "./pointers.ts";

/** Canonical fields of a probe, as printed. */
export type Fields = Readonly<Record<string, string>>;

/** A line of the recording, and its place in the order of time: for most formats the same number. */
export interface Line {
  readonly number: number;
  readonly place: number;
  /** The processor that wrote it; absent for a line that is no event. */
  readonly cpu?: CpuId;
}

/** A call that was entered and has not returned. */
export interface Call {
  readonly role: string;
  readonly line: Line;
  readonly fields: Fields;
  mm?: MmId;
  notifier?: NotifierId;
  region?: RegionId;
  /** The call's step under the lock, while it is not known to have happened. */
  step?: LockedStep;
  /** Ranges that a callback has cleared, while it is not known whether single entries are probed. */
  updates?: { mirror: MirrorId; pages: readonly [number, number]; line: Line }[];
  /** The undoing of a refused start, while it is not known to have happened. */
  abort?: LockedStep;
}

/** A step under the subscriptions lock, somewhere between the call's entry and its return. */
export interface LockedStep {
  readonly kind: "start" | "end" | "insert" | "remove";
  readonly mm: MmId;
  readonly task: TaskId;
  readonly call: Call;
  readonly at: number;
  done: boolean;
  /** Emits the step's events into a context; `line` is the last one before which it happened. */
  emit(within: LoweringContext, line: Line, order: "exact" | "interval"): void;
}

/** The moment of one line. */
export interface Moment {
  readonly line: Line;
  readonly at: number;
  readonly task: TaskId;
}

/** When an event was shown, and by which line. */
export type EventMoment = Pick<Moment, "line" | "at">;

/** What a driver's profile says of its structures. */
export interface DriverLayout {
  /** Byte offsets of the recorded pointers from the driver instance; null: none are known. */
  readonly offsets: { readonly sub: number; readonly pt: number; readonly dmirror: number } | null;
  readonly updateEndInclusive: boolean;
}

/** What the lowering works with. */
export interface LoweringContext {
  readonly state: State;
  readonly pointers: Pointers;
  readonly layout: DriverLayout;
  /** Open calls of a task, the innermost last. */
  calls(task: TaskId): Call[];
  /** Roles of the calls that a task has entered since the beginning, or since the last loss. */
  entered(task: TaskId): Set<string>;
  /** Steps of an mm that have not been placed, in the order of their entries. */
  unplaced(mm: MmId): LockedStep[];
  /** Whether lines of single entries say which was cleared. */
  readonly clears: { single: boolean };
  /** mms whose first notifier may belong to another mm at the same address. */
  readonly newLives: Set<MmId>;
  /** Emits and applies one event that rests on the moment's line, and on an earlier one. */
  emit(body: EventBody, moment: EventMoment, order: "exact" | "interval", from?: Line): void;
  /** A recorded value that no order of the recorded steps explains. */
  unexplained(): void;
  /** This line lacks what would judge it: the call that it belongs to, or a field. */
  unjudged(): void;
  /** A probe of this role has fired; `role return` asks for its return probe. */
  fires(role: string): boolean;
  /** Lines that belong to this call are missing. */
  torn(): void;
}

/** What the lowering of core calls remembers besides the calls themselves. */
export interface CoreMemory {
  /** Open regions by task and range pointer. */
  readonly regions: Map<string, { mm: MmId; region: RegionId }>;
  /** Ranges whose last start of a task was refused. */
  readonly refused: Map<string, true>;
  /** mms whose first registration was recorded, and how often in a row their printed count was off. */
  readonly born: Map<MmId, number>;
}

/** The innermost open call of a task with one of these roles. */
export function openCall(
  context: LoweringContext,
  task: TaskId,
  ...roles: readonly string[]
): Call | undefined {
  const calls = context.calls(task);
  for (let at = calls.length - 1; at >= 0; at -= 1) {
    const call = calls[at] as Call;
    if (roles.includes(call.role)) return call;
  }
  return undefined;
}

/** Takes the innermost open call of a role off a task's stack, with what it left open inside. */
export function closeCall(context: LoweringContext, task: TaskId, role: string): Call | undefined {
  const calls = context.calls(task);
  let at = calls.length - 1;
  while (at >= 0 && calls[at]?.role !== role) at -= 1;
  if (at < 0) return undefined;
  if (at === calls.length - 1) return calls.pop();
  const [call, ...inside] = calls.splice(at);
  if (inside.some((other) => context.fires(`${other.role} return`))) context.torn();
  return call;
}
