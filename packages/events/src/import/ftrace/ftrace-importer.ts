/**
 * The text of tracefs: `trace`, `trace_pipe`, and what the console shows of it after an oops.
 *
 * The first line that is an event decides the layout for the rest of the file; reading every line
 * by every grammar would let a hostile task name choose one. Most lines are like an earlier one and are
 * read by known-lines.ts; a line that is no event is looked at again, slowly, for what else it may be.
 */
import type { Observation, ProbeObservation } from "../../observation/observation.ts";
import { HASH } from "../characters.ts";
import { createClock, elapsed } from "../clock.ts";
import { mayContinue } from "../continuation.ts";
import { createBodyReader } from "../dynamic-probe.ts";
import type { Importer } from "../importer.ts";
import { importerOf, type LineReader, other } from "../line-importer.ts";
import { createConsole, isConsoleLine, withoutPrefix } from "./console.ts";
import { createHead, type ReadHead, readDefaultHead } from "./head.ts";
import { createKnownLines } from "./known-lines.ts";
import { readLatencyHead, readVerboseHead } from "./latency-head.ts";
import { createLayoutGuard } from "./layout.ts";
import { readHeader, readNoise } from "./noise.ts";

const LAYOUTS: readonly ReadHead[] = [readDefaultHead, readLatencyHead, readVerboseHead];

/** An importer of tracefs text of any layout that has times and names. */
export function createFtraceImporter(format: "ftrace" | "ftrace-latency"): Importer {
  return importerOf(format, createFtraceReader(format === "ftrace"));
}

/** `guarded`: refuse layouts without times; a console log begins with lines that look like one. */
function createFtraceReader(guarded: boolean): LineReader {
  const clock = createClock();
  const head = createHead();
  const bodies = createBodyReader(false);
  const others = createOtherReader(guarded);
  const known = createKnownLines();
  /** The last line that was looked for among those that are known: only such a line is learned. */
  let asked = 0;
  let settled: ReadHead | undefined;
  let last: ProbeObservation | undefined;

  function readEvent(line: string, number: number): ProbeObservation | undefined {
    if (settled === undefined) {
      settled = LAYOUTS.find((readHead) => readHead(line, 0, head));
      if (settled === undefined) return undefined;
    } else if (!settled(line, 0, head)) {
      return undefined;
    }
    const body = bodies.named(line, head.body);
    if (body === undefined) return undefined;
    const at = elapsed(clock, head.stamp, line);
    if (at === undefined) return undefined;
    const { comm, task, cpu } = head;
    const { probe, edge, fields, rest } = body;
    last = { kind: "probe", line: number, task, comm, cpu, at, probe, edge, fields, rest };
    return last;
  }

  return {
    clock,
    read(line, number, emit) {
      const event = readEvent(line, number);
      if (event !== undefined) {
        if (asked === number && settled === readDefaultHead) {
          known.learn(line, head.stamp.from, head.body, event);
        }
        emit(event);
        return;
      }
      const text = withoutPrefix(line);
      const inner = text === line ? undefined : readEvent(text, number);
      if (inner !== undefined) return emit(inner);
      const observation = others.read(line, text, number, last, settled !== undefined);
      if (observation.kind === "lost" || observation.kind === "buffer-started") last = undefined;
      emit(observation);
    },
    readKnown(bytes, from, number, emit) {
      asked = number;
      const event = known.read(bytes, from, number, clock);
      if (event === undefined) return -1;
      last = event;
      emit(event);
      return known.end;
    },
    end() {
      others.end(settled !== undefined);
    },
  };
}

/** Reads the lines that are no events. */
interface OtherReader {
  /**
   * What a line is; `text` is it without the console's prefix, `last` the event before it, `begun`
   * says that there was one.
   */
  read(
    line: string,
    text: string,
    number: number,
    last: ProbeObservation | undefined,
    begun: boolean,
  ): Observation;
  end(begun: boolean): void;
}

function createOtherReader(guarded: boolean): OtherReader {
  const console = createConsole();
  const guard = createLayoutGuard();
  return {
    read(line, text, number, last, begun) {
      const noise = readNoise(text, number);
      if (noise !== undefined) return noise;
      const continues = mayContinue(last);
      const mayBeConsole = console.seen || !continues;
      if (mayBeConsole && isConsoleLine(console, line, text)) return other(number, "note", line);
      if (continues) return other(number, "continuation", line);
      if (text.charCodeAt(0) === HASH) return readHeader(text, number);
      if (text === "") return other(number, "note", line);
      if (guarded && !begun) guard.note(text, number);
      return other(number, "unread", line);
    },
    end(begun) {
      if (guarded && !begun) guard.end();
    },
  };
}
