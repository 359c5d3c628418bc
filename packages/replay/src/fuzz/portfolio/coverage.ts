/**
 * What a round has been through: steps from views that nobody had yet, and rare-path marks.
 *
 * A view is all that a step usually looks at: what is shared, and what the task has of its own. Views are told
 * apart exactly, not by hashes, and a round begins with none: what is new in it does not depend on what
 * other rounds have seen, so any round can be drawn again alone.
 */
import { createPairMap, type PairMap } from "../../explore/pair-map.ts";
import type { Space } from "../../explore/space.ts";

/** What the schedules of one round have been through. */
export class Coverage {
  /** How often each mark was taken. */
  readonly marks: number[];
  /** Steps of this schedule from views that were new. */
  fresh = 0;
  /** How many steps this schedule had made with the last of them. */
  lastFresh = 0;
  /** Marks that this schedule took: which, and how many steps it had made then. */
  readonly taken: { readonly mark: number; readonly steps: number }[] = [];
  readonly #space: Space;
  readonly #seen: readonly PairMap[];
  #steps = 0;

  constructor(space: Space, marks: number) {
    this.#space = space;
    this.#seen = space.moves.map(() => createPairMap());
    this.marks = Array.from({ length: marks }, () => 0);
  }

  /** A schedule begins. */
  begin(): void {
    this.fresh = 0;
    this.lastFresh = 0;
    this.#steps = 0;
    this.taken.length = 0;
  }

  /** A move is made in this row. */
  readonly look = (row: Int32Array, move: number): void => {
    const { rows, moves, marks } = this.#space;
    this.#steps += 1;
    const seen = this.#seen[move] as PairMap;
    const shared = row[0] as number;
    const own = rows.own(row, moves[move]?.index as number);
    if (seen.find(shared, own) < 0) {
      seen.set(shared, own, 1, 0);
      this.fresh += 1;
      this.lastFresh = this.#steps;
    }
    for (const mark of marks) {
      this.marks[mark] = (this.marks[mark] as number) + 1;
      this.taken.push({ mark, steps: this.#steps });
    }
  };
}
