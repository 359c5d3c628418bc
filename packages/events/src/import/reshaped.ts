/**
 * Text of a recorder whose lines were changed on the way: quoted in a mail, or without the blanks
 * that pad the task's name.
 *
 * The name is told from the process id by its column alone, because it may contain `-`, digits and
 * brackets itself. So such a text is not guessed at: it is refused, with the command that mends it.
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
