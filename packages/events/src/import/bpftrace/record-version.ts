/**
 * By which version of the table of records a line was written: `readTuple` reads only one, and a
 * recording of a later one should not look like none.
 */
import { readJsonRecord } from "./json-record.ts";

/**
 * The version of the records' table that a line of our bpftrace recorder names; `undefined`: it is no
 * such line.
 *
 * @example
 * ```ts
 * recordVersion('{"type":"value","data":[2,"release",7]}'); // 2
 * ```
 */
export function recordVersion(text: string): number | undefined {
  const record = readJsonRecord(text);
  if (record.kind !== "tuple") return undefined;
  const [version, name] = record.values;
  return Number.isSafeInteger(version) && typeof name === "string" ? Number(version) : undefined;
}
