/**
 * Times as recorders print them, and as users copy them: exact, in the recording's own unit.
 *
 * A point makes seconds of them (`6.875795`), a suffix says the unit (`16170us`), and a bare number is
 * in nanoseconds, or in the unit of a clock that counts (counter, x86-tsc).
 */
import { type JournalHeader, SimError } from "@mmreplay/events";

/** What a recording's times count, and the time from which its events do. */
export type ClockBase = NonNullable<JournalHeader["clock"]>;

const STAMP = /^(-?)(\d{1,20})(?:\.(\d{1,9}))?(s|ms|us|ns)?$/;

const SECOND = 1_000_000_000n;
const SCALES: Readonly<Record<string, bigint>> = { s: SECOND, ms: 1_000_000n, us: 1000n, ns: 1n };

/** A time in the recording's unit; `step` is what its last printed digit stands for. */
export interface Stamp {
  readonly value: bigint;
  readonly step: bigint;
}

/** Reads a printed time; `undefined` when it is none of this unit. */
export function stampOf(text: string, unit: ClockBase["unit"]): Stamp | undefined {
  const match = STAMP.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", suffix] = match;
  if (unit === "clock" && (fraction !== "" || suffix !== undefined)) return undefined;
  const scale = SCALES[suffix ?? (fraction === "" ? "ns" : "s")] ?? 1n;
  const step = fraction === "" ? 1n : scale / 10n ** BigInt(fraction.length);
  if (step === 0n) return undefined;
  const size = BigInt(whole) * scale + (fraction === "" ? 0n : BigInt(fraction) * step);
  return { value: sign === "-" ? -size : size, step };
}

/** The time as this module reads it: seconds with nine digits, or the number of a counting clock. */
export function stampText(value: bigint, unit: ClockBase["unit"]): string {
  if (unit === "clock") return String(value);
  const size = value < 0n ? -value : value;
  const rest = String(size % SECOND).padStart(9, "0");
  return `${value < 0n ? "-" : ""}${size / SECOND}.${rest}`;
}

/** The distance of a time that a user names from the recording's base, in the recording's unit. */
export function sinceBase(text: string, { unit, base }: ClockBase): { at: number; step: number } {
  const from = stampOf(base, unit);
  const stamp = stampOf(text, unit);
  if (from !== undefined && stamp !== undefined) {
    return { at: Number(stamp.value - from.value), step: Number(stamp.step) };
  }
  throw new SimError({
    code: "E_TIME",
    found: `the time ${text}`,
    expected:
      unit === "clock"
        ? "@ and a whole number: this recording's clock counts"
        : `a time as the recording prints it, like ${base}`,
    action: "An event's index is a bare number: --from 100.",
  });
}
