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
import { stepHere } from "./locked-call.ts";
import type { CoreMemory } from "./lower-invalidation.ts";
import type {
  Call,
  DriverLayout,
  Fields,
  LockedStep,
  LoweringContext,
  Moment,
} from "./lowering-context.ts";
import { createPointers } from "./pointers.ts";
import { countCall, noCounts, type RecordingCounts } from "./recording-counts.ts";
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
        emit({ type: "intern", task: now.task, kind, id, pointer }, now.at, [now.line], "exact");
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
  const memory: CoreMemory = { regions: new Map(), refused: new Map(), born: new Set() };

  const probe = (observation: ProbeObservation): void => {
    const meaning = options.meaning(observation.probe);
    now = { line: observation.line, at: observation.at, task: now.task };
    now = { ...now, task: context.pointers.task(observation.task, observation.comm) };
    if (meaning === undefined) counts.unmapped += 1;
    const fields = renamed(observation.fields, meaning?.fields);
    if (meaning === undefined || CONTEXT.includes(meaning.role)) {
      if (meaning?.role === "range_snapshot") snapshot(context, observation.edge, fields, now);
      const { probe: name, edge } = observation;
      const body = {
        type: "probe",
        task: now.task,
        name,
        edge,
        fields: observation.fields,
      } as const;
      emit({ ...body, mapped: meaning !== undefined }, now.at, [now.line], "exact");
      return;
    }
    fired.add(meaning.role);
    countCall(counts, meaning.role, observation.edge, fields);
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
          guarded(counts, () => stepHere(context, step.call, { ...now, line: step.call.line }));
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
  memory: CoreMemory,
): void {
  stacks.clear();
  unplaced.clear();
  memory.regions.clear();
  memory.refused.clear();
  memory.born.clear();
}
