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
/** Three columns need what the margin and the gutters can spare: a function's name is 24 wide. */
const TIGHT_FROM = 3;
const INDENT = 2;
const INDENT_MAX = 8;
const COLUMN_MAX = 36;
/** Below the name, not below `CPU0 - `. */
const HEAD_HANG = 7;

/** A space at which no line is broken. */
const KEPT = "\u00a0";

/** Gaps of fewer events are not worth a row; the footer counts all of them. */
const GAP_MIN = 4;

/** The places of the columns. */
interface Grid {
  readonly margin: number;
  readonly gutter: number;
  readonly columns: number;
  /** Width of one. */
  readonly column: number;
}

/** The lines of a table with these heads and rows. `gaps`: says where events are left out. */
export function layOut(
  heads: readonly string[],
  rows: readonly Row[],
  width: number,
  gaps = true,
): string[] {
  const grid = gridOf(heads.length, width);
  const lines = [
    ...headLines(heads, grid),
    placed(
      heads.map(() => "-".repeat(grid.column)),
      grid,
    ),
  ];
  let last: number | undefined;
  for (const row of rows) {
    const first = row.indices[0] ?? 0;
    const gap = last === undefined ? 0 : first - last - 1;
    if (gaps && gap >= GAP_MIN) lines.push(centred(`[ ... ${gap} events ... ]`, grid));
    last = row.indices.at(-1) ?? first;
    for (const text of cellLines(row, grid.column)) {
      const cells = heads.map((_, index) => (index === row.column ? text : ""));
      lines.push(placed(cells, grid));
    }
  }
  return lines;
}

/** A head that is too long goes on below itself. */
function headLines(heads: readonly string[], grid: Grid): string[] {
  const columns = heads.map((head) => wrapped(ascii(head), grid.column, HEAD_HANG));
  const count = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: count }, (_, line) =>
    placed(
      columns.map((lines) => lines[line] ?? ""),
      grid,
    ),
  );
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
    let start = " ".repeat(lines.length === 0 ? 0 : hang);
    while (start.length + word.length > width) {
      const cut = cutOf(word, width - start.length);
      lines.push(start + word.slice(0, cut));
      word = word.slice(cut);
      start = " ".repeat(hang);
    }
    line = start + word;
  }
  if (line.trim() !== "") lines.push(line);
  return lines.map((one) => one.replaceAll(KEPT, " "));
}

/** Where a word is cut that is longer than a line: after a part of a name, if it has parts. */
function cutOf(word: string, room: number): number {
  // What goes to the next line is more than a bracket.
  const first = word.slice(0, Math.min(room, word.length - 3));
  const part = /^.*(?:[_(,]|->)/.exec(first)?.[0].length ?? 0;
  return part > room / 2 ? part : room;
}

/** The text with numbers kept beside what they count, or become: `335 x -EBUSY`, `2 -> 3`. */
export function unbroken(text: string): string {
  return text
    .replaceAll(/(\d+) -> (?=\d)/g, (_, from) => `${from}${KEPT}->${KEPT}`)
    .replaceAll(/(\d+) (?=[a-z])| (x) /g, (_, number, x) =>
      x ? `${KEPT}x${KEPT}` : `${number}${KEPT}`,
    );
}

function cellLines(row: Row, column: number): string[] {
  const indent = Math.min(row.depth * INDENT, INDENT_MAX);
  const cell = (text: string, at: number): string[] =>
    wrapped(text, column - at, INDENT).map((line) => " ".repeat(at) + line);
  const long = cell(unbroken(ascii(row.text)), indent);
  const text = long.length > 2 ? cell(ascii(row.short), indent) : long;
  const remarks = row.remarks.flatMap((remark) =>
    cell(bracketed(unbroken(ascii(remark))), indent + INDENT),
  );
  if (row.mark === undefined) return [...text, ...remarks];
  // The arrow stands beside the row, or below it where there is no room.
  const arrow = `<-- ${ascii(row.mark)}`;
  const beside = `${text.at(-1) ?? ""} ${arrow}`;
  if (beside.length <= column) return [...text.slice(0, -1), beside, ...remarks];
  return [...text, ...remarks, ...cell(arrow, indent + INDENT)];
}

/** The brackets stay with their words when a remark is broken. */
function bracketed(remark: string): string {
  return remark.startsWith("?") ? `[${remark}${KEPT}]` : `[${KEPT}${remark}${KEPT}]`;
}

function gridOf(columns: number, width: number): Grid {
  const tight = columns >= TIGHT_FROM ? 1 : 0;
  const [margin, gutter] = [MARGIN - tight, GUTTER - tight];
  const free = width - margin - gutter * (columns - 1);
  return { margin, gutter, columns, column: Math.min(COLUMN_MAX, Math.floor(free / columns)) };
}

function placed(cells: readonly string[], { margin, gutter, column }: Grid): string {
  const padded = cells.map((cell) => cell.padEnd(column + gutter));
  return (" ".repeat(margin) + padded.join("")).trimEnd();
}

function centred(text: string, { margin, gutter, columns, column }: Grid): string {
  const total = columns * column + (columns - 1) * gutter;
  return " ".repeat(margin + Math.max(0, Math.floor((total - text.length) / 2))) + text;
}
