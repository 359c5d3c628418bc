/**
 * Benchmarks of what follows an importer: the journal, the lowering, and a whole check.
 */
import { emptyState, reduceInPlace, type State } from "@mmreplay/core";
import {
  createJournalReader,
  encodeEvent,
  encodeHeader,
  type MmEvent,
  type Observation,
  stateHash,
} from "@mmreplay/events";
import { latin1Text } from "../input/latin1.ts";
import { checkBytes } from "../recording/check.ts";
import { createLowering } from "../recording/lowering.ts";
import { profileOf } from "../recording/profile-of.ts";
import { bareLines, jsonLines } from "./baselines/json-lines.ts";
import type { Benchmark, Side } from "./benchmark.ts";
import { folded } from "./event-mix.ts";
import { type Inputs, inChunks, observationsOf } from "./inputs.ts";

/** Lowers a recording's observations; `visit` sees each event after it was applied. */
function lower(observations: readonly Observation[], visit?: (event: MmEvent) => void): State {
  const state = emptyState();
  const { meaning, layout } = profileOf(undefined);
  const lowering = createLowering({
    meaning,
    layout,
    buffersBeginUnseen: true,
    state,
    apply(event) {
      reduceInPlace(state, event);
      visit?.(event);
    },
  });
  lowering.start({ format: "ftrace", unit: "ns" });
  for (const observation of observations) lowering.observe(observation);
  lowering.end();
  return state;
}

function loweredEvents(observations: readonly Observation[]): MmEvent[] {
  const events: MmEvent[] = [];
  lower(observations, (event) => void events.push(event));
  return events;
}

const recorded = (inputs: Inputs): Observation[] =>
  observationsOf("ftrace", inputs.recording("ftrace"));

const toldOf = (events: number, sum: number) => (): string => `${events} events, sum ${sum}`;

const journal: Benchmark = {
  name: "journal",
  unit: "events/s",
  baseline: "JSON.parse of the same lines",
  setUp(inputs) {
    const events = loweredEvents(recorded(inputs));
    const { seqModulus } = emptyState();
    const header = encodeHeader({
      mmreplay: "journal",
      version: 1,
      kind: "recording",
      kernel: "6.1",
      seqModulus,
    });
    const lines = events.map(encodeEvent);
    const chunks = inChunks([header, ...lines]);
    const bare = inChunks(lines);
    const own: Side = () => {
      let count = 0;
      let sum = 0;
      const sink = {
        header() {},
        event({ index, task, type }: MmEvent) {
          count += 1;
          sum += index + task + type.length;
        },
      };
      const reader = createJournalReader("bench.jsonl", latin1Text);
      for (const chunk of chunks) reader.push(chunk, sink);
      reader.end(sink);
      return toldOf(count, sum);
    };
    const baseline: Side = () => {
      let count = 0;
      let sum = 0;
      const take = ({ index, task, type }: MmEvent): void => {
        count += 1;
        sum += index + task + type.length;
      };
      jsonLines(bare, take, latin1Text);
      return toldOf(count, sum);
    };
    return { amount: events.length, own, baseline };
  },
};

const lowering: Benchmark = {
  name: "lowering",
  unit: "lines/s",
  baseline: "in-place engine on the events that come out",
  setUp(inputs) {
    const observations = recorded(inputs);
    const events = loweredEvents(observations);
    const told = (state: State) => () => `${events.length} events, state ${stateHash(state)}`;
    return {
      amount: inputs.size.lines,
      own: () => told(lower(observations)),
      baseline: () => told(folded(events)),
    };
  },
};

async function* streamed(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

const check: Benchmark = {
  name: "check",
  unit: "lines/s",
  baseline: "line splitter alone",
  setUp(inputs) {
    const chunks = inputs.recording("ftrace");
    const own: Side = async () => {
      const report = await checkBytes("bench.txt", streamed(chunks), {});
      return () => `${report.verdict}: ${report.lines} lines, ${report.events} events`;
    };
    const baseline: Side = () => {
      const lines = bareLines(chunks);
      return () => `${lines} lines`;
    };
    return { amount: inputs.size.lines, own, baseline };
  },
};

/** From observations, or from the text, to events and verdicts. */
export const PIPELINE_BENCHMARKS: readonly Benchmark[] = [journal, lowering, check];
