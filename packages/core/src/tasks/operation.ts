/**
 * The operations that a program is made of, and the scenario that they run in.
 *
 * A program is data: a list of API calls of one thread. The names are those of the calls in
 * ../shared/vectors (README, section 4), the kernel's without their common prefix.
 */
import type {
  Address,
  EventOf,
  InvalidationEvent,
  MirrorId,
  MmId,
  NotifierId,
  PlainId,
  RegionId,
  Seq,
} from "@mmreplay/events";

import type { MemoryOperation } from "./memory/operation.ts";

/** Failures that a registration can be made to meet: lock-all interrupted, no memory. */
export type Injection = "EINTR" | "ENOMEM" | "ALLOC";

/**
 * What a call gives: a return code, the bytes of a snapshot, how a device fault ends, or that the call was left out because it did
 * not apply.
 */
export type Outcome = 0 | "-EAGAIN" | `rc ${number}` | `prot ${string}` | FaultResult | "skipped";

type FaultResult = Exclude<EventOf<"device_fault_return">["result"], "retry">;

/** The results that a scenario allows; absent: all. */
interface Gives {
  gives?: readonly Outcome[] | undefined;
}

/** One call of a program. */
export type Operation =
  | ({
      op: "insert";
      n: NotifierId;
      start: Address;
      length: Address;
      /** The driver instance that it belongs to; absent: the first. */
      mirror?: MirrorId | undefined;
      /** mmu_interval_notifier_insert_locked. */
      locked?: boolean | undefined;
      /** Misuse: without a reference on the mm's users. */
      force?: boolean | undefined;
      inject?: Injection | undefined;
    } & Gives)
  | { op: "remove"; n: NotifierId }
  | ({
      op: "inv_start";
      sid: RegionId;
      start: Address;
      end: Address;
      event: InvalidationEvent;
      blockable: boolean;
    } & Gives)
  | { op: "cpu_change"; sid: RegionId }
  | { op: "inv_end"; sid: RegionId; onlyEnd?: boolean | undefined }
  | ({ op: "fault"; n: NotifierId; pageOffset: number; np: number } & Gives)
  | { op: "populate"; page: number; np: number }
  /** Somebody takes the lock of a driver instance (absent: the first), and lets it go. */
  | { op: "hold"; mirror?: MirrorId | undefined }
  | { op: "preset_seq"; seq: Seq }
  | { op: "mm_exit" }
  | ({ op: "mn_register"; m: PlainId; inject?: Injection | undefined } & Gives)
  | { op: "mn_unregister"; m: PlainId }
  | { op: "mn_get"; inject?: Injection | undefined }
  | { op: "mn_put" }
  | { op: PlainWalkOperation; start: Address; end: Address }
  | { op: "mn_synchronize" }
  | MemoryOperation;

/** Calls over the plain list without a region. */
export type PlainWalkOperation =
  | "mn_invalidate_range"
  | "mn_clear_flush_young"
  | "mn_clear_young"
  | "mn_test_young"
  | "mn_change_pte";

/** The ways in which a mirror driver can be wrong, one at a time. */
export type DriverBug =
  | "none"
  | "no_retry_check"
  | "retry_check_before_lock"
  | "no_set_seq"
  | "callback_clears_nothing"
  | "callback_without_lock"
  | "set_seq_after_unlock"
  | "retry_reuses_old_seq";

/** `maxTries` of a driver that never gives up. */
export const TRIES_UNLIMITED: number = Number.MAX_SAFE_INTEGER;

/** How the mirror driver behaves. */
export interface DriverOptions {
  bug: DriverBug;
  /** In a non-blockable region: try the lock, or refuse at once. */
  nonblock: "trylock" | "refuse";
  /** The fault path also makes the lockless early check. */
  earlyCheck: boolean;
  /** The callback erases the page at the region's end, too, as lib/test_hmm.c of 6.1 does. */
  erasesEnd?: true;
  /** The callback answers true to its own device's migrations, and does nothing (6.1); absent: it zaps. */
  ownMigrate?: "skipped";
  /**
   * Pages that were moved to the device are stored before the migration ends, without a look at the
   * sequence (6.1); absent: the device faults for them afterwards.
   */
  movedPages?: "unchecked";
  /**
   * Exclusive pages are stored without a look at the sequence (6.1). Absent: it is checked, and the grant's
   * own region, which names the device as its owner, is skipped by the callback.
   */
  exclusivePages?: "unchecked";
  /**
   * The device's pages stay when the driver instance is closed (before c. 6.19), or one pass evicts them, which
   * leaves those that somebody else holds (6.1). Absent: passes follow until no page of the instance is left.
   */
  close?: "keeps_pages" | "one_pass";
  /**
   * MIGRATE_TO_DEV begins again where a page was not in its device's memory when it was mapped: one command at a
   * time (`serialized`), or beside others (`racing`), as drm/xe has it and had it. Absent: what was mapped is mapped.
   */
  insists?: "serialized" | "racing";
  /**
   * The fault path gives up after this many failed passes, and READ and WRITE then give -EBUSY: the second that the
   * test driver has for a window.
   */
  maxTries: number;
}

/** A set of programs over one mm, one driver lock and one device page table. */
export interface Scenario {
  /** Pages of both page tables. */
  pages: number;
  /** Frame of each page at the beginning, 0 for an absent one. */
  cpu: readonly number[];
  /**
   * A page's next frame is `pages` after its last one, so that frames are versions of a page and do not
   * depend on the order in which pages change; absent: frames count up over all pages.
   */
  pageVersions?: boolean;
  /** Slots of interval notifiers. */
  notifiers: number;
  /** Slots of plain notifiers; those from `PLAIN_SHARED_FIRST` on are for get and put. */
  plainNotifiers: number;
  driver: DriverOptions;
  /** Mappings and the contents of frames are modelled: the page table begins empty. */
  memory?: boolean;
  /** Pages of a PMD are 2^this, and there are huge pages; absent: 2^9, and none. */
  pmdOrder?: number;
  /** Huge pages are used wherever they fit (transparent_hugepage=always); absent: where they are advised. */
  hugeAlways?: true;
  /** A later kernel's hmm_range_fault, which lets go of the mmap lock for a fault; absent: 6.1's. */
  rangeFault?: "unlocked";
  /**
   * What a fault on a page of private device memory takes: a `reference` (6.1, and where it is absent), or the page's
   * lock, too, and where that is taken it tries again (`retry`) or sleeps (`wait`), as later kernels do.
   */
  deviceFault?: "reference" | "retry" | "wait";
  /** Migrations take frames that are free and named by nobody; absent: a frame's number is never used again. */
  reusesFrames?: true;
  /** The device of each driver instance; absent: all drive device 0. */
  devices?: readonly number[];
  /** Notifiers of snapshots: their callback acknowledges and erases nothing (protocol.md 6.3). */
  snapshots?: readonly NotifierId[];
  /** Address spaces of the tasks; absent: the first process's. Others come to be by fork. */
  processes?: readonly MmId[];
  /** `programs[t]`: the calls of task t. Task 0 runs alone, to its end, before any other. */
  programs: readonly (readonly Operation[])[];
}

/** Whether pages move to a device, so that the walk over a page's mappings leads into other address spaces. */
export function movesPages({ programs }: Pick<Scenario, "programs">): boolean {
  return programs.some((program) =>
    program.some((op) => op.op === "dmirror" && op.command === "MIGRATE_TO_DEV"),
  );
}

/** First plain slot that mmu_notifier_get allocates. */
export const PLAIN_SHARED_FIRST = 3;

/** What lib/test_hmm.c of Linux 6.1 does otherwise than a driver without a bug. */
export const DMIRROR_6_1: Partial<DriverOptions> = {
  erasesEnd: true,
  ownMigrate: "skipped",
  movedPages: "unchecked",
  exclusivePages: "unchecked",
  close: "one_pass",
};

/** A driver without a bug. */
export const CORRECT_DRIVER: DriverOptions = {
  bug: "none",
  nonblock: "trylock",
  earlyCheck: false,
  maxTries: 4,
};
