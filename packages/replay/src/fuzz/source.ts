/**
 * What each round draws its schedules of: a named scenario, or a workload that is drawn itself.
 *
 * It follows from the seed and the round's number, so any worker can do any round. A mutant without a
 * scenario has its own one every second time: what a bug needs may be rare among drawn workloads.
 */
import { type ModelChange, type NamedScenario, ZOO } from "@mmreplay/core";
import { scenarioNamed } from "../explore/named.ts";
import type { Subject } from "../explore/prepare.ts";
import { drawnWorkload, pathOfDrawn } from "./drawn.ts";

/** What a campaign is about. */
export interface CampaignSubject extends Partial<Subject> {
  readonly seed: number;
  /** Ids of the rules that are asked, of those that the scenario has; absent: all of them. */
  readonly rules?: readonly string[];
}

/** What a round is drawn of. */
export interface RoundSource {
  readonly subject: Subject;
  /** Nobody wrote it, so it can be made smaller. */
  readonly isDrawn?: true;
}

/** Schedules of a round of a named scenario. */
const SCHEDULES_NAMED = 2_000;

/** Schedules of a drawn workload: another workload finds more than twice as many of this one. */
const SCHEDULES_DRAWN = 200;

/** Whether a round is one of the named scenario, or of the mutant's own. */
function isNamed({ named, mutant }: CampaignSubject, round: number): boolean {
  return named !== undefined || (homeOf(mutant) !== undefined && round % 2 === 0);
}

/** The scenario that shows a mutant; a driver of the user's own has none. */
function homeOf(mutant: ModelChange | undefined): string | undefined {
  const known = ZOO.find(({ id }) => id === mutant?.id);
  return known === mutant ? known?.scenario : undefined;
}

/** How many schedules a round has. */
export function schedulesOf(subject: CampaignSubject, round: number): number {
  return isNamed(subject, round) ? SCHEDULES_NAMED : SCHEDULES_DRAWN;
}

/** What a round is drawn of. */
export function sourceOf(campaign: CampaignSubject, round: number): RoundSource {
  const { seed, named, mutant, rules } = campaign;
  if (isNamed(campaign, round)) {
    const one = named ?? scenarioNamed(homeOf(mutant) as string);
    return { subject: { named: asked(one, rules), mutant } };
  }
  const drawn = drawnWorkload(seed, pathOfDrawn(round));
  return { subject: { named: asked(drawn, rules), mutant }, isDrawn: true };
}

/** A scenario in which only these rules are asked. */
function asked(named: NamedScenario, ids: readonly string[] | undefined): NamedScenario {
  if (ids === undefined) return named;
  return { ...named, rules: named.rules.filter(({ id }) => ids.includes(id)) };
}
