/**
 * The text of `perf script`, with or without `--ns`, chosen fields and call chains.
 *
 * Frames of a call chain begin with a tab and nothing else does; without that, a task called `cc1`
 * is a hex address. perf prints the names of probes with their group (`mn:insert`) and reports its
 * losses, when asked for them, as records between the events.
 * Counterpart: tools/perf/builtin-script.c of the kernel.
 */
import type { Observation, ProbeObservation } from "../../observation/observation.ts";
import { HASH, skipSpaces } from "../characters.ts";
import { createClock, createStamp, elapsed, readStamp } from "../clock.ts";
import { mayContinue } from "../continuation.ts";
import { createBodyReader } from "../dynamic-probe.ts";
import { countOf, readHeader } from "../ftrace/noise.ts";
import type { Importer } from "../importer.ts";
import { importerOf, type LineReader, other } from "../line-importer.ts";
import { createNameCache } from "../text-cache.ts";
import { type PerfHead, readPerfHead } from "./perf-head.ts";

/** An optional period, and the event's name with its group. */
const EVENT = /^(\d+ +)?((?:[\w./-]+:)?[\w./-]+):(?: |$)/;
const LOST = /^PERF_RECORD_LOST(?:_SAMPLES)? lost (\d+)$/;
const RECORD = /^PERF_RECORD_\w+/;
const FRAME = /^\t *[0-9a-f]+ /;

/** An importer of `perf script` text. */
export function createPerfImporter(): Importer {
  return importerOf("perf-script", createPerfReader());
}

function createPerfReader(): LineReader {
  const clock = createClock();
  const stamp = createStamp();
  const bodies = createBodyReader(false);
  const comms = createNameCache();
  let last: ProbeObservation | undefined;

  /** What follows a head: an event, or a record of perf itself. */
  function readAfterHead(line: string, number: number, head: PerfHead): Observation {
    const { task, cpu } = head;
    const colon = readStamp(line, head.time, stamp);
    const from = skipSpaces(line, colon + 1);
    const text = line.slice(from);
    const lost = LOST.exec(text);
    if (lost !== null) return { kind: "lost", line: number, cpu, count: countOf(lost[1]) };
    if (RECORD.test(text)) return other(number, "note", line);
    const event = EVENT.exec(text);
    const at = event === null || colon < 0 ? undefined : elapsed(clock, stamp, line);
    if (event === null || at === undefined) return other(number, "unread", line);
    const [whole, period = "", name = ""] = event;
    const nameFrom = from + period.length;
    const body = bodies.of(line, nameFrom, nameFrom + name.length, from + whole.length);
    const comm = comms(head.comm, 0, head.comm.length);
    const { probe, edge, fields, rest } = body;
    return { kind: "probe", line: number, task, comm, cpu, at, probe, edge, fields, rest };
  }

  function readOther(line: string, number: number): Observation {
    if (FRAME.test(line)) return other(number, "stack", line);
    if (line === "") return other(number, "note", line);
    if (mayContinue(last)) return other(number, "continuation", line);
    if (line.charCodeAt(0) === HASH) return readHeader(line, number);
    return other(number, "unread", line);
  }

  return {
    clock,
    read(line, number, emit) {
      const head = readPerfHead(line);
      if (head === undefined) {
        emit(readOther(line, number));
        return;
      }
      const read = readAfterHead(line, number, head);
      last = read.kind === "probe" ? read : undefined;
      emit(read);
    },
  };
}
