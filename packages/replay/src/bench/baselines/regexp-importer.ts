/**
 * Baseline: an importer of ftrace text as one would write it first, by regular expressions.
 *
 * It reads the default layout of tracefs and dynamic probes without quoted values, and gives the
 * product's observations. It exists to be measured; results never come from it.
 */
import {
  createLineSplitter,
  type Observation,
  type ProbeObservation,
  probeName,
} from "@mmreplay/events";

const EVENT =
  /^(.{16})-(\d+)\s+(?:\(\s*(\d+|-+)\)\s+)?\[(\d{3,})\]\s+(?:([^\s.\d][^\s]{3,7}|\.[^\s]{3,7})\s+)?(\d+)\.(\d+):\s(.*)$/;
const BODY = /^([A-Za-z_][\w.]*): ?(\([^)]*\))?(.*)$/;
const ARGUMENT = /([A-Za-z_]\w*)=(\S+)/g;

type ReadProbe = Omit<ProbeObservation, "at"> & { at: number };

function readLine(line: string, number: number): ReadProbe | undefined {
  const event = EVENT.exec(line);
  if (event === null) return undefined;
  const [, comm = "", task, , cpu, , seconds, fraction = "", text = ""] = event;
  const body = BODY.exec(text);
  if (body === null) return undefined;
  const [, name = "", place = "", args = ""] = body;
  const { probe, edge } = probeName(name);
  const fields: Record<string, string> = {};
  for (const [, key = "", value = ""] of args.matchAll(ARGUMENT)) fields[key] = value;
  return {
    kind: "probe",
    line: number,
    task: Number(task),
    comm: comm.trimStart(),
    cpu: Number(cpu),
    at: Number(seconds) * 1e9 + Number(fraction.padEnd(9, "0")),
    probe,
    edge: edge === "return" || place.includes(" <- ") ? "return" : "entry",
    fields,
    rest: place,
  };
}

/** Gives the observation of each event line. */
export function importByRegExp(
  chunks: readonly Uint8Array[],
  take: (observation: Observation) => void,
): void {
  const splitter = createLineSplitter();
  let number = 0;
  let base: number | undefined;
  const read = (line: string): void => {
    number += 1;
    const event = readLine(line, number);
    if (event === undefined) return;
    base ??= event.at;
    event.at -= base;
    take(event);
  };
  for (const chunk of chunks) splitter.push(chunk, read);
  splitter.end(read);
}
