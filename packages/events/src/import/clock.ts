/**
 * Time stamps as exact differences from the first one.
 *
 * Nanoseconds since the epoch (`tai`) and old cycle counters (`x86-tsc`) do not fit a double, but
 * their distance from the first event does. A stamp is therefore read as two integers, `high` in
 * units of 10^9 and `low` below that: seconds and nanoseconds, or the leading and the last nine
 * digits of a bare integer. The clock's name is not in the file; a bare integer counts events or
 * cycles, and `at` is then in that unit.
 */
import { COLON, DOT, decimal, skipDigits } from "./characters.ts";

/** What `at` counts: nanoseconds, or the unit of an integer clock (`counter`, `x86-tsc`). */
export type ClockUnit = "ns" | "clock";

/** A time stamp as printed at `line[from, to)`. */
export interface Stamp {
  unit: ClockUnit;
  high: number;
  low: number;
  from: number;
  to: number;
}

/** The base of a recording: its first time stamp. */
export interface Clock {
  unit: ClockUnit;
  /** The first time stamp as printed; absent before it. */
  baseText: string | undefined;
  high: number;
  low: number;
}

const GIGA = 1_000_000_000;
const LOW_DIGITS = 9;
/** Digits of `high`: a double holds 15, and 11 + 9 are more than a u64 has. */
export const HIGH_DIGITS_MAX = 11;
/** Nanoseconds of a fraction's last digit, by the number of its digits. */
export const FRACTION_SCALES: readonly number[] = [1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1];

/** A clock that has seen no event. */
export function createClock(): Clock {
  return { unit: "ns", baseText: undefined, high: 0, low: 0 };
}

/** An empty stamp to read into. */
export function createStamp(): Stamp {
  return { unit: "ns", high: 0, low: 0, from: 0, to: 0 };
}

/**
 * Reads `s.uuuuuu`, `s.nnnnnnnnn` or a bare integer that a colon follows, and returns the colon's
 * place; -1 when there is none.
 */
export function readStamp(line: string, from: number, stamp: Stamp): number {
  const point = skipDigits(line, from);
  if (point === from) return -1;
  if (line.charCodeAt(point) === DOT) {
    const end = skipDigits(line, point + 1);
    const digits = end - point - 1;
    const scale = FRACTION_SCALES[digits];
    if (digits === 0 || scale === undefined || point - from > HIGH_DIGITS_MAX) return -1;
    stamp.unit = "ns";
    stamp.high = decimal(line, from, point);
    stamp.low = decimal(line, point + 1, end) * scale;
    stamp.to = end;
  } else {
    const split = Math.max(from, point - LOW_DIGITS);
    if (split - from > HIGH_DIGITS_MAX) return -1;
    stamp.unit = "clock";
    stamp.high = decimal(line, from, split);
    stamp.low = decimal(line, split, point);
    stamp.to = point;
  }
  stamp.from = from;
  return line.charCodeAt(stamp.to) === COLON ? stamp.to : -1;
}

/** Makes the stamp one of so many microseconds, printed at `line[from, to)`. */
export function setMicroseconds(
  stamp: Stamp,
  microseconds: number,
  from: number,
  to: number,
): void {
  stamp.unit = "ns";
  stamp.high = Math.floor(microseconds / 1e6);
  stamp.low = (microseconds % 1e6) * 1000;
  stamp.from = from;
  stamp.to = to;
}

/**
 * The stamp's distance from the clock's base, which the first stamp sets; `undefined` when it is
 * of another unit or so far away that the distance is not exact.
 */
export function elapsed(clock: Clock, stamp: Stamp, line: string): number | undefined {
  if (clock.baseText === undefined) {
    clock.baseText = line.slice(stamp.from, stamp.to);
    clock.unit = stamp.unit;
    clock.high = stamp.high;
    clock.low = stamp.low;
    return 0;
  }
  return clock.unit === stamp.unit ? sinceBase(clock, stamp.high, stamp.low) : undefined;
}

/** The distance of a time in the clock's unit from its base; `undefined` when it is not exact. */
export function sinceBase(clock: Clock, high: number, low: number): number | undefined {
  const at = (high - clock.high) * GIGA + (low - clock.low);
  return Number.isSafeInteger(at) ? at : undefined;
}
