/**
 * What the rules find on a timeline, as `check` finds it: one walk, when somebody asks.
 */
import { RULES } from "@mmreplay/core";
import { atOnce, type Searching } from "../explore/search.ts";
import type { Finding } from "../recording/check-report.ts";
import { createChecker } from "../recording/checker.ts";
import { wholenessOf } from "../recording/wholeness.ts";
import type { OpenedTimeline } from "./open.ts";

/** Events that are judged between two pauses. */
const STRIDE = 16_384;

/** All findings that the selection takes, in the order of their events. */
export function findingsOf(opened: OpenedTimeline): readonly Finding[] {
  return atOnce(findingAll(opened));
}

/** The same, with pauses. */
export function* findingAll(opened: OpenedTimeline): Searching<readonly Finding[]> {
  const { timeline, summary, header, selection } = opened;
  const checker = createChecker(timeline.stateAt(-1), RULES, selection, timeline.recipes);
  if (header !== undefined) checker.header(header);
  for (let index = 0; index < timeline.length; index += 1) {
    checker.apply(timeline.eventAt(index));
    if (index % STRIDE === STRIDE - 1) yield;
  }
  const nameOf = (task: number): string => summary.taskNames.get(task) ?? `task${task}`;
  const { findings } = checker.finish(wholenessOf(checker, summary), nameOf);
  return findings.toSorted((a, b) => a.index - b.index);
}
