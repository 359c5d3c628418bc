/**
 * The clocks of ftrace, as /sys/kernel/tracing/trace_clock names them. `--help` lists them, so this
 * file loads nothing.
 */

/** Names of clocks. */
export const CLOCK_NAMES = [
  "local",
  "global",
  "counter",
  "uptime",
  "perf",
  "mono",
  "mono_raw",
  "boot",
  "tai",
  "x86-tsc",
] as const;

/** The name of a clock. */
export type ClockName = (typeof CLOCK_NAMES)[number];
