/**
 * A worker in this thread: it lets the process look at its signals between rounds and in long searches.
 */
import { atEase } from "../explore/at-ease.ts";
import type { CampaignWorker } from "./campaign.ts";
import { finishing } from "./finish.ts";
import { Rounds } from "./round.ts";
import { type CampaignSubject, sourceOf } from "./source.ts";

/** What bounds a worker's rounds and searches. */
export interface WorkerBounds {
  /** Steps of a schedule; what goes on for ever is cut there. */
  readonly maxSteps: number;
  /** States that may be stored to certify that no shorter run fails. */
  readonly maxStates: number;
}

/** The bounds that hold where none are given. */
export const WORKER_BOUNDS: WorkerBounds = { maxSteps: 2_000, maxStates: 1_000_000 };

/** A worker in this thread. */
export function localWorker(
  campaign: CampaignSubject,
  { maxSteps, maxStates }: WorkerBounds = WORKER_BOUNDS,
  stopped: () => boolean = () => false,
): CampaignWorker {
  const { seed, rules } = campaign;
  // Rounds of one scenario share what its steps come to; a drawn workload has one round.
  let last: { readonly name: string; readonly rounds: Rounds } | undefined;
  return {
    round(job) {
      const { subject } = sourceOf(campaign, job.round);
      const { name } = subject.named;
      if (last?.name !== name) last = { name, rounds: new Rounds(subject) };
      return atEase(last.rounds.running({ ...job, seed, maxSteps, stopped }));
    },
    finish(failure) {
      const source = sourceOf(campaign, failure.round);
      return atEase(finishing(source, failure, { seed, rules, maxStates, stopped }));
    },
    async end() {},
  };
}
