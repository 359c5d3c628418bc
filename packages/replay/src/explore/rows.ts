/**
 * States as rows of a few words.
 *
 * The first word names everything shared; each half of the others names what one task has of its own.
 * Tasks that are alike have these numbers in common, so an exchange of two such tasks exchanges two
 * halves of words.
 */
import { likeTasks, type Part, type Scenario, taskOwning } from "@mmreplay/core";
import { assert } from "@mmreplay/events";
import { createTupleTable, type TupleTable } from "./tuple-table.ts";

/** Bits of a row for what a task has of its own. */
const OWN_BITS = 16;
const OWN_MASK = (1 << OWN_BITS) - 1;

/** What one task has of its own, and where its number is in a row. */
interface Own {
  readonly task: number;
  readonly places: readonly number[];
  readonly tuples: TupleTable;
  readonly tuple: Int32Array;
  readonly word: number;
  readonly shift: number;
}

/** Rows of the states of one scenario, in which only these tasks change. */
export class Rows {
  /** Words of a row. */
  readonly width: number;
  readonly #owns: readonly Own[];
  readonly #sharedPlaces: readonly number[];
  readonly #shared: TupleTable;
  readonly #sharedTuple: Int32Array;

  constructor(scenario: Scenario, layout: readonly Part[], tasks: readonly number[]) {
    const like = likeTasks(scenario);
    const owners = layout.map((part) => taskOwning(scenario, part));
    const tables = new Map<number, TupleTable>();
    this.#owns = tasks.map((task, index) => {
      const places = owners.flatMap((owner, place) => (owner === task ? [place] : []));
      const shape = like[task] as number;
      const tuples = tables.get(shape) ?? createTupleTable(places.length);
      tables.set(shape, tuples);
      const tuple = new Int32Array(places.length);
      return { task, places, tuples, tuple, word: 1 + (index >> 1), shift: (index & 1) * OWN_BITS };
    });
    this.#sharedPlaces = owners.flatMap((owner, place) => (owner === undefined ? [place] : []));
    this.#shared = createTupleTable(this.#sharedPlaces.length);
    this.#sharedTuple = new Int32Array(this.#sharedPlaces.length);
    this.width = 1 + ((tasks.length + 1) >> 1);
  }

  /** The number of what the task at `index` has of its own. */
  own(row: Int32Array, index: number): number {
    const { word, shift } = this.#owns[index] as Own;
    return ((row[word] as number) >>> shift) & OWN_MASK;
  }

  /** Makes that number another. */
  setOwn(row: Int32Array, index: number, number: number): void {
    const { word, shift } = this.#owns[index] as Own;
    row[word] = ((row[word] as number) & ~(OWN_MASK << shift)) | (number << shift);
  }

  /** The number of what is shared where the parts have these values. */
  sharedOf(parts: Int32Array): number {
    for (let i = 0; i < this.#sharedPlaces.length; i++) {
      this.#sharedTuple[i] = parts[this.#sharedPlaces[i] as number] as number;
    }
    return this.#shared.add(this.#sharedTuple);
  }

  /** The number of what the task at `index` has of its own where the parts have these values. */
  ownOf(parts: Int32Array, index: number): number {
    const { places, tuple, tuples } = this.#owns[index] as Own;
    for (let i = 0; i < places.length; i++) tuple[i] = parts[places[i] as number] as number;
    const number = tuples.add(tuple);
    assert(number <= OWN_MASK, "a task has at most 65,536 states of its own");
    return number;
  }

  /** Puts the parts' values of a state where they are looked at. */
  load(row: Int32Array, parts: Int32Array): void {
    this.loadShared(row[0] as number, parts);
    for (let index = 0; index < this.#owns.length; index++) {
      const { places, tuples } = this.#owns[index] as Own;
      const own = this.own(row, index);
      for (let i = 0; i < places.length; i++) parts[places[i] as number] = tuples.at(own, i);
    }
  }

  /** Puts the values of the shared parts where they are looked at. */
  loadShared(shared: number, parts: Int32Array): void {
    for (let i = 0; i < this.#sharedPlaces.length; i++) {
      parts[this.#sharedPlaces[i] as number] = this.#shared.at(shared, i);
    }
  }

  /** The row of a state whose parts have these values. */
  store(parts: Int32Array, row: Int32Array): void {
    row[0] = this.sharedOf(parts);
    for (let index = 0; index < this.#owns.length; index++) {
      this.setOwn(row, index, this.ownOf(parts, index));
    }
  }
}
