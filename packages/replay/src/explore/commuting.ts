/**
 * Partial-order reduction: steps that can be made at once, because they commute with all steps of
 * other tasks.
 *
 * A step is eager when all that it looks at is its own or never changed by others, what it changes is
 * never looked at by others, and it may give back a lock. A lock that a task holds keeps all others
 * away: a step of another task that looks at it waits. Then the step commutes with everything that
 * others can do before it, so a search may make it at once and leave out every other order.
 *
 * Who looks at what is learned from drawn schedules, unreduced, and then taken for all there is. That
 * is watched: what a step looks at first does not depend on an eager step of another task, so whatever
 * breaks the assumption is met in the reduced search, too (`broken`). That a lock keeps others away is
 * tried: each step that takes a lock is run also where another task holds it, and has to wait.
 */
import { likeTasks, mayNotBlock, type Part, type Scenario, taskOwning } from "@mmreplay/core";
import type { PartValues } from "./part-values.ts";

/** A step that has been run: what it looked at, and what it changed. */
export interface Footprint {
  readonly task: number;
  readonly kind: "waits" | "done" | "moves";
  readonly touched: readonly number[];
  readonly changed: readonly number[];
  /** No rule has found anything. */
  readonly silent: boolean;
}

/** Whether a step would wait if the part at a place had another value. */
export type WaitsWhere = (place: number, value: number) => boolean;

const NOBODY = -1;
const SEVERAL = -2;

/** What steps have been seen to look at and to change. */
export class Commuting {
  /** Something new was seen after the learning. */
  broken = false;
  #learning = true;
  /** Where a step can also be refused, both ways would have to be eager. */
  readonly #possible: boolean;
  readonly #owner: readonly (number | undefined)[];
  /** Parts of like tasks have one entry. */
  readonly #entry: readonly number[];
  /** Whether no other task is like this one. */
  readonly #alone: readonly boolean[];
  /** For each lock its value for each holder. */
  readonly #locks: ReadonlyMap<number, readonly number[]>;
  readonly #readByOthers = new Set<number>();
  readonly #writer = new Map<number, number>();
  readonly #openLocks = new Set<number>();

  constructor(scenario: Scenario, layout: readonly Part[], values: PartValues) {
    this.#possible = scenario.plainNotifiers === 0 && !hasNonBlockable(scenario);
    const like = likeTasks(scenario);
    this.#alone = like.map((first) => like.filter((other) => other === first).length === 1);
    this.#owner = layout.map((part) => taskOwning(scenario, part));
    this.#entry = entriesOf(this.#owner, like);
    const holders = [...scenario.programs.keys()];
    this.#locks = new Map(
      layout.flatMap(({ fields }, place) =>
        fields[0] === "lock"
          ? [[place, holders.map((lock) => values.number(place, { lock }))] as const]
          : [],
      ),
    );
  }

  /** Whether there can be eager steps at all. */
  get possible(): boolean {
    return this.#possible;
  }

  /** From now on nothing new is expected. */
  endLearning(): void {
    this.#learning = false;
  }

  /** Takes note of a step. */
  observe(footprint: Footprint, parts: Int32Array, waitsWhere: WaitsWhere): void {
    if (!this.#possible) return;
    const { task, touched, changed } = footprint;
    for (const place of touched) {
      const owner = this.#owner[place];
      if (owner === undefined || owner === task) continue;
      this.#note(this.#readByOthers, this.#entry[place] as number);
    }
    for (const place of changed) this.#noteWrite(place, task);
    const locks = touched.filter((place) => this.#locks.has(place));
    for (const place of locks) {
      const alone = locks.length === 1;
      if (!alone || this.#passes(place, footprint, parts, waitsWhere)) {
        this.#note(this.#openLocks, place);
      }
    }
  }

  /** Whether a step can be made at once. */
  isEager({ task, kind, touched, changed, silent }: Footprint, parts: Int32Array): boolean {
    if (this.#learning || kind !== "moves" || !silent) return false;
    return touched.every((place) => {
      const changes = changed.includes(place);
      if (this.#locks.has(place)) return changes && this.#isHeldAlone(place, task, parts);
      if (this.#isWrittenByOthers(place, task)) return false;
      if (this.#owner[place] === undefined) return !changes;
      const entry = this.#entry[place] as number;
      return this.#owner[place] === task && !(changes && this.#readByOthers.has(entry));
    });
  }

  #isWrittenByOthers(place: number, task: number): boolean {
    const writer = this.#writer.get(this.#entry[place] as number) ?? NOBODY;
    return writer !== NOBODY && writer !== task;
  }

  #isHeldAlone(place: number, task: number, parts: Int32Array): boolean {
    return parts[place] === this.#locks.get(place)?.[task] && !this.#openLocks.has(place);
  }

  /** Whether a step goes past a lock that somebody else holds, or would. */
  #passes(
    place: number,
    { task, kind }: Footprint,
    parts: Int32Array,
    waitsWhere: WaitsWhere,
  ): boolean {
    const values = this.#locks.get(place) as readonly number[];
    if (parts[place] === values[task]) return false;
    const others = values.filter((_, holder) => holder !== task);
    if (others.some((held) => parts[place] === held)) return kind !== "waits";
    return others.some((held) => !waitsWhere(place, held));
  }

  #note(set: Set<number>, entry: number): void {
    if (set.has(entry)) return;
    set.add(entry);
    if (!this.#learning) this.broken = true;
  }

  #noteWrite(place: number, task: number): void {
    const owner = this.#owner[place];
    if (owner === task || this.#locks.has(place)) return;
    const entry = this.#entry[place] as number;
    const before = this.#writer.get(entry) ?? NOBODY;
    const sole = this.#alone[task] && owner === undefined && (before === NOBODY || before === task);
    const writer = sole ? task : SEVERAL;
    if (writer === before) return;
    this.#writer.set(entry, writer);
    if (!this.#learning) this.broken = true;
  }
}

/** There a lock that is given back at once could hide that a callback waits for it. */
function hasNonBlockable({ programs }: Scenario): boolean {
  return programs.flat().some((op) => op.op === "mm_exit" || mayNotBlock(op));
}

/** For each place the first place of the same part of a like task. */
function entriesOf(owners: readonly (number | undefined)[], like: readonly number[]): number[] {
  const first = new Map<string, number>();
  const seen = new Map<number, number>();
  return owners.map((owner, place) => {
    if (owner === undefined) return place;
    const ordinal = seen.get(owner) ?? 0;
    seen.set(owner, ordinal + 1);
    const key = `${like[owner]} ${ordinal}`;
    if (!first.has(key)) first.set(key, place);
    return first.get(key) as number;
  });
}
