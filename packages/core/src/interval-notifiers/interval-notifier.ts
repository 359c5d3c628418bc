/**
 * One interval notifier (struct mmu_interval_notifier, include/linux/mmu_notifier.h).
 *
 * The kernel has one discriminator for a deferred notifier: an empty tree node means that an insert
 * is pending, a linked one that a removal is. Here that is `inTree`.
 */
import {
  ADDRESS_MAX,
  ADDRESS_ZERO,
  type Address,
  type MirrorId,
  type MmId,
  type Seq,
} from "@mmreplay/events";

/** One interval notifier. */
export interface IntervalNotifier {
  mm: MmId | null;
  mirror: MirrorId | null;
  /** First byte. */
  start: Address;
  /** Last byte, inclusive, as in the kernel's interval tree. */
  last: Address;
  /** invalidate_seq: always odd once inserted; null before the first insertion. */
  seq: Seq | null;
  inTree: boolean;
  /** On the deferred list. */
  deferred: boolean;
  /** A driver's view: `live` from a successful insert to the beginning of the removal. */
  phase: "free" | "inserting" | "live" | "removing";
}

/**
 * The notifier was inserted before the recording: its interval is unknown and stands for everything,
 * and so is what happened to it before.
 */
export function isLearned({ start, last }: Pick<IntervalNotifier, "start" | "last">): boolean {
  return start === ADDRESS_ZERO && last === ADDRESS_MAX;
}

/** A notifier that was never inserted. */
export function emptyNotifier(): IntervalNotifier {
  return {
    mm: null,
    mirror: null,
    start: ADDRESS_ZERO,
    last: ADDRESS_ZERO,
    seq: null,
    inTree: false,
    deferred: false,
    phase: "free",
  };
}
