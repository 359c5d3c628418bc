/**
 * One line of progress on stderr, only on a terminal, and gone before anything else is printed.
 */
import { styleText } from "node:util";
import { harmless } from "./harmless.ts";
import type { Output } from "./io.ts";

/** Redrawing more often than this is seen by nobody. */
const REDRAW_MS = 100;

const CLEAR_LINE = "\r\u001b[K";

/** A line that tells how far a long command has come. */
export interface Progress {
  /** Shows the text, unless the last redraw was a moment ago. */
  show(text: string): void;
  /** Removes the line. */
  clear(): void;
}

/** Progress on an output; without a terminal it does nothing. */
export function progressOn(output: Output): Progress {
  if (!output.isTTY) return { show: () => {}, clear: () => {} };
  let drawnAt = Number.NEGATIVE_INFINITY;
  let visible = false;
  return {
    show(text) {
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      visible = true;
      output.write(
        CLEAR_LINE + styleText("dim", harmless(text).slice(0, 78), { validateStream: false }),
      );
    },
    clear() {
      if (visible) output.write(CLEAR_LINE);
      visible = false;
    },
  };
}
