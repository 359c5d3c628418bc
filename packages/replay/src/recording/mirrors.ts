/**
 * Which driver instance a recorded pointer belongs to.
 *
 * A driver's notifier, page table and instance are parts of one structure, so a profile that knows
 * the offsets can tell the instance from any of the three. A notifier that lives on the stack of a
 * snapshot belongs to the instance that the same task is taking the snapshot of. Without offsets
 * each notifier is an instance of its own.
 */
import type { MirrorId, TaskId } from "@mmreplay/events";
import { type Fields, type LoweringContext, openCall } from "./lowering-context.ts";

/** The instance of a notifier that is inserted, or first seen, by a task. */
export function mirrorOfNotifier(context: LoweringContext, sub: string, task: TaskId): MirrorId {
  const { offsets } = context.layout;
  if (offsets === null) return context.pointers.mirror(sub);
  const snapshot = openCall(context, task, "range_snapshot")?.fields["dmirror"];
  if (snapshot !== undefined) return context.pointers.mirror(snapshot, offsets.dmirror);
  return context.pointers.mirror(sub, offsets.sub);
}

/** The instance that a driver probe names: by `dmirror`, by `pt`, or by `sub`. */
export function mirrorOfFields(context: LoweringContext, fields: Fields): MirrorId | undefined {
  const { offsets } = context.layout;
  const { dmirror, pt, sub } = fields as Record<"dmirror" | "pt" | "sub", string | undefined>;
  if (dmirror !== undefined) return context.pointers.mirror(dmirror, offsets?.dmirror ?? 0);
  if (pt !== undefined) return context.pointers.mirror(pt, offsets?.pt ?? 0);
  if (sub !== undefined) return context.pointers.mirror(sub, offsets?.sub ?? 0);
  return undefined;
}
