/**
 * What of one file stands for what of the other, learnt along the steps that stand side by side.
 *
 * Runs of one scenario name everything alike, so there each thing stands for itself, and only sequences may be ahead
 * after another number of invalidations. In recordings the first meeting decides: this mm is that mm, this area of addresses lies so far from that one, this task's sequences are so far
 * ahead. A later meeting that says otherwise is a difference, and from there on what it says holds: one more
 * invalidation is one difference, not one in each step that follows.
 */
import type { Shape } from "./shape.ts";

/** Addresses that were placed together: the heap moves apart from the program's text. */
const AREA_BITS = 24n;

/** The pairs so far. */
export class Correspondence {
  readonly #recorded: boolean;
  readonly #ids = new Map<string, number>();
  readonly #back = new Map<string, number>();
  /** By how much the second file is ahead, by area of the first, or by task and object. */
  readonly #shifts = new Map<string, bigint>();

  /** @param recorded Nothing is known at first; else each thing stands for itself. */
  constructor(recorded: boolean) {
    this.#recorded = recorded;
  }

  /**
   * The fields in which two events of one shape disagree with what was learnt; what they say is learnt.
   *
   * @param begins The events begin a region, whose number is a new one.
   */
  meet(task: number, a: Shape, b: Shape, begins: boolean): string[] {
    const differ: string[] = [];
    for (const [at, [field, id]] of a.ids.entries()) {
      const other = b.ids[at]?.[1] ?? -1;
      const same = this.#pair(field, id, other);
      if (!same && !(begins && field === "region")) differ.push(field);
    }
    const object = a.ids.map(([field, id]) => (field === "notifier" ? id : "")).join("");
    for (const [at, [field, seq]] of a.seqs.entries()) {
      const shift = BigInt((b.seqs[at]?.[1] ?? 0) - seq);
      if (!this.#shifted(`seq ${task} ${object}`, shift)) differ.push(field);
    }
    for (const [at, [field, address]] of a.places.entries()) {
      const shift = (b.places[at]?.[1] ?? 0n) - address;
      if (!this.#placed(address, shift)) differ.push(field);
    }
    return differ;
  }

  #pair(kind: string, a: number, b: number): boolean {
    if (!this.#recorded) return a === b;
    const [there, back] = [`${kind} ${a}`, `${kind} ${b}`];
    const known = this.#ids.get(there) ?? b;
    const origin = this.#back.get(back) ?? a;
    this.#ids.set(there, b);
    this.#back.set(back, a);
    return known === b && origin === a;
  }

  #placed(address: bigint, shift: bigint): boolean {
    return this.#recorded ? this.#shifted(`area ${address >> AREA_BITS}`, shift) : shift === 0n;
  }

  #shifted(key: string, shift: bigint): boolean {
    const known = this.#shifts.get(key) ?? (this.#recorded ? shift : 0n);
    this.#shifts.set(key, shift);
    return known === shift;
  }
}
