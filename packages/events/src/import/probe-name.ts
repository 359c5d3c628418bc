/**
 * What the name of a probe says: which probe, and whether it fired at the return.
 *
 * A return probe has a name of its own. By the convention of the recorders here it is the entry
 * probe's with `_ret`; `perf probe` appends `__return`. ftrace and trace-cmd print the name without
 * its group, perf with it (`mn:insert`). A body `(caller <- function)` says "return" as well, and
 * for probes that follow no convention it is the only sign (see `dynamic-probe.ts`).
 */

/** Where in the function a probe fired. */
export type Edge = "entry" | "return";

/** A printed name, taken apart. */
export interface ProbeName {
  readonly probe: string;
  readonly edge: Edge;
  /** Its body is free text that a person or a program wrote. */
  readonly marker: boolean;
}

const RETURN_SUFFIXES = ["__return", "_ret"];
const MARKERS = new Set(["tracing_mark_write", "print", "bprint", "bputs"]);

/** Takes a printed name apart: `mn:insert_ret` is the return of `insert`. */
export function probeName(printed: string): ProbeName {
  const name = printed.slice(printed.lastIndexOf(":") + 1);
  for (const suffix of RETURN_SUFFIXES) {
    if (name.length > suffix.length && name.endsWith(suffix)) {
      return { probe: name.slice(0, -suffix.length), edge: "return", marker: false };
    }
  }
  return { probe: name, edge: "entry", marker: MARKERS.has(name) };
}
