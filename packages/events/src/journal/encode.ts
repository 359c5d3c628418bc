/**
 * A header or an event to one line of a journal.
 *
 * Properties stand in the order of the schema whoever made the event, so equal events are equal
 * lines and two journals of one run can be compared byte by byte. (The fields of a `probe` keep the
 * order in which they were printed.) Everything outside printable ASCII is escaped: task names are
 * bytes that a program chose, and a journal must be safe to `cat` and free of encodings.
 */
import { eventUnionSchema, type MmEvent } from "../event/event.ts";
import { LINE_LENGTH_MAX } from "../import/lines.ts";
import { SimError } from "../sim-error.ts";
import { type JournalHeader, journalHeaderSchema } from "./header.ts";

const HEADER_KEYS = Object.keys(journalHeaderSchema.shape);

/** Index and type first: the eye looks for them. */
const FIRST_KEYS = ["index", "type", "task"];

const EVENT_KEYS: ReadonlyMap<string, readonly string[]> = new Map(
  eventUnionSchema.options.map((option) => [
    option.shape.type.value,
    [...FIRST_KEYS, ...Object.keys(option.shape).filter((key) => !FIRST_KEYS.includes(key))],
  ]),
);

const OUTSIDE_PRINTABLE_ASCII = /[^\x20-\x7e]/g;

/**
 * The header's line, with its newline.
 *
 * @example
 * ```ts
 * encodeHeader({ mmreplay: "journal", version: 1, kind: "run", kernel: "6.1", seqModulus: 16 });
 * // '{"mmreplay":"journal","version":1,"kind":"run","kernel":"6.1","seqModulus":16}\n'
 * ```
 */
export function encodeHeader(header: JournalHeader): string {
  return lineOf(header, HEADER_KEYS, "the header");
}

/**
 * The event's line, with its newline.
 *
 * @throws SimError `E_JOURNAL_LINE` when the line is longer than a reader takes.
 * @example
 * ```ts
 * encodeEvent({ index: eventIndex(0), task: taskId(0), type: "mm_create", mm: mmId(0) });
 * // '{"index":0,"type":"mm_create","task":0,"mm":0}\n'
 * ```
 */
export function encodeEvent(event: MmEvent): string {
  const keys = EVENT_KEYS.get(event.type);
  if (keys === undefined) throw new Error(`assertion failed: ${event.type} is an event type`);
  return lineOf(event, keys, `event ${event.index} (${event.type})`);
}

function lineOf(value: JournalHeader | MmEvent, keys: readonly string[], what: string): string {
  const given = value as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = {};
  for (const key of keys) {
    const property = given[key];
    if (property !== undefined) ordered[key] = property;
  }
  const line = JSON.stringify(ordered).replace(OUTSIDE_PRINTABLE_ASCII, escaped);
  if (line.length > LINE_LENGTH_MAX) throw tooLong(what, line.length);
  return `${line}\n`;
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function tooLong(what: string, length: number): SimError {
  return new SimError({
    code: "E_JOURNAL_LINE",
    found: `${what} with ${length} characters`,
    expected: `a journal line of at most ${LINE_LENGTH_MAX} characters`,
    action: "Split the entries over several events.",
  });
}
