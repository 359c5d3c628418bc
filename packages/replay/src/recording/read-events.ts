/**
 * The bytes of one file to events: a recording is imported and lowered, a journal is decoded.
 *
 * Both end in the same calls of `apply`, so checking, folding and importing know one kind of input.
 */
import { emptyState, modelOf, type Recipes, type State } from "@mmreplay/core";
import {
  createImporter,
  createJournalReader,
  type JournalHeader,
  type JournalLine,
  type MmEvent,
  type Observation,
  SimError,
  type TextFormat,
} from "@mmreplay/events";
import { mutantNamed } from "../explore/named.ts";
import { latin1Text } from "../input/latin1.ts";
import type { CheckOptions } from "./check-options.ts";
import { chosenClock } from "./clocks.ts";
import { watchLastLine } from "./cut-line.ts";
import { countEvent, type EventCounts, noEventCounts } from "./event-counts.ts";
import { createLowering } from "./lowering.ts";
import { noEvents } from "./no-events.ts";
import { profileOf } from "./profile-of.ts";
import type { RecordingCounts } from "./recording-counts.ts";
import { sniffed } from "./sniffed.ts";

/** What a file was, when it has been read. */
export interface ReadSummary {
  readonly format: string;
  readonly kind: "run" | "recording";
  readonly counts: RecordingCounts | EventCounts;
  /** Head counts of a recording, where it has them. */
  readonly inBuffer: number | undefined;
  readonly written: number | undefined;
  /** No head counts the events of the text, and the user has not said that it is whole. */
  readonly uncounted: boolean;
  /** A journal of a recording, or a recording, ended where its source ended. */
  readonly ended: boolean;
  /** Reading was stopped before the end. */
  readonly stopped: boolean;
  readonly taskNames: ReadonlyMap<number, string>;
  readonly pointers: ReadonlyMap<string, string>;
  /** What its times are; absent for a run. */
  readonly clock: JournalHeader["clock"];
}

/** Who takes the events of a file. */
export interface EventTaker {
  /** The state that the events are applied to. */
  readonly state: State;
  /**
   * Must reduce the event into the state before it returns; `line` is its line, where the file is a journal.
   */
  apply(event: MmEvent, line?: JournalLine): void;
  /** What a journal of these events begins with; before the first event. */
  header?(header: JournalHeader): void;
}

/** How reading can be watched and stopped. */
export interface Reading {
  readonly progress?: ((lines: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads one file and gives its events, in order, to the taker that `begin` makes; it is told the
 * modulus of the sequence numbers, and the recipes of the run's mutant if it has one.
 *
 * @throws SimError when the file is no recording or journal, or is damaged.
 */
export async function readEvents<T extends EventTaker>(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  begin: (state: State, recipes?: Recipes) => T,
  reading: Reading = {},
): Promise<{ taker: T; summary: ReadSummary }> {
  const source = bytes[Symbol.asyncIterator]();
  try {
    const { format, chunks } = await sniffed(
      { [Symbol.asyncIterator]: () => source },
      options.format,
    );
    if (format === "journal") return await readJournal(file, chunks, options, begin, reading);
    return await readRecording(file, format, chunks, options, begin, reading);
  } catch (error) {
    throw error instanceof SimError ? error.at(file) : error;
  } finally {
    // Whatever stopped the reading: the file is closed.
    await source.return?.();
  }
}

async function readRecording<T extends EventTaker>(
  file: string,
  format: TextFormat,
  chunks: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  begin: (state: State, recipes?: Recipes) => T,
  reading: Reading,
): Promise<{ taker: T; summary: ReadSummary }> {
  const taker = begin(emptyState());
  const profile = profileOf(options.profile);
  const importer = createImporter(format);
  const lowering = createLowering({
    meaning: profile.meaning,
    layout: profile.layout,
    buffersBeginUnseen: hasCounts(format) && options.whole !== true,
    state: taker.state,
    apply: (event) => taker.apply(event),
  });
  let inBuffer: number | undefined;
  let written: number | undefined;
  let started = false;
  let header: JournalHeader | undefined;
  let unread: { line: number; text: string } | undefined;
  const observe = (observation: Observation): void => {
    if (observation.kind === "header") {
      // A head among the events is that of another recording: the lowering begins anew there.
      if (!started) inBuffer ??= observation.inBuffer;
      if (!started) written ??= observation.written;
    } else if (!started && observation.kind !== "other") {
      started = true;
      header = headerOf(taker.state, importer, file, profile.name, options);
      taker.header?.(header);
      lowering.start({
        format,
        unit: importer.unit,
        ...(inBuffer === undefined ? {} : { inBuffer }),
        ...(written === undefined ? {} : { written }),
      });
    }
    if (observation.kind === "other" && observation.reason === "unread") unread ??= observation;
    lowering.observe(observation);
  };
  const lastLine = watchLastLine(format);
  const stopped = await readChunks(chunks, reading, (chunk) => {
    lastLine.saw(chunk);
    importer.push(chunk, observe);
    return lowering.counts.lines;
  });
  importer.end(lastLine.taker(observe));
  if (!started) throw noEvents(format, unread);
  lowering.end();
  const { counts, taskNames, pointers } = lowering;
  const clock = header?.clock;
  const uncounted = inBuffer === undefined && options.whole !== true;
  const read = { counts, inBuffer, written, uncounted, taskNames, pointers, clock };
  return { taker, summary: { format, kind: "recording", ended: true, stopped, ...read } };
}

/** Whether texts of this format begin with a head that counts their events. */
function hasCounts(format: TextFormat): boolean {
  return format === "ftrace" || format === "ftrace-latency";
}

/** Reads to the end, or until it is told to stop; says whether it was. */
async function readChunks(
  chunks: AsyncIterable<Uint8Array>,
  { progress, signal }: Reading,
  read: (chunk: Uint8Array) => number,
): Promise<boolean> {
  for await (const chunk of chunks) {
    if (signal?.aborted) return true;
    const lines = read(chunk);
    progress?.(lines);
  }
  return signal?.aborted === true;
}

function headerOf(
  state: State,
  importer: ReturnType<typeof createImporter>,
  file: string,
  profile: string,
  { clock = {} }: CheckOptions,
): JournalHeader {
  const source = file.split("/").at(-1) ?? file;
  const { unit, baseText: base = "0" } = importer;
  return {
    mmreplay: "journal",
    version: 1,
    kind: "recording",
    kernel: "6.1",
    seqModulus: state.seqModulus,
    clock: chosenClock({ unit, base }, clock),
    source,
    profile,
  };
}

async function readJournal<T extends EventTaker>(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  begin: (state: State, recipes?: Recipes) => T,
  reading: Reading,
): Promise<{ taker: T; summary: ReadSummary }> {
  const reader = createJournalReader(file, latin1Text);
  const counts = noEventCounts();
  let taker: T | undefined;
  let kind: ReadSummary["kind"] = "run";
  let clock: ReadSummary["clock"];
  const sink = {
    header(written: JournalHeader) {
      const header = withClock(written, options);
      ({ kind, clock } = header);
      const mutant = header.mutant === undefined ? undefined : mutantNamed(header.mutant);
      taker = begin(emptyState(header.seqModulus), modelOf(mutant).recipes);
      taker.header?.(header);
    },
    event(event: MmEvent, line: JournalLine) {
      countEvent(counts, event);
      try {
        taker?.apply(event, line);
      } catch (error) {
        // What cannot happen knows its index; its line is two further (header, counting from 1).
        throw error instanceof SimError ? error.within(`${file}:${event.index + 2}`) : error;
      }
    },
  };
  const stopped = await readChunks(chunks, reading, (chunk) => {
    reader.push(chunk, sink);
    return counts.events;
  });
  if (!stopped) reader.end(sink);
  if (taker === undefined) throw noEvents("a journal");
  const { taskNames, pointers, inBuffer, written, ended } = counts;
  const whole = kind === "run" || ended;
  const summary: ReadSummary = {
    format: "journal",
    kind,
    counts,
    inBuffer,
    written,
    uncounted: kind !== "run" && inBuffer === undefined && options.whole !== true,
    ended: whole,
    stopped,
    taskNames,
    pointers,
    clock,
  };
  return { taker, summary };
}

function withClock(header: JournalHeader, { clock }: CheckOptions): JournalHeader {
  if (clock === undefined) return header;
  if (header.clock !== undefined) return { ...header, clock: chosenClock(header.clock, clock) };
  throw new SimError({
    code: "E_CLOCK",
    found: "a journal of a run, which has no times",
    expected: "a recording",
    action: "Leave --clock and --ts-offset out.",
  });
}
