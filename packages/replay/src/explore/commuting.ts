/**
 * Partial-order reduction: steps that can be made at once, because no other task can tell.
 *
 * A step is eager when all that it looks at is its own or never changed by others, what it changes is
 * never looked at by others, and it may give back a lock. A lock that a task holds keeps all others
 * away: a step of another task that looks at it waits. Then the step commutes with everything that
 * others can do before it, so a search may make it at once and leave out every other order.
 *
 * That others never look is assumed at first and watched: what a step looks at first does not depend
 * on an eager step of another task, so whatever breaks an assumption is met in the reduced search,
 * too. Then the search begins again without it (`broken`). That a lock keeps others away is tried:
 * each step that takes a lock is run also where another task holds it, and has to wait.
 */
import { likeTasks, type Part, type Scenario, taskOwning } from "@mmreplay/core";
import type { PartValues } from "./part-values.ts";

/** A step that has been run: what it looked at, and what it changed. */
export interface Footprint {
  readonly task: number;
  readonly kind: "waits" | "done" | "moves";
  readonly touched: readonly number[];
  readonly changed: readonly number[];
  /** It can be left to the rules: none has found anything. */
  readonly silent: boolean;
}

/** What has been seen, for the search that begins again. */
export interface Seen {
  readonly readByOthers: Set<number>;
  readonly writer: Map<number, number>;
  readonly openLocks: Set<number>;
}

/** Nothing seen yet: all is assumed. */
export function nothingSeen(): Seen {
  return { readByOthers: new Set(), writer: new Map(), openLocks: new Set() };
}

const NOBODY = -1;
const SEVERAL = -2;

/** What steps have been seen to look at and to change. */
export class Commuting {
  /** An assumption that eager steps relied on does not hold: what was searched has to be thrown away. */
  broken = false;
  /** Where a step can also be refused, both ways would have to be eager. */
  readonly #possible: boolean;
  readonly #owner: readonly (number | undefined)[];
  /** Parts of like tasks have one entry. */
  readonly #entry: readonly number[];
  readonly #alone: readonly boolean[];
  /** The lock's place, and its value for each holder. */
  readonly #locks: ReadonlyMap<number, readonly number[]>;
  readonly #seen: Seen;
  readonly #relied = { unread: new Set<number>(), unwritten: new Map<number, number>() };
  readonly #reliedLocks = new Set<number>();

  constructor(scenario: Scenario, layout: readonly Part[], values: PartValues, seen: Seen) {
    this.#seen = seen;
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

  /** Takes note of a step; `waitsWhere(place, value)` is whether it would wait if that part had that value. */
  observe(
    { task, kind, touched, changed }: Footprint,
    parts: Int32Array,
    waitsWhere: (place: number, value: number) => boolean,
  ): void {
    if (!this.#possible) return;
    for (const place of touched) {
      const owner = this.#owner[place];
      if (owner !== undefined && owner !== task) this.#noteRead(place);
    }
    for (const place of changed) this.#noteWrite(place, task);
    if (kind !== "moves") return;
    const locks = touched.filter((place) => this.#locks.has(place));
    for (const place of locks) {
      if (locks.length > 1 || this.#passes(place, task, parts, waitsWhere)) this.#noteOpen(place);
    }
  }

  /** Whether a step can be made at once. */
  isEager({ task, kind, touched, changed, silent }: Footprint, parts: Int32Array): boolean {
    if (!this.#possible || kind !== "moves" || !silent) return false;
    const eager = touched.every((place) => {
      const owner = this.#owner[place];
      const changes = changed.includes(place);
      if (this.#locks.has(place) || (changes && owner === undefined))
        return changes && this.#isReleased(place, task, parts);
      if (this.#writtenByOthers(place, task)) return false;
      return owner === undefined || (owner === task && !(changes && this.#isRead(place)));
    });
    if (eager) this.#rely(touched, changed, task);
    return eager;
  }

  #isRead(place: number): boolean {
    return this.#seen.readByOthers.has(this.#entry[place] as number);
  }

  #writtenByOthers(place: number, task: number): boolean {
    const writer = this.#seen.writer.get(this.#entry[place] as number) ?? NOBODY;
    return writer !== NOBODY && writer !== task;
  }

  #isReleased(place: number, task: number, parts: Int32Array): boolean {
    const held = this.#locks.get(place)?.[task];
    return held !== undefined && parts[place] === held && !this.#seen.openLocks.has(place);
  }

  /** Whether a moving step goes past a lock that somebody else holds. */
  #passes(
    place: number,
    task: number,
    parts: Int32Array,
    waitsWhere: (place: number, value: number) => boolean,
  ): boolean {
    const values = this.#locks.get(place) as readonly number[];
    if (parts[place] === values[task]) return false;
    const others = values.filter((_, holder) => holder !== task);
    if (others.some((held) => parts[place] === held)) return true;
    return others.some((held) => !waitsWhere(place, held));
  }

  #noteRead(place: number): void {
    const entry = this.#entry[place] as number;
    this.#seen.readByOthers.add(entry);
    if (this.#relied.unread.has(entry)) this.broken = true;
  }

  #noteWrite(place: number, task: number): void {
    const owner = this.#owner[place];
    if (owner === task || this.#locks.has(place)) return;
    const entry = this.#entry[place] as number;
    const before = this.#seen.writer.get(entry) ?? NOBODY;
    const sole = this.#alone[task] && owner === undefined && (before === NOBODY || before === task);
    this.#seen.writer.set(entry, sole ? task : SEVERAL);
    const relying = this.#relied.unwritten.get(entry) ?? NOBODY;
    if (relying !== NOBODY && !(sole && relying === task)) this.broken = true;
  }

  #noteOpen(place: number): void {
    this.#seen.openLocks.add(place);
    if (this.#reliedLocks.has(place)) this.broken = true;
  }

  #rely(touched: readonly number[], changed: readonly number[], task: number): void {
    for (const place of touched) {
      const entry = this.#entry[place] as number;
      const changes = changed.includes(place);
      if (this.#locks.has(place)) this.#reliedLocks.add(place);
      else {
        const before = this.#relied.unwritten.get(entry) ?? task;
        this.#relied.unwritten.set(entry, before === task && this.#alone[task] ? task : SEVERAL);
        if (changes) this.#relied.unread.add(entry);
      }
    }
  }
}

/** There a lock that is given back at once could hide that a callback waits for it. */
function hasNonBlockable({ programs }: Scenario): boolean {
  return programs.flat().some((op) => op.op === "mm_exit" || ("blockable" in op && !op.blockable));
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
