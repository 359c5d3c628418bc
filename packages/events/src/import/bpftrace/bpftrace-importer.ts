/**
 * The output of bpftrace: `-f json`, one object a line or all in an array, and plain text.
 *
 * The lines are not in the order of time (time-merge.ts), so observations do not come in the order of
 * the lines: each says its place. The other lines, which have no time, come at once. bpftrace says
 * that events were lost, but not when nor on which CPU; such a line becomes a loss on every CPU.
 * Counterpart: JsonOutput and TextOutput (src/output of bpftrace).
 */
import { createBodyReader } from "../dynamic-probe.ts";
import type { Emit, Importer } from "../importer.ts";
import { other } from "../line-importer.ts";
import { createLineSplitter, latin1 } from "../lines.ts";
import { createElapsed } from "./elapsed.ts";
import { readJsonRecord } from "./json-record.ts";
import { createObjectSplitter } from "./object-splitter.ts";
import { isNote, isRemark, lostEvents, readTextLine } from "./text-line.ts";
import { createTimeMerge } from "./time-merge.ts";
import type { TimedEvent } from "./timed-event.ts";
import { readTuple } from "./tuple.ts";

/** Linux has no larger number of a CPU (CONFIG_NR_CPUS). */
const CPU_MAX = 8191;

/** Takes one piece of text; `cut` when only its beginning is given. */
type OnPiece = (text: string, line: number, cut: boolean) => void;

/** Cuts chunks into pieces. */
interface Pieces {
  push(chunk: Uint8Array, onPiece: OnPiece): void;
  end(onPiece: OnPiece): void;
}

/** An importer of bpftrace's output of any form. */
export function createBpftraceImporter(): Importer {
  const read = createReader();
  const pieces = eitherPieces();
  return {
    format: "bpftrace",
    unit: "ns",
    get baseText() {
      return read.baseText;
    },
    push(chunk, emit) {
      pieces.push(chunk, (text, line, cut) => read.piece(text, line, cut, emit));
    },
    end(emit) {
      // A printed line that has no end may lack a part of its last value; an object shows its end.
      pieces.end((text, line, cut) => read.piece(text, line, cut || !isObject(text), emit));
      read.end(emit);
    },
  };
}

/** What an array of objects begins with, and what may become that. */
const ARRAY = /^\s*\[\s*\{/;
const UNDECIDED = /^\s*(?:\[\s*)?$/;
/** So many blanks at the beginning are no array. */
const BLANKS_MAX = 1024;

/** The objects of an array, or the lines of any other text: its first characters decide. */
function eitherPieces(): Pieces {
  let pieces: Pieces | undefined;
  let beginning = new Uint8Array(0);
  const first = (): string => latin1(beginning.subarray(0, BLANKS_MAX));
  const decide = (): Pieces => (ARRAY.test(first()) ? createObjectSplitter() : lines());
  return {
    push(chunk, onPiece) {
      if (pieces !== undefined) {
        pieces.push(chunk, onPiece);
        return;
      }
      beginning = joined(beginning, chunk);
      if (beginning.length < BLANKS_MAX && UNDECIDED.test(first())) return;
      pieces = decide();
      pieces.push(beginning, onPiece);
    },
    end(onPiece) {
      if (pieces === undefined) {
        pieces = decide();
        pieces.push(beginning, onPiece);
      }
      pieces.end(onPiece);
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function isObject(text: string): boolean {
  return text.trimStart().startsWith("{");
}

function lines(): Pieces {
  const splitter = createLineSplitter();
  let number = 0;
  const numbered =
    (onPiece: OnPiece) =>
    (line: string, cut: boolean): void => {
      number += 1;
      onPiece(line, number, cut);
    };
  return {
    push: (chunk, onPiece) => splitter.push(chunk, numbered(onPiece)),
    end: (onPiece) => splitter.end(numbered(onPiece)),
  };
}

/** Reads pieces, and passes on what they say in the order of time. */
interface Reader {
  readonly baseText: string | undefined;
  piece(text: string, line: number, cut: boolean, emit: Emit): void;
  end(emit: Emit): void;
}

function createReader(): Reader {
  const bodies = createBodyReader(false);
  const merge = createTimeMerge();
  const elapsed = createElapsed();

  /** The event takes its turn; `false`: its values are none. */
  function take(event: TimedEvent | undefined, emit: Emit): boolean {
    if (event === undefined || event.cpu > CPU_MAX) return false;
    const at = elapsed.since(event.time);
    if (at === undefined) return false;
    const { line, task, comm, cpu, probe, edge, fields, rest } = event;
    merge.add({ kind: "probe", line, task, comm, cpu, at, probe, edge, fields, rest }, emit);
    return true;
  }

  /** `whole`: bpftrace says where the text begins and ends. */
  function readText(text: string, line: number, whole: boolean, emit: Emit): void {
    if (take(readTextLine(text, line, bodies), emit)) return;
    const lost = whole ? undefined : lostEvents(text);
    const remark = text === "" || (whole ? isRemark(text) : isNote(text));
    if (lost !== undefined) merge.lost(line, lost);
    else emit(other(line, remark ? "note" : "unread", text));
  }

  function readJson(text: string, line: number, emit: Emit): void {
    const record = readJsonRecord(text);
    switch (record.kind) {
      case "tuple":
        if (!take(readTuple(record.values, line), emit)) emit(other(line, "unread", text));
        break;
      case "text":
        for (const part of record.text.replace(/\n$/, "").split("\n")) {
          readText(part, line, true, emit);
        }
        break;
      case "lost":
        merge.lost(line, record.count);
        break;
      default:
        emit(other(line, record.kind, text));
    }
  }

  return {
    get baseText() {
      return merge.base === undefined ? undefined : elapsed.textOf(merge.base);
    },
    piece(text, line, cut, emit) {
      if (cut) emit(other(line, "unread", text));
      else if (isObject(text)) readJson(text, line, emit);
      else readText(text, line, false, emit);
    },
    end: (emit) => merge.end(emit),
  };
}
