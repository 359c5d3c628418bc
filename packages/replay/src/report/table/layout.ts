/**
 * Rows to lines: columns side by side, spaces and ASCII only, nothing wider than asked for.
 */
import { ascii } from "./names.ts";
import type { Row } from "./rows.ts";

/** The width of a commit message's body. */
export const WIDTH_DEFAULT = 75;
/** Narrower tables cannot hold an address beside another column. */
export const WIDTH_MIN = 40;

const MARGIN = 2;
const GUTTER = 2;
const INDENT = 2;
const INDENT_MAX = 8;
const COLUMN_MAX = 36;

/** A space at which no line is broken. */
const KEPT = "\u00a0";

/** Gaps of fewer events are not worth a row; the footer counts all of them. */
const GAP_MIN = 4;

/** The lines of a table with these heads and rows. */
export function layOut(heads: readonly string[], rows: readonly Row[], width: number): string[] {
  const column = columnWidth(heads.length, width);
  const place = (cells: readonly string[]): string => placed(cells, column);
  const lines = [
    place(heads.map((head) => ascii(head).slice(0, column))),
    place(heads.map(() => "-".repeat(column))),
  ];
  let last: number | undefined;
  for (const row of rows) {
    const first = row.indices[0] ?? 0;
    const gap = last === undefined ? 0 : first - last - 1;
    if (gap >= GAP_MIN) lines.push(centred(`[ ... ${gap} events ... ]`, heads.length, column));
    last = row.indices.at(-1) ?? first;
    for (const text of cellLines(row, column)) {
      lines.push(place(heads.map((_, index) => (index === row.column ? text : ""))));
    }
  }
  return lines;
}

/** Text broken at spaces into lines of at most `width`, continued with `hang` spaces. */
export function wrapped(text: string, width: number, hang = 0): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (joined.length <= width) {
      line = joined;
      continue;
    }
    if (line.trim() !== "") lines.push(line);
    const start = " ".repeat(lines.length === 0 ? 0 : hang);
    while (start.length + word.length > width) {
      lines.push(start + word.slice(0, width - start.length));
      word = word.slice(width - start.length);
    }
    line = start + word;
  }
  if (line.trim() !== "") lines.push(line);
  return lines.map((one) => one.replaceAll(KEPT, " "));
}

/** The text with numbers kept beside what they count: `335 x -EBUSY`. */
export function unbroken(text: string): string {
  return text.replaceAll(/(\d+) (?=[a-z])| (x) /g, (_, number, x) =>
    x ? `${KEPT}x${KEPT}` : `${number}${KEPT}`,
  );
}

function cellLines(row: Row, column: number): string[] {
  const indent = Math.min(row.depth * INDENT, INDENT_MAX);
  const cell = (text: string, at: number): string[] =>
    wrapped(text, column - at, INDENT).map((line) => " ".repeat(at) + line);
  const text = cell(unbroken(ascii(row.text)), indent);
  return [
    ...(text.length > 2 ? cell(ascii(row.short), indent) : text),
    ...row.remarks.flatMap((remark) => cell(bracketed(ascii(remark)), indent + INDENT)),
  ];
}

/** The brackets stay with their words when a remark is broken. */
function bracketed(remark: string): string {
  return remark.startsWith("?") ? `[${remark}${KEPT}]` : `[${KEPT}${remark}${KEPT}]`;
}

function columnWidth(columns: number, width: number): number {
  const free = width - MARGIN - GUTTER * (columns - 1);
  return Math.min(COLUMN_MAX, Math.floor(free / columns));
}

function placed(cells: readonly string[], column: number): string {
  const padded = cells.map((cell) => cell.padEnd(column + GUTTER));
  return (" ".repeat(MARGIN) + padded.join("")).trimEnd();
}

function centred(text: string, columns: number, column: number): string {
  const total = columns * column + (columns - 1) * GUTTER;
  return " ".repeat(MARGIN + Math.max(0, Math.floor((total - text.length) / 2))) + text;
}
