/**
 * The clocks of ftrace, by name. The name is not in a recording's text, so the user may give it.
 *
 * It matters in two ways: a clock that counts prints whole numbers, so a wrong name is noticed; and
 * the lines of different processors are in order only as far as their clock is one for all of them.
 */
import { SimError } from "@mmreplay/events";
import { CLOCK_NAMES, type ClockName } from "./clock-names.ts";
import { type ClockBase, stampOf, stampText } from "./time-stamp.ts";

const COUNTING: ReadonlySet<string> = new Set(["counter", "x86-tsc"]);

/** Why the order of lines of different processors proves nothing under a clock. */
const LOOSE: Readonly<Record<string, string>> = {
  local: "may differ between processors",
  perf: "may differ between processors",
  uptime: "counts ticks, and many events share one",
};

/** What a user says of the clock of a file. */
export interface ClockChoice {
  readonly name?: ClockName | undefined;
  /** Added to each time, in nanoseconds or the clock's own unit. */
  readonly offset?: bigint | undefined;
}

/**
 * The clock of a recording with the user's name and offset.
 *
 * @throws SimError `E_CLOCK` when the recording's times are not those of the named clock.
 */
export function chosenClock(clock: ClockBase, { name, offset }: ClockChoice): ClockBase {
  if (name !== undefined && COUNTING.has(name) !== (clock.unit === "clock")) {
    throw wrongClock(name, clock);
  }
  const from = stampOf(clock.base, clock.unit);
  const moved = offset !== undefined && offset !== 0n && from !== undefined;
  return {
    ...clock,
    ...(moved ? { base: stampText(from.value + offset, clock.unit) } : {}),
    ...(name === undefined ? {} : { name }),
  };
}

function wrongClock(name: ClockName, { unit, base }: ClockBase): SimError {
  const fitting = CLOCK_NAMES.filter((one) => COUNTING.has(one) === (unit === "clock"));
  return new SimError({
    code: "E_CLOCK",
    found: `--clock ${name}, and times like ${base}`,
    expected: `one of ${fitting.join(", ")}`,
    action: "The recorder's clock is the one in brackets in /sys/kernel/tracing/trace_clock.",
  });
}

/** Why the lines of different processors are in no certain order; `undefined`: they are in order. */
export function looseOrder(clock: ClockBase | undefined): string | undefined {
  const why = clock?.name === undefined ? undefined : LOOSE[clock.name];
  if (why === undefined) return undefined;
  return `The clock ${clock?.name} ${why}: the order of their lines proves nothing. Record with mono, or with counter.`;
}
