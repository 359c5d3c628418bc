/**
 * What all importers of text share: lines are counted, and none is lost.
 *
 * The reader of a format sees one line at a time and answers with exactly one observation. A line
 * that is too long to be read is an observation, too, made here.
 */
import type { OtherObservation } from "../observation/observation.ts";
import type { Clock } from "./clock.ts";
import type { Emit, Importer, TextFormat } from "./importer.ts";
import { createLineSplitter, type TakeLine } from "./lines.ts";

/** Reads the lines of one format. */
export interface LineReader {
  readonly clock: Clock;
  /** Emits one observation for line `number`, counted from 1. */
  read(line: string, number: number, emit: Emit): void;
  /**
   * Reads the line at `bytes[from]`, whose newline is among the bytes, if it is like an earlier one;
   * returns the place after its newline, or -1: then `read` is given it.
   */
  readKnown?(bytes: Uint8Array, from: number, number: number, emit: Emit): number;
  /** Called after the last line. */
  end?(): void;
}

/** Makes an importer of a reader of lines. */
export function importerOf(format: TextFormat, reader: LineReader): Importer {
  const splitter = createLineSplitter();
  let number = 0;
  let emitNow: Emit = ignore;
  const onLine = (line: string, cut: boolean): void => {
    number += 1;
    if (cut) emitNow(other(number, "unread", line));
    else reader.read(line, number, emitNow);
  };
  const take: TakeLine = (bytes, from) => {
    const next = reader.readKnown?.(bytes, from, number + 1, emitNow) ?? -1;
    if (next >= 0) number += 1;
    return next;
  };
  return {
    format,
    get unit() {
      return reader.clock.unit;
    },
    get baseText() {
      return reader.clock.baseText;
    },
    push(chunk, emit) {
      emitNow = emit;
      splitter.push(chunk, onLine, take);
    },
    end(emit) {
      emitNow = emit;
      splitter.end(onLine);
      reader.end?.();
    },
  };
}

/** The observation of a line that is no event. */
export function other(
  line: number,
  reason: OtherObservation["reason"],
  text: string,
): OtherObservation {
  return { kind: "other", line, reason, text };
}

function ignore(): void {}
