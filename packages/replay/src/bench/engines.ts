/**
 * Benchmarks of the engines, on the mix.
 */
import { emptyState, RULES, reduceWithPatches } from "@mmreplay/core";
import { type MmEvent, stateHash } from "@mmreplay/events";
import { freeze } from "immer";
import { createChecker } from "../recording/checker.ts";
import { bareLoop } from "./baselines/bare-loop.ts";
import { plainImmer } from "./baselines/plain-immer.ts";
import type { Benchmark, Side } from "./benchmark.ts";
import { eventMix, folded } from "./event-mix.ts";
import type { Inputs } from "./inputs.ts";

const mixed = ({ size }: Inputs): readonly MmEvent[] => eventMix(size.events, size.seed).events;

const fold =
  (events: readonly MmEvent[]): Side =>
  () => {
    const state = folded(events);
    return () => `${events.length} events, state ${stateHash(state)}`;
  };

const inPlace: Benchmark = {
  name: "in-place",
  unit: "events/s",
  baseline: "bare loop",
  setUp(inputs) {
    const events = mixed(inputs);
    const baseline: Side = () => {
      const sum = bareLoop(events);
      return () => `${events.length} events, sum ${sum}`;
    };
    return { amount: events.length, own: fold(events), baseline };
  },
};

const inPlaceRules: Benchmark = {
  name: "in-place-rules",
  unit: "events/s",
  baseline: "in-place engine without rules",
  setUp(inputs) {
    const events = mixed(inputs);
    const own: Side = () => {
      const checker = createChecker(emptyState(), RULES);
      for (const event of events) checker.apply(event);
      const whole = { whole: true, holes: false, uncounted: false, gaps: [], loose: false };
      const { rules } = checker.finish(whole, (task) => `task${task}`);
      return () => {
        const counts = Object.values(rules);
        const held = counts.reduce((sum, rule) => sum + rule.held, 0);
        const violated = counts.reduce((sum, rule) => sum + rule.violated, 0);
        const hash = stateHash(checker.state);
        return `${events.length} events, ${held} cases held, ${violated} violated, state ${hash}`;
      };
    };
    return { amount: events.length, own, baseline: fold(events) };
  },
};

const immutable: Benchmark = {
  name: "immutable",
  unit: "events/s",
  baseline: "Immer's produce, without patches",
  setUp({ size }) {
    const { events, setUp } = eventMix(size.immutableEvents, size.seed);
    const initial = freeze(folded(events.slice(0, setUp)), true);
    const measured = events.slice(setUp);
    const own: Side = () => {
      let state = initial;
      let patches = 0;
      for (const event of measured) {
        const step = reduceWithPatches(state, event);
        state = step.state;
        patches += step.patches.length;
      }
      return () => `${measured.length} events, ${patches} patches, state ${stateHash(state)}`;
    };
    const baseline: Side = () => {
      const state = plainImmer(initial, measured);
      return () => `${measured.length} events, state ${stateHash(state)}`;
    };
    return { amount: measured.length, own, baseline };
  },
};

/** In place, with rules, immutable. */
export const ENGINE_BENCHMARKS: readonly Benchmark[] = [inPlace, inPlaceRules, immutable];
