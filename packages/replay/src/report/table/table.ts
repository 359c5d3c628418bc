/**
 * The kernel's own picture of a race: the tasks side by side, one event a row, in their order.
 *
 * Commit messages and mails explain races like this (319561669a59, 60bae7370896), so the table is made
 * to be pasted: 75 columns, spaces, ASCII, kernel names. Below it stand the lines of the recording that
 * it comes from, the rule, and what its violation leads to.
 */
import { layOut, WIDTH_DEFAULT, WIDTH_MIN, wrapped } from "./layout.ts";
import { ascii } from "./names.ts";
import { type PictureInput, pictureOf } from "./picture.ts";

/** What surrounds a table: nothing, a comment of C, a fence of Markdown, a literal block of reST. */
export type TableFrame = "plain" | "comment" | "markdown" | "rst";

/** How it is printed. */
export interface TableOptions {
  /** Columns of text; 75 when absent. */
  readonly width?: number;
  /** Plain when absent. */
  readonly frame?: TableFrame;
  /** Says what the violation is; off where that stands above the table. On when absent. */
  readonly message?: boolean;
}

/** What each line begins with. */
const PREFIX: Readonly<Record<TableFrame, string>> = {
  plain: "",
  comment: " * ",
  markdown: "",
  rst: "    ",
};

/**
 * The lines of the table for a finding; empty when the slice has nothing to show.
 *
 * @example
 * ```ts
 * const lines = twoColumnTable({ file, slice, finding, taskNames, pointers }, { width: 75 });
 * ```
 */
export function twoColumnTable(input: PictureInput, options: TableOptions = {}): string[] {
  const { frame = "plain", message = true, width } = options;
  const picture = pictureOf(input, message);
  if (picture === undefined) return [];
  const make = (inner: number): string[] => [
    ...layOut(picture.heads, picture.rows, inner),
    "",
    ...[...picture.footer, ...picture.conclusion].flatMap((text) => block(text, inner)),
  ];
  return framed(make, frame, width);
}

/** The lines that are made for what a frame leaves of the width, in that frame. */
export function framed(
  make: (inner: number) => string[],
  frame: TableFrame,
  width: number = WIDTH_DEFAULT,
): string[] {
  const prefix = PREFIX[frame];
  const inner = Math.max(WIDTH_MIN, width) - prefix.length;
  const lines = make(inner).map((line) => (prefix + line).trimEnd());
  if (frame === "markdown") return fenced(lines);
  return frame === "rst" ? ["::", "", ...lines] : lines;
}

/** A fence longer than any run of backticks inside, so that no task's name can close it. */
function fenced(lines: readonly string[]): string[] {
  const runs = lines.flatMap((line) => line.match(/`{3,}/g) ?? []);
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [fence, ...lines, fence];
}

function block(text: string, width: number): string[] {
  return wrapped(ascii(text), width - 2).map((line) => `  ${line}`);
}
