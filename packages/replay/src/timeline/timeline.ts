/**
 * A timeline: all moments of a file, and the one at which somebody stands.
 *
 * The moment `n` is the state just after event `n`; -1 is the beginning. Between checkpoints events are
 * reduced in place; the last ones before the cursor under the immutable engine, whose inverse patches make a
 * step back cheap. No state is kept for an event that nobody stands near.
 */
import {
  patched,
  type Recipes,
  reduceInPlace,
  reduceWithPatches,
  type State,
} from "@mmreplay/core";
import type { JournalLine, MmEvent } from "@mmreplay/events";
import { type Change, changesBetween } from "../report/changes.ts";
import { Checkpoints } from "./checkpoints.ts";
import { copied } from "./copied.ts";
import { EventLog } from "./event-log.ts";
import { momentIndex, placeIndex } from "./moment-index.ts";
import { RunUp, type WayBack } from "./run-up.ts";

/** Steps back that are at hand after a seek; when there are fewer, those before them are prepared. */
const STEPS_AT_HAND = 64;
/** Steps over which that work is spread. */
const STEPS_OF_RUN_UP = 48;
/** Steps back that are kept while one goes on. */
const STEPS_KEPT_MAX = 4096;

/** A moment. */
export interface Moment {
  /** Index of the event that has just happened; -1: none has. */
  readonly index: number;
  /** That event; undefined at the beginning. */
  readonly event: MmEvent | undefined;
  /** The state after it, frozen. */
  readonly state: State;
}

/**
 * The timeline of a file, or of events that still come.
 *
 * @example
 * ```ts
 * const { timeline } = await openTimeline("tiny.txt", bytes);
 * const { event } = timeline.seek(100);
 * timeline.next();
 * timeline.back().event?.index === event?.index; // true
 * ```
 */
export class Timeline {
  readonly recipes: Recipes | undefined;
  /** The state after the last event; whoever reads a recording looks at it, `append` changes it. */
  readonly head: State;
  readonly #log: EventLog;
  readonly #checkpoints: Checkpoints;
  readonly #listeners = new Set<(moment: Moment) => void>();
  #moment: Moment;
  /** Ways back from the moment, the last step's last. */
  #back: WayBack[] = [];
  /** On the way to the steps before those. */
  #runUp: RunUp | undefined;

  /**
   * A timeline without events.
   *
   * @param head The state before the first one, which is given away.
   * @param recipes Those of a mutant; absent: the model's.
   * @param distance Events between the first checkpoints; absent: as many as suit a large file.
   * @param textOf The text of a line's bytes; absent: what a decoder makes of them.
   */
  constructor(
    head: State,
    recipes?: Recipes,
    distance?: number,
    textOf?: (bytes: Uint8Array) => string,
  ) {
    this.head = head;
    this.#log = new EventLog(textOf);
    this.recipes = recipes;
    this.#checkpoints = new Checkpoints(head, distance);
    this.#moment = { index: -1, event: undefined, state: this.#begin(-1) };
  }

  /**
   * One more event happens; the moment stays.
   *
   * @param line Its line in a journal, where it comes from one; its chunk is kept.
   * @throws SimError `E_ILLEGAL_EVENT` when it cannot happen after the last one.
   */
  append(event: MmEvent, line: JournalLine = { text: JSON.stringify(event) }): void {
    reduceInPlace(this.head, event, this.recipes);
    this.#log.append(line);
    this.#checkpoints.passed(this.#log.length - 1, this.head);
  }

  /** Events there are. */
  get length(): number {
    return this.#log.length;
  }

  /** Where one stands. */
  get moment(): Moment {
    return this.#moment;
  }

  /** Steps back that need no replay; they are bounded, and more are prepared when few are left. */
  get stepsAtHand(): number {
    return this.#back.length;
  }

  /**
   * Goes to the moment after an event; beyond an end, to that end.
   *
   * @throws SimError `E_INDEX` when the index is no whole number; so do all that take one.
   */
  seek(index: number): Moment {
    const target = this.#within(index);
    const ahead = target - this.#moment.index;
    if (ahead < 0 && -ahead <= this.#back.length)
      while (this.#moment.index > target) this.#stepBack();
    else if (ahead > STEPS_AT_HAND || ahead < 0) this.#jump(target);
    while (this.#moment.index < target) this.#stepForward();
    for (const listener of this.#listeners) listener(this.#moment);
    return this.#moment;
  }

  /** One event on; stays at the end. */
  next(): Moment {
    return this.seek(this.#moment.index + 1);
  }

  /** One event back; stays at the beginning. */
  back(): Moment {
    return this.seek(this.#moment.index - 1);
  }

  /** Calls `listener` after every move, until the returned function is called. */
  onMove(listener: (moment: Moment) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The event of an index. @throws SimError `E_INDEX` when there is none. */
  eventAt(index: number): MmEvent {
    return this.#log.at(placeIndex(index, this.length));
  }

  /** What differs between two moments, each leaf by its path. */
  diff(from: number, to: number): Change[] {
    return changesBetween(this.stateAt(from), this.stateAt(to));
  }

  /** The state at a moment, wherever one stands; it is the caller's. */
  stateAt(index: number): State {
    const target = this.#within(index);
    const state = this.#begin(target);
    for (let at = this.#checkpoints.before(target).index + 1; at <= target; at += 1) {
      reduceInPlace(state, this.#log.at(at), this.recipes);
    }
    return state;
  }

  /**
   * Shows the events from `from` to `to`, both included, each with the state before and after it. The state
   * goes on changing, so it is not to be kept. Ends when `after` answers true.
   */
  walk(from: number, to: number, { before, after }: Visitor): void {
    const first = Math.max(momentIndex(from), 0);
    const last = Math.min(momentIndex(to), this.length - 1);
    const state = this.stateAt(first - 1);
    for (let at = first; at <= last; at += 1) {
      const event = this.#log.at(at);
      before?.(event, state);
      reduceInPlace(state, event, this.recipes);
      if (after(event, state)) return;
    }
  }

  /** Where the stretch begins that is walked from one checkpoint to a moment. */
  stretchBefore(index: number): number {
    return this.#checkpoints.before(index).index + 1;
  }

  /** The moment of an index, which is that of an end beyond it. */
  #within(index: number): number {
    return Math.max(-1, Math.min(momentIndex(index), this.length - 1));
  }

  #begin(index: number): State {
    return copied(this.#checkpoints.before(index).state);
  }

  /** Puts the cursor a few steps before a moment, so that the steps to it can be undone. */
  #jump(target: number): void {
    const index = Math.max(-1, target - STEPS_AT_HAND);
    const event = index < 0 ? undefined : this.#log.at(index);
    this.#moment = { index, event, state: this.stateAt(index) };
    this.#back = [];
    this.#runUp = undefined;
  }

  #stepForward(): void {
    const index = this.#moment.index + 1;
    const event = this.#log.at(index);
    const { state, inverse } = reduceWithPatches(this.#moment.state, event, this.recipes);
    this.#back.push(inverse);
    if (this.#back.length > STEPS_KEPT_MAX) {
      this.#back.splice(0, STEPS_KEPT_MAX / 2);
      this.#runUp = undefined;
    }
    this.#moment = { index, event, state };
  }

  #stepBack(): void {
    const index = this.#moment.index - 1;
    const state = patched(this.#moment.state, this.#back.pop() as WayBack);
    this.#moment = { index, event: index < 0 ? undefined : this.#log.at(index), state };
    this.#prepare();
  }

  /** Does a piece of the work for the steps before those at hand, when few are left. */
  #prepare(): void {
    const first = this.#moment.index - this.#back.length;
    if (first < 0 || this.#back.length >= STEPS_AT_HAND) return;
    this.#runUp ??= this.#runUpTo(Math.max(-1, first - STEPS_AT_HAND));
    if (!this.#runUp.advance()) return;
    this.#back = [...this.#runUp.waysBack(first), ...this.#back];
    this.#runUp = undefined;
  }

  #runUpTo(moment: number): RunUp {
    const { index } = this.#checkpoints.before(moment);
    const start = { index, state: this.#begin(moment) };
    const eventAt = (at: number): MmEvent => this.#log.at(at);
    return new RunUp(eventAt, this.recipes, start, moment, STEPS_OF_RUN_UP);
  }
}

/** Who looks at the events of a walk. */
export interface Visitor {
  readonly before?: (event: MmEvent, state: State) => void;
  readonly after: (event: MmEvent, state: State) => boolean;
}
