/**
 * One plain notifier (struct mmu_notifier, include/linux/mmu_notifier.h) and the list that holds it.
 *
 * A notifier that leaves the list keeps its forward link, so a walk that stands on it goes on from
 * there. It may be freed only when every SRCU section that began before its unlink has ended.
 */
import type { EventOf, MmId, PlainId, WalkKind } from "@mmreplay/events";

/** Which callbacks a notifier has: all, only a start, or all but a start. */
export type PlainOps = EventOf<"mmu_notifier_register">["ops"];

/** One plain notifier. */
export interface PlainNotifier {
  mm: MmId | null;
  ops: PlainOps;
  /** Reference count of mmu_notifier_get; 0: not in use. */
  users: number;
  /** On the list. */
  linked: boolean;
  /** The next one on the list, also after this one has left it. */
  next: PlainId | null;
  phase: "free" | "registering" | "live" | "unregistering";
}

/** A notifier that was never registered. */
export function emptyPlainNotifier(): PlainNotifier {
  return { mm: null, ops: "all", users: 0, linked: false, next: null, phase: "free" };
}

/** Whether a notifier has the callback that a walk is looking for. */
export function hasCallback(plain: PlainNotifier, kind: WalkKind): boolean {
  if (kind === "invalidate_range_start") return plain.ops !== "no_start";
  if (plain.ops === "all") return true;
  if (plain.ops === "start_only") return false;
  return kind === "release" || kind === "invalidate_range_end" || kind === "invalidate_range";
}
