/**
 * States as rows of a few words.
 *
 * The first word names everything shared; each half of the others names what one task has of its own.
 * Tasks that are alike have these numbers in common, so an exchange of two such tasks exchanges two
 * halves of words. Which number a value has depends on when it was first seen; its rank does not.
 */
import { likeTasks, type Part, type Scenario, taskOwning } from "@mmreplay/core";
import { SimError } from "@mmreplay/events";
import type { PartValues } from "./part-values.ts";
import { hashOfText } from "./text-hash.ts";
import { createTupleTable, type TupleTable } from "./tuple-table.ts";

/** Bits of a row for what a task has of its own. */
const OWN_BITS = 16;

/** What a half word of a row can name. */
export const OWN_MASK: number = (1 << OWN_BITS) - 1;

/** What tasks of one kind have of their own: values, and the hashes of their texts. */
interface Kind {
  readonly tuples: TupleTable;
  readonly hashes: number[];
}

/** What one task has of its own. */
interface Own {
  readonly places: readonly number[];
  readonly kind: Kind;
  readonly tuple: Int32Array;
}

/** Rows of the states of one scenario, in which only these tasks change. */
export class Rows {
  /** Words of a row. */
  readonly width: number;
  /** A whole word for each task: drawn schedules meet more states of one than a search can store. */
  readonly #isWide: boolean;
  readonly #values: PartValues;
  readonly #owns: readonly Own[];
  readonly #sharedPlaces: readonly number[];
  readonly #shared: TupleTable;
  readonly #sharedTuple: Int32Array;
  readonly #sharedHashes: number[] = [];

  constructor(
    scenario: Scenario,
    layout: readonly Part[],
    tasks: readonly number[],
    values: PartValues,
    isWide = false,
  ) {
    this.#values = values;
    this.#isWide = isWide;
    const like = likeTasks(scenario);
    const owners = layout.map((part) => taskOwning(scenario, part));
    const kinds = new Map<number, Kind>();
    this.#owns = tasks.map((task) => {
      const places = owners.flatMap((owner, place) => (owner === task ? [place] : []));
      const shape = like[task] as number;
      const kind = kinds.get(shape) ?? { tuples: createTupleTable(places.length), hashes: [] };
      kinds.set(shape, kind);
      return { places, kind, tuple: new Int32Array(places.length) };
    });
    this.#sharedPlaces = owners.flatMap((owner, place) => (owner === undefined ? [place] : []));
    this.#shared = createTupleTable(this.#sharedPlaces.length);
    this.#sharedTuple = new Int32Array(this.#sharedPlaces.length);
    this.width = 1 + (isWide ? tasks.length : (tasks.length + 1) >> 1);
  }

  /** How many values of its own a task has had, the task with the most of them. */
  get ownValues(): number {
    return Math.max(0, ...this.#owns.map(({ kind }) => kind.hashes.length));
  }

  /** The number of what the task at `index` has of its own. */
  own(row: Int32Array, index: number): number {
    if (this.#isWide) return row[1 + index] as number;
    return ((row[1 + (index >> 1)] as number) >>> ((index & 1) * OWN_BITS)) & OWN_MASK;
  }

  /** Makes that number another. */
  setOwn(row: Int32Array, index: number, number: number): void {
    if (this.#isWide) {
      row[1 + index] = number;
      return;
    }
    const word = 1 + (index >> 1);
    const shift = (index & 1) * OWN_BITS;
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
    const { places, tuple, kind } = this.#owns[index] as Own;
    for (let i = 0; i < places.length; i++) tuple[i] = parts[places[i] as number] as number;
    const number = kind.tuples.add(tuple);
    if (!this.#isWide && number > OWN_MASK) throw tooManyOwn();
    if (number === kind.hashes.length) {
      kind.hashes.push(hashOfText(this.#textOf(places, kind.tuples, number)));
    }
    return number;
  }

  /** Whether a task's own number `a` is before `b`, by what they name and not by when it was seen. */
  isBefore(index: number, a: number, b: number): boolean {
    if (a === b) return false;
    const { places, kind } = this.#owns[index] as Own;
    const [hashA, hashB] = [kind.hashes[a] as number, kind.hashes[b] as number];
    if (hashA !== hashB) return hashA < hashB;
    return this.#textOf(places, kind.tuples, a) < this.#textOf(places, kind.tuples, b);
  }

  /** Puts the parts' values of a state where they are looked at. */
  load(row: Int32Array, parts: Int32Array): void {
    this.loadShared(row[0] as number, parts);
    for (let index = 0; index < this.#owns.length; index++) {
      const { places, kind } = this.#owns[index] as Own;
      const own = this.own(row, index);
      for (let i = 0; i < places.length; i++) parts[places[i] as number] = kind.tuples.at(own, i);
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

  /** Two words that name a state whatever its numbers are, on any machine. */
  keyOf(row: Int32Array, key: Int32Array): void {
    const shared = row[0] as number;
    let hash = this.#sharedHashes[shared];
    if (hash === undefined) {
      hash = hashOfText(this.#textOf(this.#sharedPlaces, this.#shared, shared));
      this.#sharedHashes[shared] = hash;
    }
    key[0] = hash | 0;
    key[1] = (hash / 2 ** 21) | 0;
    for (let index = 0; index < this.#owns.length; index++) {
      const own = (this.#owns[index] as Own).kind.hashes[this.own(row, index)] as number;
      key[0] = scrambled((key[0] as number) ^ own);
      key[1] = scrambled(Math.imul(key[1] as number, 31) ^ (own / 2 ** 21));
    }
  }

  /** The parts' numbers of what a shared number names. */
  sharedTuple(shared: number): number[] {
    return this.#sharedPlaces.map((_, i) => this.#shared.at(shared, i));
  }

  /** The parts' numbers of what a task's own number names. */
  ownTuple(index: number, own: number): number[] {
    const { places, kind } = this.#owns[index] as Own;
    return places.map((_, i) => kind.tuples.at(own, i));
  }

  /** The places of the shared parts, or of those of the task at `index`. */
  placesOf(index?: number): readonly number[] {
    return index === undefined ? this.#sharedPlaces : (this.#owns[index] as Own).places;
  }

  /** The first index whose task has its own numbers in common with this one. */
  firstLike(index: number): number {
    const { kind } = this.#owns[index] as Own;
    return this.#owns.findIndex((own) => own.kind === kind);
  }

  #textOf(places: readonly number[], tuples: TupleTable, tuple: number): string {
    return places.map((place, i) => this.#values.text(place, tuples.at(tuple, i))).join("\n");
  }
}

function tooManyOwn(): SimError {
  return new SimError({
    code: "E_STATES",
    found: `a task with more than ${OWN_MASK + 1} states of its own`,
    expected: "a scenario whose states can be stored",
    action: "Make it smaller, or draw schedules (--strategy random or pct), which store no states.",
  });
}

function scrambled(half: number): number {
  const hash = Math.imul(half ^ (half >>> 15), 0x2c1b_3c6d);
  return Math.imul(hash ^ (hash >>> 12), 0x297a_2d39) ^ (hash >>> 15);
}
