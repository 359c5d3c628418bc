/**
 * Benchmarks of the timeline, on the mix: opening a journal, going to a moment, and one step back.
 */
import { emptyState, reduceInPlace } from "@mmreplay/core";
import { encodeEvent, encodeHeader, type MmEvent, stateHash } from "@mmreplay/events";
import { createGenerator } from "../explore/generator.ts";
import { latin1Text } from "../input/latin1.ts";
import { openTimeline } from "../timeline/open.ts";
import { Timeline } from "../timeline/timeline.ts";
import { jsonLines } from "./baselines/json-lines.ts";
import type { Benchmark, Side } from "./benchmark.ts";
import { eventMix } from "./event-mix.ts";
import { type Inputs, inChunks } from "./inputs.ts";

/** Moments that the timeline is asked for, and those of them that are replayed from the start. */
const SEEKS = 200;
const REPLAYS = 5;
/** Steps back from the end, and those that are replayed from a checkpoint. */
const STEPS = 2_000;
const REPLAYED_STEPS = 50;

function timelineOf({ size }: Inputs): Timeline {
  const timeline = new Timeline(emptyState());
  for (const event of eventMix(size.events, size.seed).events) {
    timeline.append(event);
  }
  return timeline;
}

/** The same moments for both sides. */
function placesOf({ size }: Inputs, length: number, count: number): number[] {
  const generator = createGenerator(size.seed, 0);
  return Array.from({ length: count }, () => generator.below(length));
}

async function* streamed(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

const open: Benchmark = {
  name: "open",
  unit: "events/s",
  baseline: "JSON.parse of the same lines",
  setUp({ size }) {
    const { events } = eventMix(size.events, size.seed);
    const { seqModulus } = emptyState();
    const header = encodeHeader({
      mmreplay: "journal",
      version: 1,
      kind: "run",
      kernel: "6.1",
      seqModulus,
    });
    const lines = events.map(encodeEvent);
    const chunks = inChunks([header, ...lines]);
    const bare = inChunks(lines);
    const own: Side = async () => {
      const { timeline } = await openTimeline("bench.jsonl", streamed(chunks));
      return () => `${timeline.length} events, last state ${stateHash(timeline.head)}`;
    };
    const baseline: Side = () => {
      let count = 0;
      const take = ({ index }: MmEvent): void => {
        count = index + 1;
      };
      jsonLines(bare, take, latin1Text);
      return () => `${count} events`;
    };
    return { amount: events.length, own, baseline };
  },
};

const seek: Benchmark = {
  name: "seek",
  unit: "seeks/s",
  baseline: "replay from the start",
  setUp(inputs) {
    const timeline = timelineOf(inputs);
    const places = placesOf(inputs, timeline.length, SEEKS);
    const own: Side = () => {
      for (const place of places) timeline.seek(place);
      return () => `${places.length} moments, last state ${stateHash(timeline.moment.state)}`;
    };
    const baseline: Side = () => {
      let state = emptyState();
      for (const place of places.slice(-REPLAYS)) {
        state = emptyState();
        for (let at = 0; at <= place; at += 1) reduceInPlace(state, timeline.eventAt(at));
      }
      return () => `${REPLAYS} moments, last state ${stateHash(state)}`;
    };
    return { amount: SEEKS, baselineAmount: REPLAYS, own, baseline };
  },
};

const stepBack: Benchmark = {
  name: "step-back",
  unit: "steps/s",
  baseline: "replay from a checkpoint",
  setUp(inputs) {
    const timeline = timelineOf(inputs);
    const last = timeline.length - 1;
    const own: Side = () => {
      timeline.seek(last);
      for (let step = 0; step < STEPS; step += 1) timeline.back();
      return () => `${STEPS} steps, at ${timeline.moment.index}`;
    };
    const baseline: Side = () => {
      for (let step = 1; step <= REPLAYED_STEPS; step += 1) timeline.stateAt(last - step);
      return () => `${REPLAYED_STEPS} steps, at ${last - REPLAYED_STEPS}`;
    };
    return { amount: STEPS, baselineAmount: REPLAYED_STEPS, own, baseline };
  },
};

/** The benchmarks of the timeline. */
export const TIMELINE_BENCHMARKS: readonly Benchmark[] = [open, seek, stepBack];
