/**
 * A thread: where its program stands, and what it is in the middle of.
 *
 * A recorded thread has no program; everything else is the same, so rules read one shape. The
 * position is `{ pc, label }`: the operation, and the micro-step inside it.
 */
import type {
  Locals,
  MmId,
  NotifierId,
  PageEntry,
  PlainId,
  RegionId,
  Seq,
  TaskId,
  WalkKind,
} from "@mmreplay/events";
import type { HeldPages } from "../memory/held-pages.ts";

/** What lies between read_begin and the store (K-I13's t0 … t2). */
export interface ReadSection {
  notifier: NotifierId;
  seq: Seq;
  /** The entries that the walk read; empty before it. */
  entries: PageEntry[];
  /** A callback has answered for its owner's invalidation of these pages without telling the sequence. */
  missed?: true;
  /** Result of the last read_retry in this hold of the driver's lock; null: none. */
  checked: boolean | null;
}

/** Waiting on the subscriptions' wait queue until the mm's sequence is not `seq`. */
export interface Sleep {
  kind: "read_begin" | "remove";
  mm: MmId;
  notifier: NotifierId;
  seq: Seq;
  /** A wake-up came after the condition had become true. */
  woken: boolean;
}

/** A device fault: `tries` passes have failed. */
export interface DeviceFault {
  notifier: NotifierId;
  tries: number;
}

/** A walk over the plain list inside an SRCU section. */
export interface Walk {
  mm: MmId;
  kind: WalkKind;
  /** The notifier to call next; null: the walk is at its end. */
  cursor: PlainId | null;
  /** A start callback has refused; the ends of the others follow. */
  failed: boolean;
  /** What the callbacks have returned so far, or-ed. */
  result: number;
}

/** A program that another one has called, in the middle of it. */
export interface Call {
  /** Where the caller goes on; `next`: it was the operation itself. */
  back: string;
  args: Locals;
}

/** A thread. */
export interface Task {
  name: string;
  pc: number;
  label: string;
  /** Calls inside the operation, the innermost last. */
  calls: Call[];
  section: ReadSection | null;
  sleep: Sleep | null;
  fault: DeviceFault | null;
  walk: Walk | null;
  /** Pages that it has locked, to move them. */
  held: HeldPages | null;
  /** Pages that it has looked up for exclusive access; while it does, a fault may move others. */
  granted: HeldPages | null;
  /** The region whose start or end is being called; regions nest, this is the innermost call. */
  region: RegionId | null;
  /** Tasks whose SRCU sections synchronize_srcu waits for; null: no wait. */
  srcuWait: TaskId[] | null;
  /** References that mmu_notifier_get gave this task, oldest first. */
  references: PlainId[];
  /** Slot that mmu_notifier_get has allocated and not yet registered. */
  allocated: PlainId | null;
}

/** A thread before its first event. */
export function emptyTask(): Task {
  return {
    name: "",
    pc: 0,
    label: "start",
    calls: [],
    section: null,
    sleep: null,
    fault: null,
    walk: null,
    held: null,
    granted: null,
    region: null,
    srcuWait: null,
    references: [],
    allocated: null,
  };
}
