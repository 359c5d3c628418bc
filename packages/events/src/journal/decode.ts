/**
 * One line of a journal to its header or an event.
 *
 * A journal may come from anywhere, so this is where trust begins: the schema decides, and a refusal
 * says in one sentence where, what and what instead. A journal has no empty lines: event `n` is
 * line `n + 2`, and that is how an error finds its line.
 */
import { EVENT_TYPES, eventUnionSchema, type MmEvent } from "../event/event.ts";
import { excerpt } from "../import/printable.ts";
import { SimError, type SimErrorParts } from "../sim-error.ts";
import { didYouMean } from "../vocabulary/near-match.ts";
import { fitsEvent } from "./fits.ts";
import { JOURNAL_VERSION, type JournalHeader, journalHeaderSchema } from "./header.ts";
import { issueText } from "./schema-issue.ts";

/** The line of the file on which an event stands. */
export function lineOfEvent(index: number): number {
  return index + 2;
}

/**
 * The header that stands on a journal's first line; `file` is named in errors.
 *
 * @throws SimError `E_JOURNAL_VERSION` when a newer mmreplay wrote it, `E_JOURNAL_JSON` when the
 * line is no JSON, `E_JOURNAL_HEADER` when it is no header.
 */
export function decodeHeader(line: string, file: string): JournalHeader {
  const place = `${file}:1`;
  const json = parsed(line, place);
  const { mmreplay, version } = isObject(json) ? json : {};
  if (mmreplay === "journal" && typeof version === "number" && version > JOURNAL_VERSION) {
    throw refusal("E_JOURNAL_VERSION", place, {
      found: `a journal of version ${version}`,
      expected: `version ${JOURNAL_VERSION}`,
      action: "Read it with the mmreplay that wrote it, or a newer one.",
    });
  }
  const result = journalHeaderSchema.safeParse(json);
  if (result.success) return result.data;
  const text = issueText(result.error.issues, json, Object.keys(journalHeaderSchema.shape));
  throw refusal("E_JOURNAL_HEADER", place, {
    found: text.found,
    expected: mmreplay === "journal" ? text.expected : 'the header {"mmreplay":"journal",...}',
    action: text.hint || "Give a journal that mmreplay wrote.",
  });
}

/**
 * The event that stands on one line and must have the index `expectedIndex`; `file` is named in
 * errors.
 *
 * @throws SimError `E_JOURNAL_JSON` when the line is no JSON, `E_EVENT_TYPE` when its type is
 * unknown, `E_EVENT_FIELD` when a field is wrong, `E_JOURNAL_INDEX` when an event is missing or
 * repeated, `E_RANGE_EMPTY` when an invalidation covers nothing.
 * @example
 * ```ts
 * decodeEvent('{"index":7,"type":"mmget","task":0,"mm":0}', "run.jsonl", 7).type; // "mmget"
 * ```
 */
export function decodeEvent(line: string, file: string, expectedIndex: number): MmEvent {
  const json = parsed(line, file, expectedIndex);
  const event = fitsEvent(json) ? json : slowly(json, line, placeOf(file, expectedIndex));
  if (event.index !== expectedIndex)
    throw wrongIndex(event, placeOf(file, expectedIndex), expectedIndex);
  if (event.type === "mmu_notifier_invalidate_range_start" && event.start >= event.end) {
    throw emptyRange(event, placeOf(file, expectedIndex));
  }
  return event;
}

/** The event that the schema sees in a value which the fast checks have not passed. */
function slowly(json: unknown, line: string, place: string): MmEvent {
  const result = eventUnionSchema.safeParse(json);
  if (!result.success) throw notAnEvent(line, result.error.issues, place);
  return result.data;
}

function placeOf(file: string, index: number): string {
  return `${file}:${lineOfEvent(index)}`;
}

function parsed(line: string, file: string, index?: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw refusal("E_JOURNAL_JSON", index === undefined ? file : placeOf(file, index), {
      found: line === "" ? "an empty line" : `text that is not JSON (${excerpt(line)})`,
      expected: "one JSON object on each line",
      action: "Was the file cut off or edited? Write it again.",
    });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function notAnEvent(
  line: string,
  issues: Parameters<typeof issueText>[0],
  place: string,
): SimError {
  const json: unknown = JSON.parse(line);
  const type = isObject(json) ? json["type"] : undefined;
  const option = eventUnionSchema.options.find((one) => one.shape.type.value === type);
  if (option === undefined && isObject(json)) return unknownType(type, place);
  const text = issueText(issues, json, option === undefined ? [] : Object.keys(option.shape));
  return refusal("E_EVENT_FIELD", place, {
    found: option === undefined ? text.found : `${text.found} in "${option.shape.type.value}"`,
    expected: text.expected,
    action: text.hint || "Correct the line, or write the journal again.",
  });
}

function unknownType(type: unknown, place: string): SimError {
  const isText = typeof type === "string";
  const action = isText ? didYouMean(type, EVENT_TYPES) : "";
  return refusal("E_EVENT_TYPE", place, {
    found: isText ? `the event type ${excerpt(type)}` : "no event type",
    expected: `a "type" that is one of the ${EVENT_TYPES.length} known ones`,
    action: action || "The types are listed in packages/events/schema/event.schema.json.",
  });
}

function wrongIndex(event: MmEvent, place: string, expectedIndex: number): SimError {
  return refusal("E_JOURNAL_INDEX", place, {
    found: `"index" ${event.index}`,
    expected: `${expectedIndex}, as events count from 0 without gaps`,
    action: "Was a line removed or added? Write the journal again.",
  });
}

function emptyRange(event: { type: string; start: string; end: string }, place: string): SimError {
  const relation = event.start === event.end ? "=" : "after";
  return refusal("E_RANGE_EMPTY", place, {
    found: `"${event.type}" with start ${event.start} ${relation} end ${event.end}`,
    expected: "a half-open range that is not empty",
    action: "Did the exporter write an inclusive end?",
  });
}

function refusal(
  code: string,
  place: string,
  parts: Pick<SimErrorParts, "found" | "expected" | "action">,
): SimError {
  return new SimError({ code, place, ...parts });
}
