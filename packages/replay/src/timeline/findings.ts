/**
 * What the rules find on a timeline, as `check` finds it: one walk, when somebody asks.
 */
import { RULES } from "@mmreplay/core";
import type { Finding } from "../recording/check-report.ts";
import { createChecker } from "../recording/checker.ts";
import { wholenessOf } from "../recording/wholeness.ts";
import type { OpenedTimeline } from "./open.ts";

/** All findings that the selection takes, in the order of their events. */
export function findingsOf(opened: OpenedTimeline): readonly Finding[] {
  const { timeline, summary, header, selection } = opened;
  const checker = createChecker(timeline.stateAt(-1), RULES, selection, timeline.recipes);
  if (header !== undefined) checker.header(header);
  for (let index = 0; index < timeline.length; index += 1) checker.apply(timeline.eventAt(index));
  const nameOf = (task: number): string => summary.taskNames.get(task) ?? `task${task}`;
  const { findings } = checker.finish(wholenessOf(checker, summary), nameOf);
  return findings.toSorted((a, b) => a.index - b.index);
}
