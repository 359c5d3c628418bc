/**
 * Fuzzing in a program of one's own, or in its tests: a campaign of so many schedules, in this thread.
 */
import { type CampaignState, campaign } from "./campaign.ts";
import { localWorker, WORKER_BOUNDS, type WorkerBounds } from "./local-worker.ts";
import type { CampaignSubject } from "./source.ts";

/** How much is drawn, and what bounds it. */
export interface FuzzOptions extends Partial<WorkerBounds> {
  /** Schedules. */
  readonly runs: number;
  /** Ends the campaign at once. */
  readonly stopped?: () => boolean;
}

/**
 * Draws schedules of a scenario, or of drawn workloads where none is given, and brings each failure to its shortest run. The
 * same seed gives the same report everywhere.
 *
 * @example
 * ```ts
 * const [named] = PEERS;
 * const { findings, totals } = await fuzz({ seed: 1, named: named as NamedScenario }, { runs: 500 });
 * [findings.length, totals.runs]; // [0, 500]
 * ```
 */
export function fuzz(subject: CampaignSubject, options: FuzzOptions): Promise<CampaignState> {
  const { runs, stopped, ...bounds } = options;
  const worker = localWorker(subject, { ...WORKER_BOUNDS, ...bounds }, stopped);
  return campaign({ subject, runs, ...(stopped === undefined ? {} : { stopped }) }, [worker]);
}
