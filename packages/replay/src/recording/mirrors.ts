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

/** The instance that a pointer at `offset` inside it belongs to. */
export function mirrorAt(context: LoweringContext, pointer: string, offset: number): MirrorId {
  if (offset === 0) return context.pointers.mirror(pointer);
  return context.pointers.mirror(baseOf(pointer, offset));
}

const bases = new Map<string, string>();
/** Pointers whose bases are remembered. */
const BASES_MAX = 65_536;

function baseOf(pointer: string, offset: number): string {
  const key = `${pointer}-${offset}`;
  const known = bases.get(key);
  if (known !== undefined) return known;
  const valid = /^0x[0-9a-f]{1,16}$/.test(pointer);
  const base = valid ? `0x${(BigInt(pointer) - BigInt(offset)).toString(16)}` : pointer;
  if (bases.size >= BASES_MAX) bases.clear();
  bases.set(key, base);
  return base;
}

/** The instance of a notifier that is inserted, or first seen, by a task. */
export function mirrorOfNotifier(context: LoweringContext, sub: string, task: TaskId): MirrorId {
  const { offsets } = context.layout;
  if (offsets === null) return context.pointers.mirror(sub);
  const snapshot = openCall(context, task, "range_snapshot")?.fields["dmirror"];
  if (snapshot !== undefined) return mirrorAt(context, snapshot, offsets.dmirror);
  return mirrorAt(context, sub, offsets.sub);
}

/** The instance that a driver probe names: by `dmirror`, by `pt`, or by `sub`. */
export function mirrorOfFields(context: LoweringContext, fields: Fields): MirrorId | undefined {
  const { offsets } = context.layout;
  const { dmirror, pt, sub } = fields as Record<"dmirror" | "pt" | "sub", string | undefined>;
  if (dmirror !== undefined) return mirrorAt(context, dmirror, offsets?.dmirror ?? 0);
  if (pt !== undefined) return mirrorAt(context, pt, offsets?.pt ?? 0);
  if (sub !== undefined) return mirrorAt(context, sub, offsets?.sub ?? 0);
  return undefined;
}
