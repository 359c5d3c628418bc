/**
 * Calls whose step lies under the subscriptions lock: how the step is added, placed and shown.
 */
import type { EventBody, MmId } from "@mmreplay/events";
import { placeStep } from "./lock-points.ts";
import {
  type Call,
  closeCall,
  type LockedStep,
  type LoweringContext,
  type Moment,
} from "./lowering-context.ts";

/** Emits an event that rests on a call's entry and the present line. */
export function emitCall(
  context: LoweringContext,
  call: Call,
  moment: Moment,
  body: EventBody,
  order: "exact" | "interval" = "interval",
): void {
  context.emit(body, moment, order, call.line);
}

/** Adds a step that is not placed yet. */
export function addStep(
  context: LoweringContext,
  call: Call,
  moment: Moment,
  kind: LockedStep["kind"],
  emit: LockedStep["emit"],
): void {
  const mm = call.mm as MmId;
  call.step = { kind, mm, task: moment.task, call, at: moment.at, done: false, emit };
  context.unplaced(mm).push(call.step);
}

/** The call failed: its step did not happen. */
export function dropStep(context: LoweringContext, step: LockedStep | undefined): void {
  if (step === undefined || step.done) return;
  const unplaced = context.unplaced(step.mm);
  const at = unplaced.indexOf(step);
  if (at >= 0) unplaced.splice(at, 1);
  step.done = true;
}

/** A line inside the lock says that the call's step happens here. */
export function stepHere(context: LoweringContext, call: Call | undefined, moment: Moment): void {
  placeStep(context, call?.step, moment.line, "exact");
}

/**
 * Closes a call, if the recording shows its entry. A task may return from a call that it was in when
 * the recording began; of a call that it has entered since, the entry is missing.
 */
export function returning(
  context: LoweringContext,
  role: string,
  moment: Moment,
  then: (call: Call) => void,
): void {
  const call = closeCall(context, moment.task, role);
  if (call !== undefined) then(call);
  else if (context.entered(moment.task).has(role)) context.torn();
}
