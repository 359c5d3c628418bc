/**
 * Lock points: where a step under the subscriptions lock really lies.
 *
 * A call's entry line comes before its step, its return line after it; with several tasks the order
 * of the steps is not the order of the lines. Recorded values decide it: a sequence number that was
 * read at a line, or handed to a callback, is true at that line. Where the state does not show it,
 * the steps that are still unplaced are tried in turn until it does; the search is bounded, and a
 * value that no order explains is taken over and counted as unexplained.
 */
import { peekMm, type State, seqBefore } from "@mmreplay/core";
import type { MmId, Seq } from "@mmreplay/events";
import { rebornIfBehind } from "./lives.ts";
import type { Line, LockedStep, LoweringContext, Moment } from "./lowering-context.ts";
import { tried } from "./trial.ts";

/** Orders of unplaced steps that are tried for one recorded value. */
const ORDERS_MAX = 512;
/** Steps placed by one recorded value. */
const DEPTH_MAX = 6;

/** Places a step, if that has not happened. */
function place(
  context: LoweringContext,
  step: LockedStep,
  line: Line,
  order: "exact" | "interval",
): void {
  if (step.done) return;
  step.done = true;
  step.emit(context, line, order);
}

/** Places a step and forgets it. */
export function placeStep(
  context: LoweringContext,
  step: LockedStep | undefined,
  line: Line,
  order: "exact" | "interval",
): void {
  if (step === undefined) return;
  const unplaced = context.unplaced(step.mm);
  const at = unplaced.indexOf(step);
  if (at >= 0) unplaced.splice(at, 1);
  place(context, step, line, order);
}

/** A shortest order of unplaced steps after which `holds`, or undefined. */
function findOrder(
  context: LoweringContext,
  mm: MmId,
  holds: (seq: Seq, placed: readonly LockedStep[]) => boolean,
): LockedStep[] | undefined {
  const unplaced = context.unplaced(mm);
  let level: { state: State; placed: LockedStep[] }[] = [{ state: context.state, placed: [] }];
  let count = 0;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const next: typeof level = [];
    for (const { state, placed } of level) {
      for (const step of unplaced) {
        if (placed.includes(step)) continue;
        if (++count > ORDERS_MAX) return undefined;
        const after = tried(context, state, step);
        const seq = after?.mms[mm]?.subs?.seq;
        if (after === undefined || seq === undefined) continue;
        const order = [...placed, step];
        if (holds(seq, order)) return order;
        next.push({ state: after, placed: order });
      }
    }
    level = next;
  }
  return undefined;
}

/** The order is one of those that explain the value: that each step lies before this line is certain. */
function placeAll(context: LoweringContext, order: readonly LockedStep[], line: Line): void {
  for (const step of order) placeStep(context, step, line, "interval");
}

/** The mm's sequence is `seq` at this line. Without subscriptions in the state it is learned. */
export function pinSeq(context: LoweringContext, mm: MmId, seq: Seq, moment: Moment): void {
  rebornIfBehind(context, mm, seq, moment);
  if (peekMm(context.state, mm).subs !== null) {
    tryPinSeq(context, mm, seq, moment);
    if (peekMm(context.state, mm).subs?.seq === seq) return;
    context.unexplained();
  }
  learnSeq(context, mm, seq, moment);
}

/** Places unplaced steps so that the mm's sequence is `seq`, if an order of them makes it so. */
export function tryPinSeq(context: LoweringContext, mm: MmId, seq: Seq, moment: Moment): void {
  if (peekMm(context.state, mm).subs?.seq === seq) return;
  const order = findOrder(context, mm, (reached) => reached === seq);
  if (order !== undefined) placeAll(context, order, moment.line);
}

/** The callback of a start was given `seq`: the start is placed so that it is the mm's sequence. */
export function pinStart(
  context: LoweringContext,
  start: LockedStep,
  seq: Seq,
  moment: Moment,
): void {
  rebornIfBehind(context, start.mm, seq, moment);
  const { subs } = peekMm(context.state, start.mm);
  const before = seqBefore(seq, context.state.seqModulus);
  if (subs === null) learnSeq(context, start.mm, before, moment);
  const order = findOrder(
    context,
    start.mm,
    (reached, placed) => reached === seq && placed.at(-1) === start,
  );
  if (order !== undefined) {
    placeAll(context, order, moment.line);
    return;
  }
  if (subs !== null) context.unexplained();
  const active = peekMm(context.state, start.mm).subs?.active ?? 0;
  learnSeq(context, start.mm, active > 0 ? seq : before, moment);
  placeStep(context, start, moment.line, "interval");
}

function learnSeq(context: LoweringContext, mm: MmId, seq: Seq, moment: Moment): void {
  context.emit({ type: "learn_mm", task: moment.task, mm, seq }, moment, "exact");
}
