/**
 * Small recordings of our bpftrace recorder, written record by record.
 */
import { RECORD_SCHEMA, RECORDS } from "@mmreplay/events";

/** Names of the kernel objects that tests record. */
export const OBJECTS = {
  mm: "18446612686381674112",
  sub: "18446612686365354648",
  other: "18446612686365355032",
  range: "18446683600587799912",
} as const;

/** One record: CPU, microseconds, thread, name, and values by their names (0 where none is given). */
export type Step = readonly [
  cpu: number,
  us: number,
  tid: number,
  name: string,
  values: Readonly<Record<string, string | number>>,
];

/** The line that bpftrace prints for a step. */
export function tupleLine([cpu, us, tid, name, values]: Step): string {
  const fields = (RECORDS.get(name) ?? []).map((field) => values[field.name] ?? 0);
  const nsecs = 36_208_197_093 + us * 1000;
  const head = [RECORD_SCHEMA, `"${name}"`, nsecs, cpu, 100, tid, `"app"`];
  return `{"type": "value", "data": [${[...head, ...fields].join(",")}]}`;
}

/** The bytes of a recording: its lines as bpftrace prints them, the buffer of one CPU after another. */
export function tupleRecording(steps: readonly Step[], extra: readonly string[] = []): Buffer {
  const byCpu = [...steps].sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const first = '{"type": "attached_probes", "data": {"probes": 22}}';
  return Buffer.from([first, ...byCpu.map(tupleLine), ...extra, ""].join("\n"), "latin1");
}
