/**
 * Rules: the invariants of the protocol, as values.
 *
 * A rule watches from outside, after every event that concerns it, and says for each case whether
 * it held, was violated, or cannot be decided. A `state` rule reads one state, a `transition` rule
 * one step, a `monitor` keeps a memory of its own, apart from the state. Ids, statements and
 * severities are those of protocol.md, part 3.
 */
import type { Address, EventType, MirrorId, MmEvent, TaskId } from "@mmreplay/events";
import type { State } from "../state/state.ts";
import { earliest, latest } from "./position.ts";

/** How bad a violation is: unsafe, waiting for ever, or misuse that the core survives. */
export type Severity = "safety" | "liveness" | "contract";

/** An earlier event that a finding rests on. */
export interface Witness {
  readonly index: number;
  readonly task: TaskId;
  /** The earliest place where it can have happened. */
  readonly from: number;
  /** The place to point at: where it was entered, or where it returned. */
  readonly place: number;
  /** The line at that place; null for a simulated event. */
  readonly line: number | null;
  /** What it says, in a few words. */
  readonly text: string;
  /** The event itself. */
  readonly event: MmEvent;
}

/** Pages of one device page table. */
export interface StalePages {
  readonly mirror: MirrorId;
  readonly from: number;
  readonly to: number;
}

/** What a rule says about one case. */
export interface Verdict {
  readonly message: string;
  /** Earlier events that prove it, in order. */
  readonly evidence?: readonly Witness[];
  /** Where in the address space. */
  readonly address?: Address;
  /** Pages of a device, half-open, of which those that it maps by this are no longer the CPU's. */
  readonly stale?: StalePages;
  /**
   * The violation follows from an event that is not there; it stands only where the recording is
   * whole and a probe for this event type fires in it.
   */
  readonly absent?: EventType;
  /**
   * The violation rests on no event of these types having come in between, so a recording must show
   * such events at all.
   */
  readonly needs?: readonly EventType[];
  /**
   * It follows from printed values alone, so lost events cannot explain it away. Other violations
   * rest on nothing having happened in between.
   */
  readonly byValue?: boolean;
  /** Where it happened, when that is not the event being looked at. */
  readonly at?: Witness;
}

/** Where a rule says what it finds. */
export interface Report {
  /** `cases` cases were seen and were right. */
  held(cases?: number): void;
  violated(verdict: Verdict): void;
  /** A case that what was seen cannot decide. */
  undecided(reason: string): void;
}

/** One invariant; `M` is the memory of a monitor. */
export interface Rule<M = unknown> {
  readonly id: string;
  readonly kind: "state" | "transition" | "monitor";
  /**
   * The rule is about numbers of the state that a recording does not show: there it is unobserved,
   * because it would check our reconstruction instead of the kernel.
   */
  readonly simulatedOnly?: true;
  readonly severity: Severity;
  readonly statement: string;
  /** What belongs to the rule of protocol.md and is not looked at. */
  readonly unchecked?: string;
  /** Kernel functions, commits, documents. */
  readonly source: string;
  /** The event types after which it looks. */
  readonly on: readonly EventType[];
  /** It is observed where all event types of one of these sets occur. */
  readonly observes: readonly (readonly EventType[])[];
  start(): M;
  /** Looks at the state just before an event of `on`; for transition rules. */
  before?(memory: M, state: State, event: MmEvent): void;
  after(memory: M, state: State, event: MmEvent, report: Report): void;
  /** Nothing more will come. */
  end?(memory: M, state: State, report: Report): void;
}

/**
 * An event as evidence. A rule keeps one for nearly every event and shows hardly any, so what it says is
 * put together only when it is asked for.
 */
class Seen<E extends MmEvent> implements Witness {
  readonly event: E;
  readonly #entered: boolean;
  readonly #says: string | ((event: E) => string);

  constructor(event: E, says: string | ((event: E) => string), entered: boolean) {
    this.event = event;
    this.#says = says;
    this.#entered = entered;
  }

  get index(): number {
    return this.event.index;
  }

  get task(): TaskId {
    return this.event.task;
  }

  get from(): number {
    return earliest(this.event);
  }

  get place(): number {
    return this.#entered ? earliest(this.event) : latest(this.event);
  }

  get line(): number | null {
    return this.event.evidence?.at(this.#entered ? 0 : -1) ?? null;
  }

  get text(): string {
    return typeof this.#says === "string" ? this.#says : this.#says(this.event);
  }
}

/** An event as evidence: what was so when its call had returned. */
export function witness<E extends MmEvent>(
  event: E,
  says: string | ((event: E) => string),
): Witness {
  return new Seen(event, says, false);
}

/** An event as evidence: that its call was entered. */
export function witnessEntry<E extends MmEvent>(
  event: E,
  says: string | ((event: E) => string),
): Witness {
  return new Seen(event, says, true);
}

/** The memory of a rule that needs none. */
export const noMemory = (): null => null;
