/**
 * What a picture shows that is about an event and no finding: the events around it, and the other side.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import type { EvidenceLine, Finding } from "./check-report.ts";

/** Events kept before the one that is asked for. */
export const BEFORE_MAX = 4096;
/** Events kept after it. */
export const AFTER_MAX = 512;
/** Events that stand around the evidence of a finding. */
const MARGIN = 1024;

/** The events around those from `first` to `index`, of a file of `length`. */
export function sliceAround(
  eventAt: (index: number) => MmEvent,
  length: number,
  first: number,
  index: number,
): MmEvent[] {
  const from = Math.max(0, index - BEFORE_MAX, Math.min(first, index) - MARGIN);
  const to = Math.min(length, index + AFTER_MAX);
  return Array.from({ length: to - from }, (_, at) => eventAt(from + at));
}

/** What stands for the finding in a picture of an event: nothing is violated there. */
export function aroundEvent(
  slice: readonly MmEvent[],
  asked: MmEvent,
  nameOf: (task: TaskId) => string,
): Finding {
  return {
    rule: "",
    verdict: "violated",
    line: asked.evidence?.[0] ?? null,
    index: asked.index,
    task: nameOf(asked.task),
    address: null,
    message: "",
    at: asked.at ?? null,
    evidence: otherSide(slice, asked, nameOf),
  };
}

/** The nearest thing that another task did to the same notifier: it gets the second column. */
function otherSide(
  slice: readonly MmEvent[],
  asked: MmEvent,
  nameOf: (task: TaskId) => string,
): EvidenceLine[] {
  const notifier = "notifier" in asked ? asked.notifier : null;
  const others = slice.filter(
    (event) => event.task !== asked.task && "notifier" in event && event.notifier === notifier,
  );
  if (notifier === null || others.length === 0) return [];
  const distance = ({ index }: MmEvent): number => Math.abs(index - asked.index);
  const nearest = others.reduce((best, one) => (distance(one) < distance(best) ? one : best));
  const { index, task, evidence } = nearest;
  return [{ line: evidence?.[0] ?? null, index, task: nameOf(task), text: "" }];
}
