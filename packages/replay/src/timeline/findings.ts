/**
 * What the rules find on a timeline, as `check` finds it: one walk, when somebody asks.
 *
 * `check` lists the first ones and counts the others. Whoever steps from one to the next meets all of them, so here each
 * has its text; of so many that their texts would fill the memory, the last ones have the rule's statement instead.
 */
import { RULES } from "@mmreplay/core";
import { atOnce, type Searching } from "../explore/search.ts";
import type { Finding } from "../recording/check-report.ts";
import { createChecker } from "../recording/checker.ts";
import type { Violated } from "../recording/violations.ts";
import { wholenessOf } from "../recording/wholeness.ts";
import type { OpenedTimeline } from "./open.ts";

/** Violations of a rule that have a text of their own: some tens of megabytes. */
const SPELLED_MAX = 20_000;

/** Events that are judged between two pauses. */
const STRIDE = 16_384;

/** All findings that the selection takes, in the order of their events. */
export function findingsOf(opened: OpenedTimeline): readonly Finding[] {
  return atOnce(findingAll(opened));
}

/** The same, with pauses. */
export function* findingAll(opened: OpenedTimeline): Searching<readonly Finding[]> {
  const { timeline, summary, header, selection } = opened;
  const begin = timeline.stateAt(-1);
  const checker = createChecker(begin, RULES, selection, timeline.recipes, SPELLED_MAX);
  if (header !== undefined) checker.header(header);
  for (let index = 0; index < timeline.length; index += 1) {
    checker.apply(timeline.eventAt(index));
    if (index % STRIDE === STRIDE - 1) yield;
  }
  const nameOf = (task: number): string => summary.taskNames.get(task) ?? `task${task}`;
  const { violations } = checker.finish(wholenessOf(checker, summary), nameOf);
  return violations.map((one) => one.finding ?? withoutText(opened, one, nameOf));
}

/** A finding that says no more than its rule. */
function withoutText(
  { timeline }: OpenedTimeline,
  { rule, index }: Violated,
  nameOf: (task: number) => string,
): Finding {
  const event = timeline.eventAt(index);
  return {
    rule,
    verdict: "violated",
    line: event.evidence?.[0] ?? null,
    index,
    at: event.at ?? null,
    task: nameOf(event.task),
    address: null,
    message: RULES.find(({ id }) => id === rule)?.statement ?? "",
    evidence: [],
  };
}
