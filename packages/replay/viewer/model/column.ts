/**
 * A growing list of numbers: a million events are a few flat arrays, which drawing can search and skip through.
 */

const FIRST_SIZE = 4096;

/** A column of numbers. */
export class Column {
  #values = new Float64Array(FIRST_SIZE);
  #length = 0;

  /** Values there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds a value at the end. */
  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** The value at a place; NaN where there is none. */
  at(place: number): number {
    return place < this.#length ? (this.#values[place] ?? Number.NaN) : Number.NaN;
  }

  /** The first place at or after `from` whose value is at least `value`, of an ascending column. */
  firstAtLeast(value: number, from = 0): number {
    return firstWhere(from, this.#length, (place) => (this.#values[place] as number) >= value);
  }
}

/** The first place in `[from, to)` at which a condition holds that, once true, stays true; else `to`. */
export function firstWhere(from: number, to: number, holds: (place: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
