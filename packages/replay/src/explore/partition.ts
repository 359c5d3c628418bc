/**
 * One part of a breadth-first search that several share: the states whose key falls to it.
 *
 * All parts take a level together. A successor that falls to another part is sent to it between two
 * levels, once. The key is made of the texts of a state's parts, so it depends on nothing that differs
 * from thread to thread, and what is counted is the same for any number of parts.
 */
import { Inbox, type Message, Outbox } from "./exchange.ts";
import { Expansion } from "./expansion.ts";
import { createRowBuffer } from "./row-buffer.ts";
import { createRowSet } from "./row-set.ts";
import type { Search } from "./search.ts";

/** What a part did in one level. */
export interface Round {
  /** For each part what goes to it. */
  readonly out: readonly Message[];
  /** States that were expanded in this level, and those known so far. */
  readonly expanded: number;
  readonly states: number;
  readonly transitions: number;
  /** States of the next level that this part has found itself. */
  readonly next: number;
  /** Something fails, or the reduction does not hold: this search cannot give the answer. */
  readonly gaveUp: boolean;
}

/** A part of a search. */
export class Partition {
  readonly #search: Search;
  readonly #index: number;
  readonly #of: number;
  readonly #expansion: Expansion;
  /** Its own states, and those of others that it has met. */
  readonly #known;
  readonly #outboxes;
  readonly #inboxes;
  readonly #outgoing;
  readonly #key = new Int32Array(2);
  #states = 0;
  #now;
  #next;

  constructor(search: Search, index: number, of: number) {
    const { space } = search;
    this.#search = search;
    this.#index = index;
    this.#of = of;
    this.#expansion = new Expansion(search);
    this.#known = createRowSet(space.width);
    const parts = Array.from({ length: of });
    this.#outboxes = parts.map(() => new Outbox(space));
    this.#inboxes = parts.map(() => new Inbox(space));
    this.#outgoing = parts.map(() => createRowBuffer(space.width));
    this.#now = createRowBuffer(space.width);
    this.#next = createRowBuffer(space.width);
    const first = this.#expansion.first();
    if (this.#ownerOf(first) === index) this.#pass(first);
  }

  /** Takes what the others have sent, from each one message, and expands the level. */
  round(incoming: readonly Message[]): Round {
    const { width } = this.#search.space;
    for (const [from, message] of incoming.entries()) {
      const rows = (this.#inboxes[from] as Inbox).rows(message);
      for (let at = 0; at < rows.length; at += width) this.#take(rows.subarray(at, at + width));
    }
    [this.#now, this.#next] = [this.#next, this.#now];
    this.#next.clear();
    const row = new Int32Array(width);
    for (let i = 0; i < this.#now.size && !this.#gaveUp(); i++) {
      this.#now.read(i, row);
      this.#expansion.expand(row, (next) => this.#pass(next));
    }
    const out = this.#outgoing.map((rows, to) => {
      const message = (this.#outboxes[to] as Outbox).message(rows.words());
      rows.clear();
      return message;
    });
    return {
      out,
      expanded: this.#now.size,
      states: this.#states,
      transitions: this.#expansion.transitions,
      next: this.#next.size,
      gaveUp: this.#gaveUp(),
    };
  }

  #gaveUp(): boolean {
    return this.#expansion.failure !== undefined || this.#search.space.broken;
  }

  #take(row: Int32Array): void {
    if (this.#known.add(row)) this.#keep(row);
  }

  #pass(row: Int32Array): void {
    if (!this.#known.add(row)) return;
    const owner = this.#ownerOf(row);
    if (owner === this.#index) this.#keep(row);
    else this.#outgoing[owner]?.push(row);
  }

  #keep(row: Int32Array): void {
    this.#states += 1;
    this.#next.push(row);
  }

  #ownerOf(row: Int32Array): number {
    this.#search.space.rows.keyOf(row, this.#key);
    return ((this.#key[1] as number) >>> 0) % this.#of;
  }
}
