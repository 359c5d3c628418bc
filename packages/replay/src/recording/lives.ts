/**
 * The lives of kernel objects whose addresses are used again.
 *
 * An mm, a notifier or a driver instance that is freed leaves its address to the next one. A
 * recording that does not probe the end of the first must still not take the second for it: a
 * sequence that is behind the known one tells a new mm, and an instance that has no notifier any
 * more begins with an empty page table.
 */
import { hasOpenRegion, isLearned, peekMm, peekNotifier, seqDistance } from "@mmreplay/core";
import type { MmId, NotifierId, Seq } from "@mmreplay/events";
import type { Fields, LoweringContext, Moment } from "./lowering-context.ts";
import { mirrorOfNotifier } from "./mirrors.ts";

/** A notifier went, though no removal was seen. */
export function gone(context: LoweringContext, notifier: NotifierId, moment: Moment): void {
  const { mm } = peekNotifier(context.state, notifier);
  if (mm === null) return;
  context.emit(
    { type: "learn_notifier_gone", task: moment.task, mm, notifier },
    moment,
    "interval",
  );
}

/** The mm's structure has gone; another may follow at its address. */
export function destroyed(context: LoweringContext, mm: MmId, moment: Moment): void {
  context.state.notifiers.forEach((notifier, id) => {
    if (notifier.mm === mm && (notifier.inTree || notifier.deferred)) {
      gone(context, id as NotifierId, moment);
    }
  });
  context.unplaced(mm).length = 0;
  context.emit(
    { type: "mmu_notifier_subscriptions_destroy", task: moment.task, mm },
    moment,
    "interval",
  );
}

/** A notifier is about to be inserted: it may be the first of a new mm, or of a new instance. */
export function noteNewLife(
  context: LoweringContext,
  mm: MmId,
  fields: Fields,
  moment: Moment,
): void {
  const space = peekMm(context.state, mm);
  const { subs } = space;
  const used = subs !== null && (subs.tree.length > 0 || subs.deferred.length > 0);
  if (!used && !hasOpenRegion(space)) context.newLives.add(mm);
  const mirror = mirrorOfNotifier(context, fields["sub"] ?? "", moment.task);
  const lives = context.state.notifiers.some(
    (notifier) => notifier.mirror === mirror && (notifier.inTree || notifier.deferred),
  );
  if (lives || context.state.mirrors[mirror] === undefined) return;
  context.emit({ type: "learn_mirror", task: moment.task, mirror }, moment, "interval");
}

/** Nothing was seen to be inserted into the mm, and no invalidation of it is open. */
function isUnrecorded(context: LoweringContext, mm: MmId): boolean {
  const notifiers = context.state.notifiers.filter((notifier) => notifier.mm === mm);
  return !hasOpenRegion(peekMm(context.state, mm)) && notifiers.every(isLearned);
}

/**
 * A recorded sequence is behind the state's, and the mm has had no notifier in between: it is
 * another mm at the same address. What was inserted into it since is kept.
 */
export function rebornIfBehind(context: LoweringContext, mm: MmId, seq: Seq, moment: Moment): void {
  const { subs } = peekMm(context.state, mm);
  if (subs === null) return;
  const behind = -seqDistance(subs.seq, seq, context.state.seqModulus);
  const reborn = context.newLives.delete(mm) ? behind > 0 : behind > 1 && isUnrecorded(context, mm);
  if (!reborn) return;
  const inserted = [...subs.tree, ...subs.deferred].map((id) => ({
    id,
    ...peekNotifier(context.state, id),
  }));
  const unplaced = [...context.unplaced(mm)];
  destroyed(context, mm, moment);
  context.unplaced(mm).push(...unplaced);
  const at = { task: moment.task, mm };
  context.emit({ type: "learn_mm", ...at, seq }, moment, "exact");
  for (const { id, mirror, start, last } of inserted) {
    if (mirror === null) continue;
    context.emit(
      { type: "learn_notifier", ...at, notifier: id, mirror, start, last, seq: null },
      moment,
      "interval",
    );
  }
}
