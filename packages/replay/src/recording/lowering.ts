/**
 * Lowering: from what probes printed to what happened.
 *
 * Each observation is given to the handler of its probe's role. Calls are paired by task; steps
 * under the subscriptions lock are placed by recorded values (lock-points.ts); what no profile maps
 * stays in the stream as a `probe` event. An event is applied to the state before the next line is
 * read, so the state that the rules see is the one fold of all events.
 */
import { mmOf, openRegion, reduceInPlace, type State } from "@mmreplay/core";
import {
  cpuId,
  type EventBody,
  eventIndex,
  type LostObservation,
  type MmEvent,
  type MmId,
  type Observation,
  type ProbeObservation,
  type RegionId,
  regionId,
  SimError,
  type TaskId,
  taskId,
} from "@mmreplay/events";
import { tryPinSeq } from "./lock-points.ts";
import * as calls from "./lower-calls.ts";
import * as driver from "./lower-driver.ts";
import { lowerMigration } from "./lower-migration.ts";
import {
  type Call,
  type DriverLayout,
  type Fields,
  type LockedStep,
  type LoweringContext,
  type Moment,
  openCall,
} from "./lowering-context.ts";
import { createPointers } from "./pointers.ts";
import { numberField, seqField } from "./recorded-fields.ts";

/** What a probe means: its role, and its fields under their canonical names. */
export interface ProbeMeaning {
  readonly role: string;
  /** Canonical field name to printed field name. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** What the lowering is told about a recording. */
export interface LoweringOptions {
  /** The meaning of a probe as printed, or undefined: no profile maps it. */
  readonly meaning: (probe: string) => ProbeMeaning | undefined;
  readonly layout: DriverLayout;
  /**
   * Each processor has a buffer of its own, and a text without counts in its head may begin in the
   * middle of each: a processor's first event is then where its buffer began.
   */
  readonly buffersBeginUnseen?: boolean;
  /** The state that the events are applied to. */
  readonly state: State;
  /** Called with each event; must apply it to the state (`reduceInPlace`) before it returns. */
  readonly apply: (event: MmEvent) => void;
}

/** Counts of a recording's observations. */
export interface RecordingCounts {
  observations: number;
  unmapped: number;
  lost: number;
  unread: number;
  lines: number;
  invalidations: number;
  readSections: number;
  retries: number;
  busy: number;
  again: number;
  unexplained: number;
}

/** A lowering in progress. */
export interface Lowering {
  readonly counts: RecordingCounts;
  readonly pointers: Map<string, string>;
  readonly taskNames: Map<number, string>;
  /** The recording begins; before its first event. */
  start(start: Omit<EventBody<"recording_start">, "type" | "task">): void;
  /** Takes the next line. */
  observe(observation: Observation): void;
  /** The recording has ended: starts of calls that were entered are placed. */
  end(): void;
}

/** Calls of one task that can be open at once. */
const CALLS_MAX = 64;

/** Applies an event to a state: what most callers of `createLowering` pass as `apply`. */
export function applyTo(state: State): (event: MmEvent) => void {
  return (event) => reduceInPlace(state, event);
}

/** Begins the lowering of one recording. */
export function createLowering(options: LoweringOptions): Lowering {
  const { state } = options;
  const counts = noCounts();
  const names = new Map<string, string>();
  const taskNames = new Map<number, string>();
  const stacks = new Map<TaskId, Call[]>();
  const unplaced = new Map<MmId, LockedStep[]>();
  const fired = new Set<string>();
  const processors = new Map<number, number>();
  let counted = options.buffersBeginUnseen !== true;
  let index = 0;
  let now: Moment = { line: 1, at: 0, task: taskId(0) };

  // The body was made for this call alone, so it becomes the event: no copy on the hot path.
  const emit: LoweringContext["emit"] = (body, at, lines, order) => {
    const event = body as { -readonly [K in keyof MmEvent]: MmEvent[K] };
    event.index = eventIndex(index);
    event.at = Math.max(at, 0);
    event.evidence = lines as number[];
    event.order = order;
    options.apply(event as MmEvent);
    index += 1;
  };
  const context: LoweringContext = {
    state,
    layout: options.layout,
    pointers: createPointers({
      pointer(kind, id, pointer) {
        names.set(`${kind}${id}`, pointer);
        emit(
          { type: "intern", task: now.task, kind, id, pointer },
          now.at,
          [now.line],
          "exact",
        );
      },
      task(id, pid, comm) {
        taskNames.set(id, `${comm}-${pid}`);
        emit({ type: "task_start", task: id, name: comm, pid }, now.at, [now.line], "exact");
      },
    }),
    calls: (task) => entry(stacks, task, () => []),
    unplaced: (mm) => entry(unplaced, mm, () => []),
    emit,
    unexplained: () => {
      counts.unexplained += 1;
    },
    fires: (role) => fired.has(role),
    freeRegion: (mm) => freeRegion(state, mm),
  };
  const memory: calls.CoreMemory = { regions: new Map(), refused: new Map(), born: new Set() };

  const probe = (observation: ProbeObservation): void => {
    const meaning = options.meaning(observation.probe);
    now = { line: observation.line, at: observation.at, task: now.task };
    now = { ...now, task: context.pointers.task(observation.task, observation.comm) };
    if (meaning === undefined) counts.unmapped += 1;
    const fields = renamed(observation.fields, meaning?.fields);
    if (meaning === undefined || CONTEXT.includes(meaning.role)) {
      if (meaning?.role === "range_snapshot") snapshot(context, observation.edge, fields, now);
      const { probe: name, edge } = observation;
      const body = { type: "probe", task: now.task, name, edge, fields: observation.fields } as const;
      emit({ ...body, mapped: meaning !== undefined }, now.at, [now.line], "exact");
      return;
    }
    fired.add(meaning.role);
    count(counts, meaning.role, observation.edge, fields);
    if (observation.edge === "entry") entered(context, memory, meaning.role, fields, now);
    else returned(context, memory, meaning.role, fields, now);
  };
  const bufferStarted = ({ line, cpu }: { line: number; cpu: number }): void => {
    now = { ...now, line };
    forgetCalls(stacks, unplaced, memory);
    emit({ type: "buffer_started", task: now.task, cpu: cpuId(cpu) }, now.at, [line], "exact");
  };
  const lost = ({ line, cpu, count: dropped }: LostObservation): void => {
    counts.lost += dropped;
    now = { ...now, line };
    forgetCalls(stacks, unplaced, memory);
    const since = processors.get(cpu) ?? 0;
    emit(
      { type: "lost_events", task: now.task, cpu: cpuId(cpu), count: dropped, since },
      now.at,
      [line],
      "exact",
    );
  };
  return {
    counts,
    pointers: names,
    taskNames,
    start(start) {
      emit({ type: "recording_start", task: now.task, ...start }, 0, [1], "exact");
    },
    observe(observation) {
      counts.lines = observation.line;
      if (observation.kind === "header" && observation.inBuffer !== undefined) counted = true;
      switch (observation.kind) {
        case "probe":
          counts.observations += 1;
          if (!counted && !processors.has(observation.cpu)) {
            if (processors.size > 0) bufferStarted(observation);
          }
          processors.set(observation.cpu, observation.line);
          guarded(counts, () => probe(observation));
          break;
        case "lost":
          lost(observation);
          break;
        case "buffer-started":
          bufferStarted(observation);
          break;
        case "other":
          if (observation.reason === "unread") counts.unread += 1;
          break;
        default:
      }
    },
    end() {
      for (const [, steps] of unplaced) {
        for (const step of [...steps]) {
          if (step.kind !== "start") continue;
          guarded(counts, () => calls.stepHere(context, step.call, { ...now, line: step.call.line }));
        }
      }
      const { lines, observations, unread, unexplained } = counts;
      const { invalidations, readSections, retries, busy, again } = counts;
      const made = { invalidations, readSections, retries, busy, again };
      const read = { lines, observations, unread, unexplained, calls: made };
      emit(
        { type: "recording_end", task: now.task, ...read },
        now.at,
        [Math.max(lines, 1)],
        "exact",
      );
    },
  };
}

function noCounts(): RecordingCounts {
  return {
    observations: 0,
    unmapped: 0,
    lost: 0,
    unread: 0,
    lines: 0,
    invalidations: 0,
    readSections: 0,
    retries: 0,
    busy: 0,
    again: 0,
    unexplained: 0,
  };
}

/** A line whose values make no possible event is counted, and does not stop the rest. */
function guarded(counts: RecordingCounts, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SimError)) throw error;
    counts.unexplained += 1;
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function renamed(fields: Fields, names: Readonly<Record<string, string>> | undefined): Fields {
  if (names === undefined) return fields;
  const canonical: Record<string, string> = { ...fields };
  for (const [name, printed] of Object.entries(names)) {
    const value = fields[printed];
    if (value !== undefined) canonical[name] = value;
  }
  return canonical;
}

function freeRegion(state: State, mm: MmId): RegionId {
  let id = 0;
  const open = mmOf(state, mm);
  while (openRegion(open, regionId(id)) !== undefined) id += 1;
  return regionId(id);
}

function forgetCalls(
  stacks: Map<TaskId, Call[]>,
  unplaced: Map<MmId, LockedStep[]>,
  memory: calls.CoreMemory,
): void {
  stacks.clear();
  unplaced.clear();
  memory.regions.clear();
  memory.refused.clear();
  memory.born.clear();
}

/** Roles that are no step of their own. */
const CONTEXT = ["context", "range_snapshot"];

/** A snapshot is a call whose notifiers belong to the instance that it names. */
function snapshot(context: LoweringContext, edge: string, fields: Fields, now: Moment): void {
  if (edge === "entry") push(context, "range_snapshot", fields, now);
  else calls.returning(context, "range_snapshot", now, () => undefined);
}

function count(counts: RecordingCounts, role: string, edge: string, fields: Fields): void {
  if (edge === "entry") {
    if (role === "inv_start") counts.invalidations += 1;
    else if (role === "read_begin") counts.readSections += 1;
    return;
  }
  const ret = numberField(fields, "ret");
  if (role === "hmm_range_fault" && ret === -16) counts.busy += 1;
  else if (role === "inv_start" && ret === -11) counts.again += 1;
  else if (role === "read_retry" && ret !== null && ret !== 0) counts.retries += 1;
}

function push(context: LoweringContext, role: string, fields: Fields, now: Moment): Call {
  const stack = context.calls(now.task);
  if (stack.length >= CALLS_MAX) stack.shift();
  const call: Call = { role, line: now.line, fields };
  stack.push(call);
  return call;
}

type Handler = (context: LoweringContext, memory: calls.CoreMemory, fields: Fields, now: Moment) => void;

/** A line that opens a call. */
const opens =
  (role: string, then: (context: LoweringContext, call: Call, now: Moment, memory: calls.CoreMemory) => void): Handler =>
  (context, memory, fields, now) =>
    then(context, push(context, role, fields, now), now, memory);

const ENTRIES: Readonly<Record<string, Handler>> = {
  register: (context, memory, fields, now) => calls.registered(context, memory, fields, now),
  subs_destroy: (context, _, fields, now) =>
    calls.destroyed(context, context.pointers.mm(fields["mm"] ?? ""), now),
  insert: opens("insert", calls.insertEntered),
  remove: opens("remove", calls.removeEntered),
  inv_start: opens("inv_start", calls.startEntered),
  inv_end: opens("inv_end", (context, call, now, memory) =>
    calls.endEntered(context, memory, call, now),
  ),
  release: opens("release", calls.releaseEntered),
  read_begin: opens("read_begin", (context, call, now) => {
    const mm = context.pointers.mm(call.fields["mm"] ?? "");
    call.mm = mm;
    call.notifier = context.pointers.notifier(call.fields["sub"] ?? "");
    calls.sample(context, mm, call.fields, now);
  }),
  hmm_range_fault: opens("hmm_range_fault", driver.walkEntered),
  invalidate: opens("invalidate", driver.callbackEntered),
  locked: (context, _, fields, now) => driver.lockChanged(context, "driver_lock", fields, now),
  unlocking: (context, _, fields, now) => driver.lockChanged(context, "driver_unlock", fields, now),
  set_seq: (context, _, fields, now) => driver.acknowledged(context, fields, now),
  read_retry: opens("read_retry", () => undefined),
  do_fault: (context, _, fields, now) => {
    settleRetry(context, now);
    driver.storeEntered(context, push(context, "do_fault", fields, now), now);
  },
  pte_store: (context, _, fields, now) => driver.entryStored(context, fields, now),
  pte_erase: (context, _, fields, now) => driver.entriesCleared(context, fields, now),
  do_update: (context, _, fields, now) => driver.entriesCleared(context, fields, now),
  inv_start_lk: (context, _, fields, now) => lockLine(context, fields, now, "inv_start", "release"),
  inv_end_lk: (context, _, fields, now) => lockLine(context, fields, now, "inv_end"),
  insert_lk: (context, _, fields, now) => lockLine(context, fields, now, "insert"),
  remove_lk: (context, _, fields, now) => lockLine(context, fields, now, "remove"),
  itree_insert: (context, _, fields, now) => treeLine(context, fields, now, "insert"),
  itree_remove: (context, _, fields, now) => treeLine(context, fields, now, "remove"),
  remove_wait: (context, _, __, now) => {
    const call = openCall(context, now.task, "remove");
    calls.stepHere(context, call, now);
  },
};
const NO_STEP = [
  "itree_inv_end",
  "read_begin_lk",
  "deferred_insert_lk",
  "deferred_remove_lk",
  "read_begin_wait",
];

function entered(
  context: LoweringContext,
  memory: calls.CoreMemory,
  role: string,
  fields: Fields,
  now: Moment,
): void {
  const handler = ENTRIES[role === "insert_locked" ? "insert" : role];
  if (handler !== undefined) handler(context, memory, fields, now);
  else if (!NO_STEP.includes(role)) lowerMigration(context, role, "entry", fields, now);
}

/** A check whose return is not recorded: the numbers at its entry decide, under the same lock. */
function settleRetry(context: LoweringContext, now: Moment): void {
  const check = context.calls(now.task).at(-1);
  if (check?.role !== "read_retry") return;
  context.calls(now.task).pop();
  const seq = seqField(check.fields, "seq");
  const own = seqField(check.fields, "sub_seq");
  if (seq !== null && own !== null) driver.retryChecked(context, check, seq !== own, now);
}

function returned(
  context: LoweringContext,
  memory: calls.CoreMemory,
  role: string,
  fields: Fields,
  now: Moment,
): void {
  const paired = role === "insert_locked" ? "insert" : role;
  calls.returning(context, paired, now, (call) => {
    switch (paired) {
      case "insert":
        return calls.insertReturned(context, call, fields, now);
      case "remove":
        return calls.removeReturned(context, call, now);
      case "inv_start":
        return calls.startReturned(context, memory, call, fields, now);
      case "inv_end":
        return calls.endReturned(context, call, now);
      case "release":
        return calls.releaseReturned(context, call, now);
      case "read_begin":
        return driver.readBegun(context, call, fields, now);
      case "hmm_range_fault":
        return driver.walkReturned(context, call, fields, now);
      case "invalidate":
        return driver.callbackReturned(context, call, fields, now);
      case "read_retry":
        return driver.retryChecked(context, call, numberField(fields, "ret") !== 0, now);
      default:
        return undefined;
    }
  });
  lowerMigration(context, role, "return", fields, now);
}

/** A line inside the lock, printed by the task whose call it is: the step is here. */
function lockLine(
  context: LoweringContext,
  fields: Fields,
  now: Moment,
  ...roles: readonly string[]
): void {
  const call = openCall(context, now.task, ...roles);
  if (call?.step === undefined || call.step.done || call.mm === undefined) return;
  if (roles.includes("remove") || roles.includes("inv_end")) {
    const before = seqField(fields, "subs_seq");
    if (before !== null) pinOthers(context, call, before, now);
  }
  calls.stepHere(context, call, now);
}

/** The sequence just before a call's own step: other tasks' steps may have to come first. */
function pinOthers(
  context: LoweringContext,
  call: Call,
  seq: NonNullable<ReturnType<typeof seqField>>,
  now: Moment,
): void {
  const step = call.step as LockedStep;
  const steps = context.unplaced(step.mm);
  const at = steps.indexOf(step);
  if (at >= 0) steps.splice(at, 1);
  tryPinSeq(context, step.mm, seq, now);
  steps.push(step);
}

/** A tree edit: by the task's own insert or remove, or by the end that applies the deferred list. */
function treeLine(
  context: LoweringContext,
  fields: Fields,
  now: Moment,
  role: "insert" | "remove",
): void {
  const own = openCall(context, now.task, role);
  const notifier = context.pointers.notifier(fields["sub"] ?? "");
  if (own?.notifier === notifier && own.step !== undefined && !own.step.done) {
    calls.stepHere(context, own, now);
    return;
  }
  const end = openCall(context, now.task, "inv_end", "inv_start", "release");
  if (end?.mm === undefined) return;
  const pending = context
    .unplaced(end.mm)
    .find((step) => step.kind === role && step.call.notifier === notifier);
  if (pending !== undefined) calls.stepHere(context, pending.call, now);
  if (end.role === "inv_end") calls.stepHere(context, end, now);
}
