/**
 * What each round draws its schedules of: a named scenario, or a workload that is drawn itself.
 *
 * It follows from the seed and the round's number, so any worker can do any round. A mutant without a
 * scenario has its own one every second time: what a bug needs may be rare among drawn workloads.
 */
import type { Mutant } from "@mmreplay/core";
import { scenarioNamed } from "../explore/named.ts";
import type { Subject } from "../explore/prepare.ts";
import { drawnName, drawnWorkload } from "./drawn.ts";
import { namedWorkload, type Workload } from "./workload.ts";

/** What a campaign is about. */
export interface CampaignSubject extends Partial<Subject> {
  readonly seed: number;
}

/** What a round is drawn of. */
export interface RoundSource {
  readonly subject: Subject;
  /** What can be made smaller; absent: a scenario that somebody wrote. */
  readonly workload?: Workload;
}

/** Schedules of a round of a named scenario. */
const SCHEDULES_NAMED = 2_000;

/** Schedules of a drawn workload: another one finds more than twice as many of this one. */
const SCHEDULES_DRAWN = 400;

/** Whether a round is one of the named scenario, or of the mutant's own. */
function isNamed({ named, mutant }: CampaignSubject, round: number): boolean {
  return named !== undefined || (mutant !== undefined && round % 2 === 0);
}

/** How many schedules a round has. */
export function schedulesOf(subject: CampaignSubject, round: number): number {
  return isNamed(subject, round) ? SCHEDULES_NAMED : SCHEDULES_DRAWN;
}

/** What a round is drawn of. */
export function sourceOf(campaign: CampaignSubject, round: number): RoundSource {
  const { seed, named, mutant } = campaign;
  if (isNamed(campaign, round)) {
    return { subject: { named: named ?? scenarioNamed((mutant as Mutant).scenario), mutant } };
  }
  const workload = drawnWorkload(seed, [round]);
  return {
    subject: { named: namedWorkload(drawnName(seed, [round]), workload), mutant },
    workload,
  };
}
