/**
 * Events of several CPUs in the order of time, in bounded memory.
 *
 * bpftrace reads one buffer after the other, so its output is in order for each CPU only: lines that
 * are up to 71 ms older than one before them were measured. Events are therefore held back, at least
 * for HOLD_BACK_NS of the recording's own time, and longer while a CPU has said nothing as new. What
 * comes later still is passed on at once and marked as late; the order within a CPU is never changed.
 * Each event gets its place: its rank in the order in which they are passed on.
 */
import type { LostObservation, ProbeObservation } from "../../observation/observation.ts";
import type { Emit } from "../importer.ts";
import { type Cpus, createCpus } from "./cpus.ts";
import { createHeap, type Heap } from "./heap.ts";

/** Events are held back for so much of the recording's time, at least. */
export const HOLD_BACK_NS = 250_000_000;
/** A CPU that has been silent for so long is not waited for. */
export const SILENCE_MAX_NS = 1_000_000_000;
/** More events are not held back, whatever their times. */
export const HELD_MAX = 131_072;

/**
 * Takes events in the order of their arrival, and passes them on in the order of time; their `at`
 * then counts from the first one that was passed on.
 */
export interface TimeMerge {
  /** The `at`, as it was given, of the first one that was passed on. */
  readonly base: number | undefined;
  add(event: ProbeObservation, emit: Emit): void;
  /** The line says that so many events are missing, at a time and of a CPU that it does not tell. */
  lost(line: number, count: number): void;
  end(emit: Emit): void;
}

/** What waits, and where it belongs. */
interface Held {
  /** Its time, but never before that of an earlier event of its CPU. */
  readonly time: number;
  readonly arrival: number;
  readonly observation: Unplaced<ProbeObservation> | Unplaced<LostObservation>;
}

type Unplaced<T> = { -readonly [K in keyof T]: T[K] };

/** All that a merge in progress holds. */
interface Session {
  readonly held: Heap<Held>;
  readonly cpus: Cpus;
  /** The latest time that was read. */
  newest: number;
  /** The latest time that was passed on. */
  passed: number;
  arrivals: number;
  places: number;
  /** The first time that was passed on. */
  base: number | undefined;
  /** The latest loss, with what of its count is not reported yet. */
  loss: { readonly line: number; count: number } | undefined;
}

/** A merge that has seen nothing. */
export function createTimeMerge(): TimeMerge {
  const session: Session = {
    held: createHeap(comesFirst),
    cpus: createCpus(),
    newest: Number.NEGATIVE_INFINITY,
    passed: Number.NEGATIVE_INFINITY,
    arrivals: 0,
    places: 0,
    base: undefined,
    loss: undefined,
  };
  return {
    get base() {
      return session.base;
    },
    add: (event, emit) => add(session, event, emit),
    lost: (line, count) => lost(session, line, count),
    end(emit) {
      const { cpus, newest } = session;
      const last = Number.isFinite(newest) ? newest : 0;
      for (const cpu of cpus.all()) if (cpu.torn) markLoss(session, cpu.number, last);
      if (session.loss !== undefined && session.loss.count > 0) markLoss(session, 0, last);
      passAll(session, emit, () => true);
    },
  };
}

function comesFirst(a: Held, b: Held): boolean {
  return a.time < b.time || (a.time === b.time && a.arrival < b.arrival);
}

function add(session: Session, event: ProbeObservation, emit: Emit): void {
  const cpu = session.cpus.heard(event.cpu, event.at, session.loss !== undefined);
  session.newest = Math.max(session.newest, cpu.time);
  if (cpu.torn) markLoss(session, cpu.number, cpu.time);
  cpu.torn = false;
  hold(session, cpu.time, event);
  passAll(session, emit, (first) => mayPass(session, first));
}

function lost(session: Session, line: number, count: number): void {
  session.loss = { line, count: count + (session.loss?.count ?? 0) };
  for (const cpu of session.cpus.all()) {
    // Calls that are open on any CPU may have ended unseen: once after its last event...
    if (!cpu.torn) markLoss(session, cpu.number, cpu.time);
    // ...and once before its next one.
    cpu.torn = true;
  }
}

function markLoss(session: Session, cpu: number, time: number): void {
  const { loss } = session;
  if (loss === undefined) return;
  hold(session, time, { kind: "lost", line: loss.line, cpu, count: loss.count, anywhere: true });
  loss.count = 0;
}

function hold(session: Session, time: number, observation: Held["observation"]): void {
  session.arrivals += 1;
  session.held.push({ time, arrival: session.arrivals, observation });
}

function mayPass({ held, cpus, newest }: Session, { time }: Held): boolean {
  const age = newest - time;
  if (held.size > HELD_MAX || age >= SILENCE_MAX_NS) return true;
  return age >= HOLD_BACK_NS && time <= cpus.heardOfAll();
}

function passAll(session: Session, emit: Emit, may: (first: Held) => boolean): void {
  const { held } = session;
  for (let first = held.first(); first !== undefined && may(first); first = held.first()) {
    held.pop();
    pass(session, first, emit);
  }
}

function pass(session: Session, { observation, time }: Held, emit: Emit): void {
  session.base ??= time;
  session.places += 1;
  observation.place = session.places;
  if (observation.kind === "probe") {
    if (observation.at < session.passed) observation.late = true;
    else session.passed = observation.at;
    observation.at -= session.base;
  }
  emit(observation);
}
