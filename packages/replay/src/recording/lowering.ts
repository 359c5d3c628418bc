/**
 * Lowering: from what probes printed to what happened.
 *
 * Each observation is given to the handler of its probe's role. Calls are paired by task; steps
 * under the subscriptions lock are placed by recorded values (lock-points.ts); what no profile maps
 * stays in the stream as a `probe` event. An event is applied to the state before the next line is
 * read, so the state that the rules see is the one fold of all events.
 */
import type { State } from "@mmreplay/core";
import {
  cpuId,
  type EventBody,
  eventIndex,
  type LostObservation,
  type MmEvent,
  type MmId,
  type Observation,
  type ProbeObservation,
  type TaskId,
  taskId,
} from "@mmreplay/events";
import { stepHere } from "./locked-call.ts";
import type {
  Call,
  CoreMemory,
  DriverLayout,
  EventMoment,
  Fields,
  Line,
  LockedStep,
  LoweringContext,
  Moment,
} from "./lowering-context.ts";
import { createPointers } from "./pointers.ts";
import { missingProbes } from "./probe-pairs.ts";
import { countCall, noCounts, type RecordingCounts } from "./recording-counts.ts";
import { countRefused, guarded } from "./refused-lines.ts";
import { CONTEXT, entered, returned, snapshot } from "./roles.ts";

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

/** All that a lowering in progress holds. */
interface Session {
  readonly options: LoweringOptions;
  readonly counts: RecordingCounts;
  readonly names: Map<string, string>;
  readonly taskNames: Map<number, string>;
  readonly stacks: Map<TaskId, Call[]>;
  readonly entered: Map<TaskId, Set<string>>;
  readonly unplaced: Map<MmId, LockedStep[]>;
  /** Begins anew after a gap: what follows may be a recording with other probes. */
  readonly clears: { single: boolean };
  /** Roles whose probes have fired; `role return` for a return probe. */
  readonly fired: Set<string>;
  /** Roles whose return probes have fired. */
  readonly returned: Set<string>;
  /** The place of the last line of each processor. */
  readonly processors: Map<number, number>;
  readonly memory: CoreMemory;
  /** Places at which a call turned out to lack a line, and no reported loss explains it. */
  torn: number[];
  /** The head has counts, or the format has no buffers: no processor begins unseen. */
  counted: boolean;
  /** The lines are not in the order of time, so events say their places, too. */
  placed: boolean;
  /** The time of the last event line. */
  latest: number;
  /** Index of the next event. */
  index: number;
  now: Moment;
}

/**
 * Emits and applies an event. The body was made for this call alone, so it becomes the event: no
 * copy on the hot path.
 */
function emit(
  session: Session,
  body: EventBody,
  { line, at }: EventMoment,
  order: "exact" | "interval",
  from = line,
): void {
  const event = body as { -readonly [K in keyof MmEvent]: MmEvent[K] };
  const once = from.place === line.place;
  event.index = eventIndex(session.index);
  event.at = Math.max(at, 0);
  event.evidence = once ? [from.number] : [from.number, line.number];
  if (session.placed) event.places = once ? [from.place] : [from.place, line.place];
  // What the recorder says of a processor names that one.
  if (from.cpu !== undefined) event.cpu ??= from.cpu;
  event.order = order;
  session.options.apply(event as MmEvent);
  session.index += 1;
}

/** Emits an event that rests on the present line. */
function emitNow(session: Session, body: EventBody): void {
  emit(session, body, session.now, "exact");
}

function contextOf(session: Session): LoweringContext {
  const { options, stacks, unplaced, counts, fired } = session;
  const { state, layout } = options;
  return {
    state,
    layout,
    pointers: createPointers({
      pointer(kind, id, pointer) {
        session.names.set(`${kind}${id}`, pointer);
        emitNow(session, { type: "intern", task: session.now.task, kind, id, pointer });
      },
      task(id, pid, comm, moment) {
        session.taskNames.set(id, `${comm}-${pid}`);
        emit(session, { type: "task_start", task: id, name: comm, pid }, moment, "exact");
      },
    }),
    calls: (task) => entry(stacks, task, () => []),
    entered: (task) => entry(session.entered, task, () => new Set()),
    unplaced: (mm) => entry(unplaced, mm, () => []),
    emit: (body, moment, order, from) => emit(session, body, moment, order, from),
    unexplained: () => {
      counts.unexplained += 1;
    },
    unjudged: () => {
      counts.unjudged += 1;
    },
    clears: session.clears,
    newLives: new Set(),
    fires: (role) => fired.has(role),
    torn: () => {
      session.torn.push(session.now.line.place);
    },
  };
}

function observeProbe(
  session: Session,
  context: LoweringContext,
  observation: ProbeObservation,
): void {
  const { probe: name, edge, at } = observation;
  const line = lineOf(session, observation);
  const meaning = session.options.meaning(name);
  const task = context.pointers.task(observation.task, observation.comm, line, at);
  const now = { line, at, task };
  session.now = now;
  if (meaning === undefined) session.counts.unmapped += 1;
  const fields = renamed(observation.fields, meaning?.fields);
  if (meaning === undefined || CONTEXT.includes(meaning.role)) {
    if (meaning?.role === "range_snapshot") snapshot(context, edge, fields, now);
    const mapped = meaning !== undefined;
    emitNow(session, { type: "probe", task, name, edge, fields: observation.fields, mapped });
    return;
  }
  fired(session, meaning.role, edge);
  countCall(session.counts, meaning.role, edge, fields);
  const lower = edge === "entry" ? entered : returned;
  lower(context, session.memory, meaning.role, fields, now);
}

/** A probe has fired; the name of its return is put together once. */
function fired(session: Session, role: string, edge: ProbeObservation["edge"]): void {
  if (edge === "entry") session.fired.add(role);
  else if (!session.returned.has(role)) {
    session.returned.add(role);
    session.fired.add(`${role} return`);
  }
}

/** Calls in progress are no longer known: their returns may be among what is missing. */
function interrupted(session: Session, line: Line, body: (task: TaskId) => EventBody): void {
  const { stacks, unplaced, memory } = session;
  session.now = { ...session.now, line };
  stacks.clear();
  session.entered.clear();
  unplaced.clear();
  memory.regions.clear();
  memory.refused.clear();
  memory.born.clear();
  session.clears.single = false;
  emitNow(session, body(session.now.task));
}

function bufferStarted(session: Session, started: { line: number; cpu: number }): void {
  const { cpu } = started;
  session.torn = [];
  interrupted(session, lineOf(session, started), (task) => ({
    type: "buffer_started",
    task,
    cpu: cpuId(cpu),
  }));
}

function lost(session: Session, loss: Omit<LostObservation, "kind">): void {
  const { cpu, count } = loss;
  session.counts.lost += count;
  const since = loss.anywhere === true ? 0 : (session.processors.get(cpu) ?? 0);
  session.torn = session.torn.filter((at) => at < since);
  interrupted(session, lineOf(session, loss), (task) => ({
    type: "lost_events",
    task,
    cpu: cpuId(cpu),
    count,
    since,
  }));
}

/** A line comes after its time: what was concluded without it may be wrong, as after a loss. */
function late(session: Session, { line, place, cpu }: ProbeObservation): void {
  session.counts.late += 1;
  const at = place === undefined ? { line } : { line, place };
  lost(session, { ...at, cpu, count: 0, anywhere: true });
}

/** A line that could not be read may have been an event of any task, as if it had been lost there. */
function missing(session: Session, unread: { line: number; place?: number }): void {
  if (session.processors.size === 0) return;
  const line = lineOf(session, unread);
  const since = line.place - 1;
  interrupted(session, line, (task) => ({
    type: "lost_events",
    task,
    cpu: cpuId(0),
    count: 0,
    since,
  }));
}

/** The line of an observation; a place of its own says that the whole recording has such. */
function lineOf(
  session: Session,
  { line, place, cpu }: { line: number; place?: number; cpu?: number },
): Line {
  if (place !== undefined) session.placed = true;
  const number = line;
  return cpu === undefined
    ? { number, place: place ?? line }
    : { number, place: place ?? line, cpu: cpuId(cpu) };
}

function observe(session: Session, context: LoweringContext, observation: Observation): void {
  const { counts, processors } = session;
  counts.lines = Math.max(counts.lines, observation.line);
  switch (observation.kind) {
    case "header":
      // A head among the events: what follows is another recording, perhaps of another boot.
      if (processors.size > 0) bufferStarted(session, { line: observation.line, cpu: 0 });
      if (observation.inBuffer !== undefined) session.counted = true;
      break;
    case "probe": {
      const { cpu, line, place } = observation;
      counts.observations += 1;
      if (!session.counted && processors.size > 0 && !processors.has(cpu)) {
        bufferStarted(session, observation);
      }
      if (observation.late || observation.at < session.latest) late(session, observation);
      session.latest = observation.at;
      processors.set(cpu, place ?? line);
      const { unread } = counts;
      try {
        observeProbe(session, context, observation);
      } catch (error) {
        countRefused(counts, error);
      }
      if (counts.unread > unread) missing(session, observation);
      break;
    }
    case "lost":
      lost(session, observation);
      break;
    case "buffer-started":
      // The kernel prints this line only where older events were overwritten.
      lost(session, { ...observation, count: 0 });
      bufferStarted(session, observation);
      break;
    default:
      if (observation.reason !== "unread") return;
      counts.unread += 1;
      missing(session, observation);
  }
}

function finish(session: Session, context: LoweringContext): void {
  const { counts, unplaced, now } = session;
  for (const step of [...unplaced.values()].flat()) {
    if (step.kind !== "start") continue;
    guarded(counts, () => stepHere(context, step.call, { ...now, line: step.call.line }));
  }
  counts.torn = session.torn.length + missingProbes(session.fired).length;
  const { lines, observations, unread, unexplained, unjudged, torn, late } = counts;
  const { invalidations, readSections, retries, busy, again } = counts;
  const calls = { invalidations, readSections, retries, busy, again };
  const delayed = late > 0 ? { late } : {};
  const lacking = unjudged > 0 ? { unjudged } : {};
  const read = { lines, observations, unread, unexplained, torn, ...delayed, ...lacking, calls };
  const last = { number: Math.max(lines, 1), place: Math.max(lines, now.line.place) };
  session.now = { ...now, line: last };
  emitNow(session, { type: "recording_end", task: now.task, ...read });
}

/** Begins the lowering of one recording. */
export function createLowering(options: LoweringOptions): Lowering {
  const session: Session = {
    options,
    counts: noCounts(),
    names: new Map(),
    taskNames: new Map(),
    stacks: new Map(),
    entered: new Map(),
    unplaced: new Map(),
    clears: { single: false },
    fired: new Set(),
    returned: new Set(),
    processors: new Map(),
    memory: { regions: new Map(), refused: new Map(), born: new Map() },
    torn: [],
    counted: options.buffersBeginUnseen !== true,
    index: 0,
    placed: false,
    latest: 0,
    now: { line: { number: 1, place: 1 }, at: 0, task: taskId(0) },
  };
  const context = contextOf(session);
  return {
    counts: session.counts,
    pointers: session.names,
    taskNames: session.taskNames,
    start: (start) => emitNow(session, { type: "recording_start", task: taskId(0), ...start }),
    observe: (observation) => observe(session, context, observation),
    end: () => finish(session, context),
  };
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
