/**
 * Lock points: where a step under the subscriptions lock really lies.
 *
 * A call's entry line comes before its step, its return line after it; with several tasks the order
 * of the steps is not the order of the lines. Recorded values decide it: a sequence number that was
 * read at a line, or handed to a callback, is true at that line. Where the state does not show it,
 * the steps that are still unplaced are tried in turn until it does; the search is bounded, and a
 * value that no order explains is taken over and counted as unexplained.
 */
import { isOdd, peekMm, seqAfter, seqBefore } from "@mmreplay/core";
import type { MmId, Seq } from "@mmreplay/events";
import { rebornIfBehind } from "./lives.ts";
import type { Line, LockedStep, LoweringContext, Moment } from "./lowering-context.ts";

/** Orders of unplaced steps that are tried for one recorded value. */
const ORDERS_MAX = 512;
/** Steps placed by one recorded value. */
const DEPTH_MAX = 6;

/** What a step does to the sequence and the active count. */
interface Epoch {
  seq: Seq;
  active: number;
}

/** Places a step, if that has not happened. */
export function place(step: LockedStep | undefined, line: Line, order: "exact" | "interval"): void {
  if (step === undefined || step.done) return;
  step.done = true;
  step.emit(line, order);
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
  place(step, line, order);
}

function after(epoch: Epoch, step: LockedStep, modulus: number, hits: boolean): Epoch {
  const { seq, active } = epoch;
  switch (step.kind) {
    case "start":
      return { seq: hits && !isOdd(seq) ? seqAfter(seq, modulus) : seq, active: active + 1 };
    case "end": {
      const last = active === 1 && isOdd(seq);
      return { seq: last ? seqAfter(seq, modulus) : seq, active: Math.max(active - 1, 0) };
    }
    case "insert":
      return { seq: active > 0 && !isOdd(seq) ? seqAfter(seq, modulus) : seq, active };
    default:
      return epoch;
  }
}

/** A shortest order of unplaced steps after which `holds`, or undefined. */
function findOrder(
  context: LoweringContext,
  mm: MmId,
  holds: (epoch: Epoch, placed: readonly LockedStep[]) => boolean,
): LockedStep[] | undefined {
  const { state } = context;
  const subs = peekMm(state, mm).subs;
  if (subs === null) return undefined;
  const unplaced = context.unplaced(mm);
  let level: { epoch: Epoch; placed: LockedStep[] }[] = [
    { epoch: { seq: subs.seq, active: subs.active }, placed: [] },
  ];
  let tried = 0;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const next: typeof level = [];
    for (const { epoch, placed } of level) {
      for (const step of unplaced) {
        if (placed.includes(step)) continue;
        if (++tried > ORDERS_MAX) return undefined;
        const hits = subs.tree.length > 0;
        const reached = {
          epoch: after(epoch, step, state.seqModulus, hits),
          placed: [...placed, step],
        };
        if (holds(reached.epoch, reached.placed)) return reached.placed;
        next.push(reached);
      }
    }
    level = next;
  }
  return undefined;
}

function placeAll(context: LoweringContext, order: readonly LockedStep[], line: Line): void {
  for (const step of order) placeStep(context, step, line, "exact");
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
  const order = findOrder(context, mm, (epoch) => epoch.seq === seq);
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
    (epoch, placed) => epoch.seq === seq && placed.at(-1) === start,
  );
  if (order !== undefined) {
    placeAll(context, order, moment.line);
    return;
  }
  if (subs !== null) context.unexplained();
  const active = peekMm(context.state, start.mm).subs?.active ?? 0;
  learnSeq(context, start.mm, active > 0 ? seq : before, moment);
  placeStep(context, start, moment.line, "exact");
}

function learnSeq(context: LoweringContext, mm: MmId, seq: Seq, moment: Moment): void {
  context.emit({ type: "learn_mm", task: moment.task, mm, seq }, moment.at, [moment.line], "exact");
}
