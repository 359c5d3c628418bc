/**
 * What one step of a driver of the user's own does: the primitives of the built-in mirror driver, as data.
 *
 * An action is one event of the protocol, and says at which label the driver goes on. Nothing else can be
 * done, so whatever such a driver does is in the journal, and every rule knows how to look at it.
 */
import type { EventOf, InvalidationEvent } from "@mmreplay/events";

/** What both halves of a driver can do; `L` are its labels, `V` its variables. */
export type SharedAction<L extends string, V extends string> =
  /** Takes the driver's lock; waits for it. */
  | { readonly do: "lock"; readonly next: L }
  /** Takes it, or goes on at `busy` where somebody has it. */
  | { readonly do: "trylock"; readonly next: L; readonly busy: L }
  | { readonly do: "unlock"; readonly next: L }
  /** Clears device entries: all pages that are asked for, or those named. */
  | {
      readonly do: "clear";
      readonly next: L;
      readonly startPage?: number;
      readonly endPageExclusive?: number;
    }
  /** Sets variables of the driver; what is not named stays. */
  | { readonly do: "set"; readonly variables: { readonly [name in V]?: number }; readonly next: L }
  /** Goes on elsewhere, at once. */
  | { readonly do: "goto"; readonly next: L };

/** What a fault path can do. */
export type FaultAction<L extends string = string, V extends string = string> =
  | SharedAction<L, V>
  /** mmu_interval_read_begin; sleeps while the notifier is being invalidated. */
  | { readonly do: "read_begin"; readonly next: L }
  /** Takes the notifier's number as it stands. */
  | { readonly do: "read_seq_unguarded"; readonly next: L }
  | { readonly do: "mmap_read_lock"; readonly next: L }
  | { readonly do: "mmap_read_unlock"; readonly next: L }
  /** hmm_range_fault; `busy`: -EBUSY, the notifier was invalidated since read_begin. */
  | { readonly do: "hmm_range_fault"; readonly next: L; readonly busy: L; readonly absent?: L }
  /** Looks the pages up without a look at the sequence. `absent`: none is present; absent: as `next`. */
  | { readonly do: "look_up"; readonly next: L; readonly absent?: L }
  /** mmu_interval_check_retry: needs no lock, and only its true can be relied on. */
  | { readonly do: "check_retry"; readonly next: L; readonly retry: L }
  /** mmu_interval_read_retry. */
  | { readonly do: "read_retry"; readonly next: L; readonly retry: L }
  /** Stores device entries for the pages that were looked up: all, or those named. */
  | {
      readonly do: "map";
      readonly next: L;
      readonly startPage?: number;
      readonly endPageExclusive?: number;
    }
  /** This pass has failed, and the next one begins. */
  | { readonly do: "retry"; readonly next: L }
  /** The fault is over. */
  | {
      readonly do: "return";
      readonly result: Exclude<EventOf<"device_fault_return">["result"], "retry">;
    };

/** What an invalidate callback can do. */
export type InvalidateAction<L extends string = string, V extends string = string> =
  | SharedAction<L, V>
  /** mmu_interval_set_seq; `seq`: instead of the cur_seq that the callback was given. */
  | { readonly do: "set_seq"; readonly next: L; readonly seq?: number }
  /** True: done. False: refused, allowed only in a non-blockable region. */
  | { readonly do: "return"; readonly result: boolean };

/** What a step of the fault path may look at. */
export interface FaultView<V extends string = string> {
  /** The pages of the fault: `[startPage, endPageExclusive)`. */
  readonly startPage: number;
  readonly endPageExclusive: number;
  /** Passes of this fault that have failed, up to `maxTries`; a driver without it may not look. */
  readonly tries: number;
  readonly variables: Readonly<Record<V, number>>;
}

/** What a step of the callback may look at. */
export interface InvalidateView<V extends string = string> {
  /** The pages of the region that the notifier covers: `[startPage, endPageExclusive)`. */
  readonly startPage: number;
  readonly endPageExclusive: number;
  readonly event: InvalidationEvent;
  /** mmu_notifier_range_blockable. */
  readonly blockable: boolean;
  /** The region's owner is the driver's own device. */
  readonly own: boolean;
  /** The cur_seq that the callback was given. */
  readonly seq: number;
  readonly variables: Readonly<Record<V, number>>;
}

/** A step: an action, or a function of what the driver sees there and of nothing else. */
export type DriverStep<A, S> = A | ((see: S) => A);
