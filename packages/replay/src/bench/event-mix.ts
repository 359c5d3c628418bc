/**
 * The mix of events on which the engines are measured: one process of the simulator with 1,000
 * notifiers and 4,096 pages, eight workers, and invalidations of 1 to 511 pages.
 *
 * It is the workload of generated recordings at another size; docs/bench.md has the shares.
 */
import { emptyState, reduceInPlace, type State } from "@mmreplay/core";
import { assert, type MmEvent, taskId } from "@mmreplay/events";
import { choicesOf } from "../generate/choices.ts";
import { simulate } from "../generate/simulate.ts";
import { type WorkloadSize, workload } from "../generate/workload.ts";

/** The size of the mix. */
export const MIX: Omit<WorkloadSize, "rounds"> = {
  workers: 8,
  notifiers: 1000,
  wide: 0,
  pages: 4096,
  regionBits: 9,
};

/** Events, and how many of them only set up the process and its notifiers. */
export interface EventMix {
  readonly events: readonly MmEvent[];
  readonly setUp: number;
}

/** The set-up and `count` events after it. */
export function eventMix(count: number, seed: number): EventMix {
  const choices = choicesOf(seed);
  // A round is at least one event, so these are enough.
  const scenario = workload({ ...MIX, rounds: Math.ceil(count / MIX.workers) }, choices, "none");
  const events: MmEvent[] = [];
  let setUp = 0;
  const opener = taskId(0);
  const observe = () => ({
    before(event: MmEvent) {
      if (setUp === 0 && event.task !== opener && event.type !== "task_start") {
        setUp = events.length;
      }
      events.push(event);
    },
    after() {},
  });
  for (const _ of simulate(scenario, choices, observe)) {
    if (setUp > 0 && events.length >= setUp + count) break;
  }
  assert(setUp > 0 && events.length >= setUp + count, "the workload has enough rounds");
  return { events: events.slice(0, setUp + count), setUp };
}

/** The state after some events, for the caller alone. */
export function folded(events: readonly MmEvent[]): State {
  const state = emptyState();
  for (const event of events) reduceInPlace(state, event);
  return state;
}
