/**
 * Lines that are like one that was read before, read by comparing bytes.
 *
 * A recording of a million lines has some hundreds of heads (`comm-pid [cpu] flags`) and of bodies
 * (`probe: (place) a=… b=…`); only the time and the values change. The general reader reads the first
 * line of each; what did not change in it is kept as bytes, and a line that has the same bytes is
 * read here, several times faster. This is no second grammar: only what the general reader has found
 * is found again, a value is a plain word here, and a line that differs in anything else is left to
 * the general reader. test/properties/known-lines.test.ts compares both.
 */
import type { ProbeObservation } from "../../observation/observation.ts";
import { COLON, DOT, isDigit, SPACE, ZERO } from "../characters.ts";
import { type Clock, FRACTION_SCALES, HIGH_DIGITS_MAX, sinceBase } from "../clock.ts";
import {
  type KnownBytes,
  knownBytes,
  sameBytes,
  slotOf,
  viewOf,
  viewOfText,
} from "../known-bytes.ts";
import { createKnownBodies } from "./known-bodies.ts";

/** The readings of lines whose unchanging bytes are known. */
export interface KnownLines {
  /** The place after the newline of the line that was read last. */
  readonly end: number;
  /** Remembers a line that the general reader has read; its time begins at `stamp`. */
  learn(line: string, stamp: number, body: number, read: ProbeObservation): void;
  /**
   * Reads line `number` at `bytes[from]`, whose newline is among the bytes, if all of it but its
   * time and values is known.
   */
  read(bytes: Uint8Array, from: number, number: number, clock: Clock): ProbeObservation | undefined;
}

/** `comm-pid [cpu] flags`. */
interface KnownHead extends Pick<ProbeObservation, "comm" | "task" | "cpu"> {
  readonly known: KnownBytes;
}

const HEAD_SLOT_BITS = 10;
/** Where a head of the default layout holds pid, cpu and flags, which tell most heads apart. */
const PID_COLUMN = 17;
const FLAGS_COLUMN_END = 36;
const LINE_LENGTH_MAX = 1024;

/** Nothing is known yet. */
export function createKnownLines(): KnownLines {
  const heads = new Array<KnownHead | undefined>(2 ** HEAD_SLOT_BITS).fill(undefined);
  const bodies = createKnownBodies();
  const time: Time = { high: 0, low: 0 };
  /** The head of the last line: one task prints many lines in a row. */
  let last: KnownHead | undefined;
  let viewed: Uint8Array = NOTHING;
  let view = viewOf(NOTHING);

  function isHead(head: KnownHead | undefined, from: number): boolean {
    return head !== undefined && sameBytes(view, from, head.known.length, head.known.words, 0);
  }

  return {
    get end() {
      return bodies.end + 1;
    },
    learn(line, stamp, body, read) {
      if (line.length > LINE_LENGTH_MAX) return;
      const whole = viewOfText(`${line}\n`);
      if (!bodies.learn(line, whole, body, read)) return;
      let end = stamp;
      while (line.charCodeAt(end - 1) === SPACE) end -= 1;
      const { comm, task, cpu } = read;
      heads[headSlot(whole, 0)] = { known: knownBytes(line.slice(0, end)), comm, task, cpu };
    },
    read(bytes, from, number, clock) {
      if (bytes !== viewed) {
        viewed = bytes;
        view = viewOf(bytes);
      }
      if (!isHead(last, from)) {
        last = heads[headSlot(view, from)];
        if (!isHead(last, from)) return undefined;
      }
      const { known, comm, task, cpu } = last as KnownHead;
      const start = readTime(view, from + known.length, time);
      if (start < 0 || clock.unit !== "ns") return undefined;
      const at = sinceBase(clock, time.high, time.low);
      const body = at === undefined ? undefined : bodies.read(view, start);
      if (at === undefined || body === undefined) return undefined;
      const { probe, edge, fields, rest } = body;
      return { kind: "probe", line: number, task, comm, cpu, at, probe, edge, fields, rest };
    },
  };
}

const NOTHING = new Uint8Array(0);

function headSlot(view: DataView, from: number): number {
  const end = Math.min(from + FLAGS_COLUMN_END, view.byteLength);
  const begin = Math.min(from + PID_COLUMN, end);
  return slotOf(view, begin, end - begin, HEAD_SLOT_BITS);
}

/** A time as a stamp of the clock holds it (clock.ts). */
interface Time {
  high: number;
  low: number;
}

/** Reads ` s.uuuuuu: ` and returns the place after it; -1 when that is not there. */
function readTime(view: DataView, from: number, time: Time): number {
  let at = from;
  let code = view.getUint8(at);
  while (code === SPACE) code = view.getUint8(++at);
  const first = at;
  let high = 0;
  for (; isDigit(code); code = view.getUint8(++at)) high = high * 10 + code - ZERO;
  if (first === from || at === first || at - first > HIGH_DIGITS_MAX || code !== DOT) return -1;
  const point = at;
  let low = 0;
  code = view.getUint8(++at);
  for (; isDigit(code); code = view.getUint8(++at)) low = low * 10 + code - ZERO;
  const scale = FRACTION_SCALES[at - point - 1];
  if (at === point + 1 || scale === undefined) return -1;
  if (code !== COLON || view.getUint8(at + 1) !== SPACE) return -1;
  time.high = high;
  time.low = low * scale;
  return at + 2;
}
