/**
 * One tuple of our recorder, `[1, "read_begin", nsecs, cpu, pid, tid, comm, …]`, to an event.
 *
 * The table of records gives the fields their names. A name that is not in it is kept, with its
 * values as `arg1`, `arg2`…: a user may add probes to the script. Another schema number, or a value
 * that is missing, is no event.
 */
import { probeName } from "../probe-name.ts";
import { RECORD_HEAD, RECORD_SCHEMA, RECORDS, type RecordForm } from "./records.ts";
import type { TimedEvent } from "./timed-event.ts";

const HEAD_LENGTH = 2 + RECORD_HEAD.length;
const U64 = 1n << 64n;

/** The event that a tuple says; `undefined`: it is no record that is known here. */
export function readTuple(tuple: readonly unknown[], line: number): TimedEvent | undefined {
  const [schema, name, nsecs, cpu, , tid, comm] = tuple;
  if (schema !== RECORD_SCHEMA || typeof name !== "string" || typeof comm !== "string") {
    return undefined;
  }
  const values = tuple.slice(HEAD_LENGTH);
  const known = RECORDS.get(name);
  if (known !== undefined && known.length !== values.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [at, value] of values.entries()) {
    const field = known?.[at];
    const text = valueText(value, field?.form ?? "decimal");
    if (text === undefined) return undefined;
    fields[field?.name ?? `arg${at + 1}`] = text;
  }
  const time = decimalText(nsecs);
  if (time === undefined || !isNumber(cpu) || !isNumber(tid)) return undefined;
  const { probe, edge } = probeName(name);
  return { line, time, task: tid, comm, cpu, probe, edge, fields, rest: "" };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** An unsigned integer as bpftrace prints it: a number, or a string where it is large. */
function decimalText(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^\d{1,20}$/.test(text) ? text : undefined;
}

function valueText(value: unknown, form: RecordForm): string | undefined {
  if (typeof value === "boolean") return value ? "1" : "0";
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  if (form === "decimal") return text;
  if (/^0x[0-9a-f]{1,16}$/.test(text)) return text;
  if (!/^-?\d{1,20}$/.test(text)) return undefined;
  const number = BigInt(text);
  // Versions differ in whether a pointer is signed.
  const unsigned = number < 0n ? number + U64 : number;
  return unsigned >= 0n && unsigned < U64 ? `0x${unsigned.toString(16)}` : undefined;
}
