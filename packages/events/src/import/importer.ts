/**
 * The shape that every importer of text has, and the choice of one.
 *
 * Bytes are pushed in, observations come out, in the order of the lines, or in that of time where
 * the lines are in none (bpftrace): then each says its `place`. An importer never throws because of
 * what a recording says, with one exception: a layout that has no times or no names cannot be checked
 * at all, and is refused.
 */
import type { Observation } from "../observation/observation.ts";
import { createBpftraceImporter } from "./bpftrace/bpftrace-importer.ts";
import type { ClockUnit } from "./clock.ts";
import { createFtraceImporter } from "./ftrace/ftrace-importer.ts";
import { createPerfImporter } from "./perf/perf-importer.ts";
import { createTraceCmdImporter } from "./trace-cmd/trace-cmd-importer.ts";

/** The formats that `createImporter` reads. */
export const TEXT_FORMATS = [
  "ftrace",
  "ftrace-latency",
  "trace-cmd",
  "perf-script",
  "bpftrace",
] as const;

/** A format that `createImporter` reads. */
export type TextFormat = (typeof TEXT_FORMATS)[number];

/** Takes one observation. */
export type Emit = (observation: Observation) => void;

/** Turns the bytes of one recording into observations. */
export interface Importer {
  readonly format: TextFormat;
  /** The unit of every `at`: nanoseconds, or that of an integer clock. */
  readonly unit: ClockUnit;
  /** The first event's time stamp as printed, from which every `at` counts; absent before it. */
  readonly baseText: string | undefined;
  /**
   * Reads the next bytes, of any number.
   *
   * @throws SimError `E_LAYOUT` when the recording was made without times or names.
   */
  push(chunk: Uint8Array, emit: Emit): void;
  /**
   * Says that no bytes follow: delivers a last line that has no newline.
   *
   * @throws SimError `E_LAYOUT` as `push` does, when the recording is short.
   */
  end(emit: Emit): void;
}

/**
 * An importer of the format, for one recording.
 *
 * @example
 * ```ts
 * const importer = createImporter("ftrace");
 * const observations: Observation[] = [];
 * importer.push(bytes, (observation) => observations.push(observation));
 * importer.end((observation) => observations.push(observation));
 * ```
 */
export function createImporter(format: TextFormat): Importer {
  switch (format) {
    case "ftrace":
    case "ftrace-latency":
      return createFtraceImporter(format);
    case "trace-cmd":
      return createTraceCmdImporter();
    case "perf-script":
      return createPerfImporter();
    case "bpftrace":
      return createBpftraceImporter();
  }
}
