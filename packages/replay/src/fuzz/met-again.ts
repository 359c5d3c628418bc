/**
 * The one failure that a path leads to: its round, drawn up to there.
 */
import { SimError } from "@mmreplay/events";
import { type CampaignState, type CampaignWorker, NOTHING_YET } from "./campaign.ts";
import { type CampaignSubject, schedulesOf } from "./source.ts";
import { withRound } from "./totals.ts";

/** A round and one of its schedules, both from 0 on. */
export interface FuzzPath {
  readonly round: number;
  readonly schedule: number;
}

/** Meets a failure again. @throws SimError `E_PATH` when nothing fails there. */
export async function metAgain(
  { round, schedule }: FuzzPath,
  subject: CampaignSubject,
  worker: CampaignWorker,
): Promise<CampaignState> {
  const schedules = schedulesOf(subject, round);
  if (schedule >= schedules) {
    throw refused(`${round}:${schedule}`, `a schedule below ${schedules}: the round has no more`);
  }
  const result = await worker.round({ round, schedules: schedule + 1, only: schedule });
  const [failure] = result.failures;
  if (failure === undefined) {
    throw refused(`${round}:${schedule}, where nothing fails`, "the path of a finding");
  }
  const finding = await worker.finish(failure);
  return {
    nextRound: round + 1,
    totals: withRound(NOTHING_YET.totals, result),
    findings: [finding],
    failures: { [finding.rule]: 1 },
  };
}

function refused(found: string, expected: string): SimError {
  return new SimError({
    code: "E_PATH",
    place: "--path",
    found,
    expected,
    action: "Give the seed, scenario, mutant and version with which it was found, too.",
  });
}
