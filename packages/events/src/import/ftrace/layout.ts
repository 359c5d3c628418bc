/**
 * Layouts of tracefs that cannot be checked: raw, hex, and without context.
 *
 * Raw and hex lines have no event names, lines without context neither time nor task. They are
 * refused early and with what to do, but only on the evidence of several lines: an excerpt may begin
 * with the second line of a marker.
 * Kernel counterparts: print_raw_fmt, print_hex_fmt (kernel/trace/trace.c).
 */

import { SimError } from "../../sim-error.ts";
import { excerpt } from "../printable.ts";

/** So many lines of one refused layout, with no event before, are enough. */
const LINES_ENOUGH = 3;

const REFUSED = [
  { name: "raw", option: "options/raw", pattern: /^\d+ \d+ \d+ \S/ },
  { name: "hex", option: "options/hex", pattern: /^[0-9a-f]{8} [0-9a-f]{8} [0-9a-f]{16}/ },
  { name: "context-free", option: "options/context-info", pattern: /^[A-Za-z_]\w*: \S/ },
] as const;

/** Counts lines of refused layouts until an event is seen. */
export interface LayoutGuard {
  /** Notes a line that is no event. */
  note(line: string, number: number): void;
  /** Decides at the end of a text that had no event. */
  end(): void;
}

/** A guard for one recording; both its functions throw SimError `E_LAYOUT`. */
export function createLayoutGuard(): LayoutGuard {
  let first: { layout: Layout; line: string; number: number } | undefined;
  let count = 0;
  return {
    note(line, number) {
      const layout = refusedLayout(line);
      if (layout === undefined) return;
      if (first?.layout !== layout) {
        first = { layout, line, number };
        count = 0;
      }
      count += 1;
      if (count >= LINES_ENOUGH) throw layoutError(layout, first.line, first.number);
    },
    end() {
      if (first !== undefined) throw layoutError(first.layout, first.line, first.number);
    },
  };
}

type Layout = (typeof REFUSED)[number];

/** The refused layout that a line has, if any. */
export function refusedLayout(line: string): Layout | undefined {
  return REFUSED.find(({ pattern }) => pattern.test(line));
}

/** The error for a line of a refused layout. */
export function layoutError(layout: Layout, line: string, number: number): SimError {
  const value = layout.name === "context-free" ? 1 : 0;
  return new SimError({
    code: "E_LAYOUT",
    found: `the ${layout.name} layout of ftrace in line ${number}: ${excerpt(line)}`,
    expected: "lines with task, CPU, time and event",
    action: `Write ${value} to /sys/kernel/tracing/${layout.option} and read the trace again.`,
  });
}
