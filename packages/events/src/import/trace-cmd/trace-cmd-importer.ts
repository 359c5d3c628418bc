/**
 * The text of `trace-cmd report`, in all its modes.
 *
 * The columns are those of ftrace, with a name of the ring-buffer instance or of the file before them
 * when there is more than one. Names of events are padded, `--ts-diff` adds a column before them, and
 * losses are worded differently.
 * Counterpart: tracecmd/trace-read.c of trace-cmd.
 */
import type { Observation, ProbeObservation } from "../../observation/observation.ts";
import { CLOSE, DASH, HASH, OPEN, skipDigits, skipSpaces } from "../characters.ts";
import { createClock, elapsed } from "../clock.ts";
import { mayContinue } from "../continuation.ts";
import { createBodyReader } from "../dynamic-probe.ts";
import { createHead } from "../ftrace/head.ts";
import { countOf, readHeader, readNoise } from "../ftrace/noise.ts";
import type { Importer } from "../importer.ts";
import { importerOf, type LineReader, other } from "../line-importer.ts";
import { findColumn, TRACE_CMD_LAYOUTS, type TraceCmdLayout } from "./column.ts";

const CPUS = /^cpus=(\d+)$/;
const NOTE = /^(?:version = \d+|CPU \d+ is empty|CPU:\d+ \[SUBBUFFER START\])$/;
const PLUS = 0x2b;

/** An importer of `trace-cmd report` text. */
export function createTraceCmdImporter(): Importer {
  return importerOf("trace-cmd", createTraceCmdReader());
}

function createTraceCmdReader(): LineReader {
  const clock = createClock();
  const head = createHead();
  const bodies = createBodyReader(true);
  let settled: TraceCmdLayout | undefined;
  let column = 0;
  let last: ProbeObservation | undefined;

  function readAnyHead(line: string): boolean {
    for (const layout of settled === undefined ? TRACE_CMD_LAYOUTS : [settled]) {
      const found = findColumn(line, layout, column, head);
      if (found < 0) continue;
      settled = layout;
      if (found > 0) column = found;
      return true;
    }
    return false;
  }

  function readEvent(line: string, number: number): ProbeObservation | undefined {
    if (!readAnyHead(line)) return undefined;
    const body = bodies.named(line, skipDifference(line, head.body));
    if (body === undefined) return undefined;
    const at = elapsed(clock, head.stamp, line);
    if (at === undefined) return undefined;
    const { comm, task, cpu } = head;
    const { probe, edge, fields, rest } = body;
    return { kind: "probe", line: number, task, comm, cpu, at, probe, edge, fields, rest };
  }

  function readOther(line: string, number: number): Observation {
    const noise = readNoise(line, number);
    if (noise !== undefined) {
      if (noise.kind !== "other") last = undefined;
      return noise;
    }
    const cpus = CPUS.exec(line);
    if (cpus !== null) return { kind: "header", line: number, cpus: countOf(cpus[1]) };
    if (NOTE.test(line)) return other(number, "note", line);
    if (mayContinue(last)) return other(number, "continuation", line);
    if (line.charCodeAt(0) === HASH) return readHeader(line, number);
    return other(number, line === "" ? "note" : "unread", line);
  }

  return {
    clock,
    read(line, number, emit) {
      const event = readEvent(line, number);
      if (event !== undefined) last = event;
      emit(event ?? readOther(line, number));
    },
  };
}

/** The event's place after the column `(+2)` of `--ts-diff`, which is blank in the first line. */
function skipDifference(line: string, from: number): number {
  const at = skipSpaces(line, from);
  const sign = line.charCodeAt(at + 1);
  if (line.charCodeAt(at) !== OPEN || (sign !== PLUS && sign !== DASH)) return at;
  const close = skipDigits(line, at + 2);
  return line.charCodeAt(close) === CLOSE ? skipSpaces(line, close + 1) : at;
}
