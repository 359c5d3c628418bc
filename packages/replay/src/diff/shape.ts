/**
 * What of an event is compared: its shape, and apart from it the ids, sequences and addresses that it names.
 *
 * Two recordings of one program agree in shapes: which call, of how many pages, with which result. Their numbers do
 * not agree, as each boot draws other addresses, pids and frames, so numbers are compared by what stood for what
 * before (`correspondence.ts`). Where a step was seen says nothing of what happened, and which step a recorder's own
 * words belong to (`probe`, `intern`, `learn_mm`) is known to no one.
 */
import type { EventType, MmEvent } from "@mmreplay/events";

/** An event in parts. */
export interface Shape {
  /** What can be compared as it is. */
  readonly text: string;
  /** Objects by field: an mm, a notifier, an owner. */
  readonly ids: readonly (readonly [field: string, id: number])[];
  readonly seqs: readonly (readonly [field: string, seq: number])[];
  /** Where its ranges and pages begin. */
  readonly places: readonly (readonly [field: string, address: bigint])[];
}

const INCIDENTAL: ReadonlySet<string> = new Set([
  "index",
  "at",
  "evidence",
  "places",
  "cpu",
  "order",
  "task",
]);
/** Whose number it is depends on who else is running: `correspondence.ts` binds a region when it begins. */
const IDS: ReadonlySet<string> = new Set(["mm", "notifier", "mirror", "plain", "region", "owner"]);
const SEQS: ReadonlySet<string> = new Set(["seq", "recordedSeq"]);
const ENDS: Readonly<Record<string, string>> = { end: "start", last: "start" };
const PAGES: ReadonlySet<string> = new Set(["startPage", "page"]);
/** Of lists whose items are pages, or begin with one. */
const LISTS: ReadonlySet<string> = new Set(["entries", "pages", "gaveUp"]);
/** Other in each boot, or in each run of the program. */
const OF_A_BOOT: ReadonlySet<string> = new Set(["pid", "frame", "frames", "fault"]);

/** Where a program goes on: a consequence of the step, told where nothing else differs. */
const CONTROL: ReadonlySet<string> = new Set(["goto", "set", "call", "ret"]);

/** What a recorder says of itself and of what it does not know. */
const RECORDER: ReadonlySet<EventType> = new Set<EventType>([
  "recording_start",
  "recording_end",
  "intern",
  "lost_events",
  "buffer_started",
  "learn_mm",
  "learn_notifier",
  "learn_notifier_gone",
  "learn_mirror",
  "probe",
]);

/** Whether an event is compared at all. */
export function isCompared(event: MmEvent, recorded: boolean): boolean {
  return !recorded || !RECORDER.has(event.type);
}

/** An event in parts; `recorded`: of different boots. */
export function shapeOf(event: MmEvent, recorded: boolean): Shape {
  const ids: [string, number][] = [];
  const seqs: [string, number][] = [];
  const places: [string, bigint][] = [];
  const rest: [string, unknown][] = [];
  const fields = event as unknown as Record<string, unknown>;
  for (const [field, value] of Object.entries(fields)) {
    if (INCIDENTAL.has(field) || (recorded && OF_A_BOOT.has(field))) continue;
    if (IDS.has(field) && typeof value === "number") ids.push([field, value]);
    else if (SEQS.has(field) && typeof value === "number") seqs.push([field, value]);
    else if (field === "start" && typeof value === "string") places.push([field, BigInt(value)]);
    else if (PAGES.has(field)) places.push([field, addressOf(value)]);
    else if (LISTS.has(field) && Array.isArray(value)) rest.push(listed(field, value));
    else rest.push([field, lengthIn(fields, field) ?? value]);
  }
  rest.sort(([a], [b]) => (a < b ? -1 : 1));
  return { text: JSON.stringify(rest), ids, seqs, places };

  /** Pages of a list by their distance to its first, which is a place. */
  function listed(field: string, items: readonly unknown[]): [string, unknown] {
    const first = pageOf(items[0]);
    if (first !== undefined) places.push([field, addressOf(first)]);
    return [field, items.map((item) => itemOf(item, first ?? 0, recorded))];
  }
}

/** Fields whose values differ, as they are written. */
export function fieldsBetween(a: MmEvent, b: MmEvent, recorded: boolean): string[] {
  const [one, other] = [a, b].map((event) => {
    const { text } = shapeOf(event, recorded);
    return new Map<string, string>(
      (JSON.parse(text) as [string, unknown][]).map(([field, value]) => [
        field,
        JSON.stringify(value),
      ]),
    );
  });
  const names = new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])]);
  const differ = [...names].filter((name) => one?.get(name) !== other?.get(name));
  const own = differ.filter((name) => !CONTROL.has(name));
  return own.length > 0 ? own : differ;
}

const addressOf = (page: unknown): bigint => BigInt(page as number) * 4096n;

function pageOf(item: unknown): number | undefined {
  const page = Array.isArray(item) ? item[0] : item;
  return typeof page === "number" ? page : undefined;
}

function itemOf(item: unknown, first: number, recorded: boolean): unknown {
  if (!Array.isArray(item)) return typeof item === "number" ? item - first : item;
  const [page, frame, ...more] = item;
  return [page - first, ...(recorded ? [] : [frame]), ...more];
}

/** An end as the length of its range; undefined: the field is no end. */
function lengthIn(fields: Readonly<Record<string, unknown>>, field: string): unknown {
  if (field === "endPageExclusive") return Number(fields[field]) - Number(fields["startPage"]);
  const start = fields[ENDS[field] ?? ""];
  if (typeof start !== "string") return undefined;
  return `0x${(BigInt(fields[field] as string) - BigInt(start)).toString(16)}`;
}
