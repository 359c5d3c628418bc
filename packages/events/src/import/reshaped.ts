/**
 * Text of a recorder in a form that cannot be told apart safely: quoted in a mail, without the blanks
 * that pad the task's name, or records of bpftrace as plain text.
 *
 * A task may call itself anything: with `-`, digits and brackets, or with commas. Only its column, or
 * JSON's escapes, tell where its name ends. So such a text is not guessed at: it is refused, with what
 * to do.
 */
import { SimError } from "../sim-error.ts";
import { excerpt } from "./printable.ts";

const QUOTES = /^(?:> ?)+/;
const UNPADDED =
  /^\S.{0,14}?-\d+ +(?:\([ \d-]+\) +)?\[\d{3,}\] +(?:\S{4,8} +)?\d+(?:\.\d+)?: +[\w<]/;

/** The line without a mail's quoting; `undefined` where it has none. */
export function unquoted(line: string): string | undefined {
  return line.startsWith(">") ? line.replace(QUOTES, "") : undefined;
}

/** Whether the line is an event of ftrace without the blanks before the task's name. */
export function isUnpadded(line: string): boolean {
  return UNPADDED.test(line);
}

const TEXT_TUPLE = /^\(\d+, [A-Za-z_]\w*(?:, \d+){4}, /;

/**
 * Refuses records of our bpftrace script that were printed without `-f json`.
 *
 * @throws SimError `E_LAYOUT` when there is one.
 */
export function refuseTextTuples(lines: readonly string[]): void {
  const index = lines.findIndex((line) => TEXT_TUPLE.test(line));
  if (index < 0) return;
  throw new SimError({
    code: "E_LAYOUT",
    found: `a record as plain text in line ${index + 1}: ${excerpt(lines[index] ?? "")}`,
    expected: "records in JSON, where the task's name is escaped",
    action: "Record with: bpftrace -q -f json -o trace.jsonl record.bt",
  });
}

/** The error for a recording that is quoted. */
export function quotedError(line: string, number: number): SimError {
  return new SimError({
    code: "E_LAYOUT",
    found: `a quoted line ${number}: ${excerpt(line)}`,
    expected: "lines as the recorder wrote them",
    action: "Take the quoting away: sed -E 's/^(> ?)+//' FILE > trace.txt",
  });
}

/** The error for a recording that lost its padding. */
export function unpaddedError(line: string, number: number): SimError {
  return new SimError({
    code: "E_LAYOUT",
    found: `line ${number} without the blanks before the task's name: ${excerpt(line)}`,
    expected: "the name padded to 16 columns, as tracefs writes it",
    action:
      'Use the file as it was recorded, or where no name has a - in it, put them back: awk -F- \'!/^#/ { printf "%16s", $1; sub(/^[^-]*/, "") } 1\' FILE > trace.txt',
  });
}
