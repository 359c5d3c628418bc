/**
 * One object of `bpftrace -f json`, to what it means here.
 *
 * Events come as tuples (`value`) or as text (`printf`); a `printf` may hold several lines. Failures
 * of bpftrace or of the kernel's helpers are not read over: a failed map update, say, means that
 * events were filtered out that should not have been.
 */
import { parseLossless } from "./lossless-json.ts";

/** What an object says. */
export type JsonRecord =
  | { readonly kind: "tuple"; readonly values: readonly unknown[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "lost"; readonly count: number }
  | { readonly kind: "note" }
  | { readonly kind: "unread" };

/** Types of records that say nothing of events. */
const NOTES: ReadonlySet<unknown> = new Set([
  ...["attached_probes", "map", "hist", "stats", "tseries", "time", "cat", "join", "syscall"],
  "warnf",
]);

const NOTE: JsonRecord = { kind: "note" };
const UNREAD: JsonRecord = { kind: "unread" };

/** Reads the text of one object. */
export function readJsonRecord(text: string): JsonRecord {
  const record = parseLossless(text);
  if (!isObject(record)) return UNREAD;
  const { type, data } = record;
  switch (type) {
    case "printf":
      return typeof data === "string" ? { kind: "text", text: data } : UNREAD;
    case "value":
      return Array.isArray(data) ? { kind: "tuple", values: data } : UNREAD;
    case "lost_events": {
      const count = isObject(data) ? (data["events"] ?? data["count"]) : undefined;
      return { kind: "lost", count: naturalOr0(count) };
    }
    default:
      return NOTES.has(type) ? NOTE : UNREAD;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A loss whose number cannot be read is a loss all the same. */
function naturalOr0(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
