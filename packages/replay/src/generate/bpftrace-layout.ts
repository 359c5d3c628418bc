/**
 * A line as our bpftrace recorder prints it: a tuple in JSON, with the fields of the records table.
 *
 * The recorder has no probes inside the interval tree; those lines are left out. From version 0.24 on
 * bpftrace prints a number as a string when a double cannot hold it.
 */
import { RECORD_SCHEMA, RECORDS } from "@mmreplay/events";
import type { Layout } from "./layouts.ts";
import type { Printed } from "./scene.ts";

function numberOf(text: string | undefined): string {
  const value = BigInt(text ?? 0);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? String(value) : `"${value}"`;
}

function fieldsOf({ fields, kept }: Printed): Map<string, string> {
  const words = `${fields} ${kept ?? ""}`.split(" ").filter((word) => word !== "");
  return new Map(words.map((word) => word.split("=", 2) as [string, string]));
}

/** The layout of `bpftrace -f json`. */
export const BPFTRACE: Layout = {
  head: () => `{"type": "attached_probes", "data": {"probes": ${RECORDS.size}}}\n`,
  line({ comm, pid, cpu, microseconds }, printed) {
    const { probe } = printed.site;
    const record = RECORDS.get(probe);
    if (record === undefined) return undefined;
    const fields = fieldsOf(printed);
    const values = record.map(({ name }) => numberOf(fields.get(name)));
    const head = [RECORD_SCHEMA, `"${probe}"`, microseconds * 1000, cpu, pid, pid, `"${comm}"`];
    return `{"type": "value", "data": [${[...head, ...values].join(",")}]}\n`;
  },
};
