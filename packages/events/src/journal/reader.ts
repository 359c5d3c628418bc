/**
 * The bytes of a journal to its header and its events, in bounded memory.
 *
 * Bytes are pushed in as they come, events come out in their order; nothing is kept but the line in
 * the making. A journal that mmreplay wrote is ASCII, one from elsewhere may be any UTF-8.
 */
import type { MmEvent } from "../event/event.ts";
import { createLineSplitter, LINE_LENGTH_MAX, type TextOf } from "../import/lines.ts";
import { excerpt } from "../import/printable.ts";
import { SimError } from "../sim-error.ts";
import { decodeEvent, decodeHeader, lineOfEvent } from "./decode.ts";
import type { JournalHeader } from "./header.ts";
import { fromUtf8 } from "./utf8.ts";

/** A line of a journal. */
export interface JournalLine {
  /** The line without its end; it may be a part of a larger text, to be copied by who keeps it. */
  readonly text: string;
  /** Its bytes, where one chunk has them all. */
  readonly place?: ChunkPlace | undefined;
}

/** Some of a chunk's bytes: from `from`, below `to`. */
export interface ChunkPlace {
  readonly chunk: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** Takes what a journal holds: the header once, before the first event. */
export interface JournalSink {
  header(header: JournalHeader): void;
  event(event: MmEvent, line: JournalLine): void;
}

/** Reads one journal. */
export interface JournalReader {
  /**
   * Reads the next bytes, of any number.
   *
   * @throws SimError as `decodeHeader` and `decodeEvent` do, and `E_JOURNAL_LINE` when a line is
   * longer than LINE_LENGTH_MAX.
   */
  push(chunk: Uint8Array, sink: JournalSink): void;
  /**
   * Says that no bytes follow.
   *
   * @throws SimError as `push` does, and `E_JOURNAL_HEADER` when nothing was read at all.
   */
  end(sink: JournalSink): void;
}

/**
 * A reader for one journal; `file` is named in errors. `textOf` gives bytes as characters, one for each (latin1),
 * where the platform does that faster than plain code.
 *
 * @example
 * ```ts
 * const journal =
 *   '{"mmreplay":"journal","version":1,"kind":"run","kernel":"6.1","seqModulus":16}\n' +
 *   '{"index":0,"type":"mm_create","task":0,"mm":0}\n';
 * const types: string[] = [];
 * const sink = { header: () => {}, event: (event: MmEvent) => void types.push(event.type) };
 * const reader = createJournalReader("run.jsonl");
 * reader.push(new TextEncoder().encode(journal), sink);
 * reader.end(sink);
 * types; // ["mm_create"]
 * ```
 */
export function createJournalReader(file: string, textOf?: TextOf): JournalReader {
  const splitter = createLineSplitter(textOf, true);
  /** Index of the next event; -1 before the header. */
  let next = -1;

  function read(
    line: string,
    cut: boolean,
    sink: JournalSink,
    from: number,
    chunk?: Uint8Array,
  ): void {
    if (cut) throw tooLong(line, `${file}:${lineOfEvent(next)}`);
    const text = fromUtf8(line);
    if (text === undefined) throw notUtf8(line, `${file}:${lineOfEvent(next)}`);
    if (next < 0) sink.header(decodeHeader(text, file));
    else {
      const isWhole = chunk !== undefined && from >= 0;
      const place = isWhole ? { chunk, from, to: from + line.length } : undefined;
      sink.event(decodeEvent(text, file, next), { text, place });
    }
    next += 1;
  }

  return {
    push(chunk, sink) {
      splitter.push(chunk, (line, cut, from) => read(line, cut, sink, from, chunk));
    },
    end(sink) {
      splitter.end((line, cut, from) => read(line, cut, sink, from));
      if (next < 0) throw empty(file);
    },
  };
}

function tooLong(line: string, place: string): SimError {
  return new SimError({
    code: "E_JOURNAL_LINE",
    place,
    found: `a line of more than ${LINE_LENGTH_MAX} bytes (${excerpt(line)})`,
    expected: `at most ${LINE_LENGTH_MAX}`,
    action: "Is this a journal? Split events with that many entries.",
  });
}

function notUtf8(line: string, place: string): SimError {
  return new SimError({
    code: "E_JOURNAL_JSON",
    place,
    found: `bytes that are not UTF-8 (${excerpt(line)})`,
    expected: "JSON in ASCII or UTF-8",
    action: "Was the file compressed or damaged? Write it again.",
  });
}

function empty(file: string): SimError {
  return new SimError({
    code: "E_JOURNAL_HEADER",
    place: `${file}:1`,
    found: "an empty file",
    expected: 'the header {"mmreplay":"journal",...}',
    action: "Write the journal again.",
  });
}
