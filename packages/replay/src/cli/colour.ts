/**
 * Colour, sparingly: a verdict and a heading, on a terminal that wants it.
 *
 * `NO_COLOR` (any value) turns it off, `FORCE_COLOR` (any value but 0) on; otherwise the terminal
 * decides. https://no-color.org, https://force-color.org
 */
import { styleText } from "node:util";
import { type Ink, type Paint, plain } from "../report/paint.ts";
import type { Io, Output } from "./io.ts";

/** The paint for an output. */
export function paintFor(output: Output, environment: Io["environment"]): Paint {
  return wantsColour(output, environment) ? styled : plain;
}

function styled(ink: Ink, text: string): string {
  // Whether the output takes colour is decided here and not by the process's stdout.
  return styleText(ink, text, { validateStream: false });
}

function wantsColour(output: Output, environment: Io["environment"]): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = environment;
  if (no !== undefined && no !== "") return false;
  if (force !== undefined) return force !== "0";
  return output.isTTY && term !== "dumb";
}
