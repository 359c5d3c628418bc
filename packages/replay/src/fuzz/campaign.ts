/**
 * A campaign: rounds by several workers, and each failure of them brought to its shortest.
 *
 * A campaign of so many schedules is the same everywhere; one of so many seconds is a beginning of it. What is
 * to do, and in which order it counts, is the ledger's; here it is handed out.
 */
import type { FuzzFinding } from "./finish.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { RoundFailure, RoundResult } from "./round.ts";
import type { CampaignSubject } from "./source.ts";
import { NO_TOTALS, type Totals } from "./totals.ts";

/** A round to draw. */
export interface RoundJob {
  readonly round: number;
  readonly schedules: number;
  /** The failure of this schedule alone is wanted; absent: the first of each rule. */
  readonly only?: number;
}

/** Who draws rounds and follows failures: this thread, or another. */
export interface CampaignWorker {
  round(job: RoundJob): Promise<RoundResult>;
  /** Makes a failure small and short. */
  finish(failure: RoundFailure): Promise<FuzzFinding>;
  end(): Promise<void>;
}

/** Where a campaign stands: what can be kept, and gone on from. */
export interface CampaignState {
  /** Rounds from here on are still to be drawn. */
  readonly nextRound: number;
  readonly totals: Totals;
  /** The first of each rule and shape, in the order of their rounds. */
  readonly findings: readonly FuzzFinding[];
  /** Failing rounds of each rule, those of findings included. */
  readonly failures: Readonly<Record<string, number>>;
}

/** How long, and which part of all rounds. */
export interface CampaignOptions {
  readonly subject: CampaignSubject;
  /** Schedules in all, over all shards; absent: until `over` says so. */
  readonly runs?: number;
  /** Takes every `of`-th round. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** Goes on from here; absent: from the beginning. */
  readonly from?: CampaignState;
  /** No round is begun any more, but failures are followed to their end. */
  readonly over?: () => boolean;
  /** Everything ends at once; what was not done to its end does not count, and is done again by whoever goes on. */
  readonly stopped?: () => boolean;
  /** A round is counted. One that `runs` has cut is no whole one: whoever goes on draws it again. */
  readonly onState?: (state: CampaignState, isWhole: boolean) => void;
}

/** A campaign that has not begun. */
export const NOTHING_YET: CampaignState = {
  nextRound: 0,
  totals: NO_TOTALS,
  findings: [],
  failures: {},
};

/** Nothing was found, and no schedule came to its end: that says nothing. */
export function isUndecided({ totals, findings }: CampaignState): boolean {
  return findings.length === 0 && totals.runs > 0 && totals.cut === totals.runs;
}

/** Runs a campaign to its end; what it had when it was stopped, otherwise. */
export async function campaign(
  options: CampaignOptions,
  workers: readonly CampaignWorker[],
): Promise<CampaignState> {
  const { from = NOTHING_YET, stopped = () => false } = options;
  const ledger = createLedger(options, from);
  const bell = createBell();
  try {
    await Promise.all(workers.map((worker) => work(worker, ledger, bell, options)));
  } catch (error) {
    // A worker that was stopped in the middle has nothing to give.
    if (!stopped()) throw error;
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
  }
  return ledger.state;
}

/** One worker's share: failures first, since a round waits for them to be counted. */
async function work(
  worker: CampaignWorker,
  ledger: Ledger,
  bell: Bell,
  { over = () => false, stopped = () => false }: CampaignOptions,
): Promise<void> {
  while (!stopped()) {
    const follow = ledger.follow();
    const draw = follow === undefined && !over() ? ledger.draw() : undefined;
    if (follow !== undefined) {
      const finding = await worker.finish(follow.failure);
      if (!stopped()) follow.done(finding);
    } else if (draw !== undefined) {
      const result = await worker.round(draw.job);
      if (!stopped()) draw.done(result);
    } else if (ledger.settled) {
      break;
    } else {
      await bell.rings();
      continue;
    }
    bell.ring();
  }
  bell.ring();
}

/** Wakes those who wait for something to do. */
interface Bell {
  ring(): void;
  rings(): Promise<void>;
}

function createBell(): Bell {
  let wake: () => void = () => {};
  let next = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return {
    ring() {
      wake();
      next = new Promise((resolve) => {
        wake = resolve;
      });
    },
    rings: () => next,
  };
}
