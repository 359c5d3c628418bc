/**
 * The printed count of open invalidations, held against the folded one.
 *
 * It is sampled without the lock, so it may be one step off, now and then. One that is further off,
 * or off again and again, is no race: lines are missing, or a range_end never came.
 */
import { peekMm } from "@mmreplay/core";
import type { MmId } from "@mmreplay/events";
import type { Fields, LoweringContext } from "./lowering-context.ts";
import { numberField } from "./recorded-fields.ts";

/** Samples of an mm in a row that may be one off. */
const OFF_MAX = 3;

/** How far a count lies outside what the placed and the unplaced steps allow; 0: it agrees. */
function offBy(context: LoweringContext, mm: MmId, printed: number): number {
  const active = peekMm(context.state, mm).subs?.active ?? 0;
  let low = active;
  let high = active;
  for (const { kind } of context.unplaced(mm)) {
    if (kind === "end") low -= 1;
    else if (kind === "start") high += 1;
  }
  return Math.max(low - printed, printed - high, 0);
}

/** Looks at the `active` of a line of an mm whose registration was recorded. */
export function comparePrinted(
  context: LoweringContext,
  off: Map<MmId, number>,
  mm: MmId,
  fields: Fields,
): void {
  const printed = numberField(fields, "active");
  const before = off.get(mm);
  if (printed === null || before === undefined) return;
  const distance = offBy(context, mm, printed);
  off.set(mm, distance === 0 ? 0 : before + 1);
  if (distance > 1 || (before + 1 >= OFF_MAX && distance > 0)) context.torn();
}
