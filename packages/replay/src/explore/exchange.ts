/**
 * States that go from one search to another: to another thread, or to a later run through a file.
 *
 * The numbers in a row mean something only where they were given. So before a number goes out for the
 * first time its definition does: of a part its text, of what is shared or a task's own the numbers of
 * its parts. The receiver has numbers of its own and translates.
 */
import type { Space } from "./space.ts";

/** Rows in the sender's numbers, and what of these is new. */
export interface Message {
  /** Place, number, text. */
  readonly parts: readonly (readonly [number, number, string])[];
  /** Number, numbers of its parts. */
  readonly shared: readonly (readonly number[])[];
  /** Index of a task, number, numbers of its parts. */
  readonly owns: readonly (readonly number[])[];
  readonly rows: Int32Array;
}

/** What goes to one receiver. */
export class Outbox {
  readonly #space: Space;
  readonly #parts = new Set<string>();
  readonly #shared = new Set<number>();
  readonly #owns: readonly { readonly first: number; readonly sent: Set<number> }[];

  constructor(space: Space) {
    this.#space = space;
    const sent = space.tasks.map(() => new Set<number>());
    this.#owns = space.tasks.map((_, index) => {
      const first = space.rows.firstLike(index);
      return { first, sent: sent[first] as Set<number> };
    });
  }

  /** Rows, with all definitions that the receiver does not have. */
  message(rows: Int32Array): Message {
    const { width } = this.#space;
    const parts: [number, number, string][] = [];
    const shared: number[][] = [];
    const owns: number[][] = [];
    const row = new Int32Array(width);
    for (let at = 0; at < rows.length; at += width) {
      row.set(rows.subarray(at, at + width));
      this.#define(row, parts, shared, owns);
    }
    return { parts, shared, owns, rows };
  }

  #define(
    row: Int32Array,
    parts: [number, number, string][],
    shared: number[][],
    owns: number[][],
  ): void {
    const { rows } = this.#space;
    const number = row[0] as number;
    if (!this.#shared.has(number)) {
      this.#shared.add(number);
      const tuple = rows.sharedTuple(number);
      this.#defineParts(rows.placesOf(), tuple, parts);
      shared.push([number, ...tuple]);
    }
    for (let index = 0; index < this.#owns.length; index++) {
      const { first, sent } = this.#owns[index] as { first: number; sent: Set<number> };
      const own = rows.own(row, index);
      if (sent.has(own)) continue;
      sent.add(own);
      const tuple = rows.ownTuple(first, own);
      this.#defineParts(rows.placesOf(first), tuple, parts);
      owns.push([first, own, ...tuple]);
    }
  }

  #defineParts(
    places: readonly number[],
    tuple: readonly number[],
    parts: [number, number, string][],
  ): void {
    for (const [i, place] of places.entries()) {
      const number = tuple[i] as number;
      const name = `${place} ${number}`;
      if (this.#parts.has(name)) continue;
      this.#parts.add(name);
      parts.push([place, number, this.#space.values.text(place, number)]);
    }
  }
}

/** What comes from one sender. */
export class Inbox {
  readonly #space: Space;
  readonly #parts = new Map<string, number>();
  readonly #shared: number[] = [];
  readonly #owns: readonly number[][];

  constructor(space: Space) {
    this.#space = space;
    const lists = space.tasks.map((): number[] => []);
    this.#owns = space.tasks.map((_, index) => lists[space.rows.firstLike(index)] as number[]);
  }

  /** The rows of a message in this search's numbers. */
  rows(message: Message): Int32Array {
    this.#learn(message);
    const { width, rows } = this.#space;
    const translated = message.rows.slice();
    for (let at = 0; at < translated.length; at += width) {
      const row = translated.subarray(at, at + width);
      row[0] = this.#shared[row[0] as number] as number;
      for (let index = 0; index < this.#owns.length; index++) {
        const own = (this.#owns[index] as number[])[rows.own(row, index)] as number;
        rows.setOwn(row, index, own);
      }
    }
    return translated;
  }

  #learn({ parts, shared, owns }: Message): void {
    const { values, rows, tasks } = this.#space;
    const all = new Int32Array(
      1 + Math.max(...rows.placesOf(), ...tasks.flatMap((_, i) => rows.placesOf(i))),
    );
    const load = (places: readonly number[], tuple: readonly number[]): Int32Array => {
      for (const [i, place] of places.entries()) {
        all[place] = this.#parts.get(`${place} ${tuple[i]}`) as number;
      }
      return all;
    };
    for (const [place, number, text] of parts) {
      this.#parts.set(`${place} ${number}`, values.numberOfText(place, text));
    }
    for (const [number = 0, ...tuple] of shared) {
      this.#shared[number] = rows.sharedOf(load(rows.placesOf(), tuple));
    }
    for (const [index = 0, number = 0, ...tuple] of owns) {
      (this.#owns[index] as number[])[number] = rows.ownOf(
        load(rows.placesOf(index), tuple),
        index,
      );
    }
  }
}
