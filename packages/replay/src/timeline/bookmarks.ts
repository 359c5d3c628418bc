/**
 * Names for moments of a timeline, so that one can come back to them.
 */

/** A named moment. */
export interface Bookmark {
  readonly name: string;
  /** Index of its event; -1: the beginning. */
  readonly index: number;
}

/** The bookmarks of somebody who looks at a timeline. */
export class Bookmarks {
  readonly #indexes = new Map<string, number>();

  /** How many there are. */
  get count(): number {
    return this.#indexes.size;
  }

  /** Gives a moment a name; a name stands for one moment, the last that got it. */
  set(name: string, index: number): void {
    this.#indexes.set(name, index);
  }

  /** The moment of a name; undefined: it is nobody's. */
  at(name: string): number | undefined {
    return this.#indexes.get(name);
  }

  /** Takes a name away. */
  remove(name: string): void {
    this.#indexes.delete(name);
  }

  /** All of them, in the order of their moments. */
  list(): Bookmark[] {
    const all = [...this.#indexes].map(([name, index]) => ({ name, index }));
    return all.sort((a, b) => a.index - b.index);
  }

  /** The next bookmark after a moment, or the last one before it. */
  nearest(from: number, way: "next" | "back"): Bookmark | undefined {
    const all = this.list();
    return way === "next"
      ? all.find(({ index }) => index > from)
      : all.findLast(({ index }) => index < from);
  }
}
