/**
 * The report of a search for a reader: what was found as a table, or that nothing was and why.
 */
import type { NamedScenario } from "@mmreplay/core";
import type { ExploreFinding, ExploreReport } from "../explore/explore.ts";
import type { Timing } from "../explore/timing.ts";
import { harmless } from "./harmless.ts";

/** The text. */
export async function textOfReport(
  report: ExploreReport & { readonly timing?: Timing },
  named: NamedScenario,
): Promise<string> {
  const [finding] = report.findings;
  const counts = countsOf(report);
  if (finding === undefined) {
    const end = report.complete ? "every state visited" : `cut by ${report.bound}`;
    return `${harmless(report.scenario)}: no run fails (${counts}; ${end})\n${timingText(report.timing)}`;
  }
  const [{ tableOfSchedule }, { placeOf }] = await Promise.all([
    import("../explore/table-of-schedule.ts"),
    import("../explore/named.ts"),
  ]);
  return [
    `${harmless(report.scenario)}: ${finding.rule} fails after ${stepsOf(finding)} (${counts})`,
    "",
    ...tableOfSchedule(named, finding.schedule, { fails: finding }),
    "",
    ...orderOf(finding),
    `replay: mmreplay scenario run ${harmless(placeOf(named))} --schedule ${finding.schedule}`,
    timingText(report.timing),
  ].join("\n");
}

function timingText(timing: Timing | undefined): string {
  if (timing === undefined) return "";
  const { searchSeconds, processSeconds, statesPerSecond, runsPerSecond, memoryMb } = timing;
  const rate =
    runsPerSecond === undefined ? `${statesPerSecond} states/s` : `${runsPerSecond} schedules/s`;
  const seconds = `${searchSeconds.toFixed(2)} s of CPU time, ${processSeconds.toFixed(2)} s with the start`;
  return `${seconds}; ${rate}; ${memoryMb} MB\n`;
}

function countsOf({ states, transitions, depth, runs, hits }: ExploreReport): string {
  const drawn = runs === undefined ? "" : `${hits} of ${runs} schedules fail, `;
  return `${drawn}${states} states, ${transitions} transitions, depth ${depth}`;
}

function stepsOf({ length, certified, stem }: ExploreFinding): string {
  if (stem !== undefined) return `${stem} steps, in a loop of ${length - stem}`;
  return `${length} steps${certified ? ", and no shorter run fails" : ""}`;
}

function orderOf({ order }: ExploreFinding): string[] {
  if (order.length === 0) return [];
  const pairs = order.map((at) => `${at + 1} before ${at + 2}`).join(", ");
  return [`order that matters (steps): ${pairs}`];
}
