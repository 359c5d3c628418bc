/**
 * The state space of a scenario: the successors of a state.
 *
 * A step that looks at the shared parts and its task's own is remembered by these two numbers of its
 * row; only a step that looks at other tasks, too, is looked up part by part (step-memory.ts).
 */
import {
  type Branch,
  countsOf,
  isDone,
  layoutOf,
  type Part,
  partOf,
  type State,
} from "@mmreplay/core";
import { assert, taskId } from "@mmreplay/events";
import { createPairMap, type PairMap } from "./pair-map.ts";
import { createPartValues, type PartValues } from "./part-values.ts";
import { Rows } from "./rows.ts";
import type { Choice } from "./schedule.ts";
import { type Outcome, type SpaceOptions, type StepFinding, StepMemory } from "./step-memory.ts";
import { type Merge, mergeLikeTasks } from "./symmetry.ts";

/** Takes a successor; the row is valid during the call only. */
export type OnStep = (row: Int32Array, move: number, findings: readonly StepFinding[]) => void;

/** A way to move: a task by its index in a row, and its branch. */
export interface SpaceMove {
  readonly index: number;
  readonly branch: Branch;
}

/** How many tasks can move in a state, and how many have to wait. */
export interface Mobility {
  moving: number;
  waiting: number;
}

/** Instead of a shared number, in the memory of steps. */
const WAITS = -2;
const DONE = -3;

const NOTHING: readonly StepFinding[] = [];

/** The space of a scenario from a state on. */
export class Space {
  readonly initial: Int32Array;
  /** Tasks that have not ended in the first state; a row has a half word for each. */
  readonly tasks: readonly number[];
  /** What can be tried in a state; steps name these by their places here. */
  readonly moves: readonly SpaceMove[];
  /** Exchanges tasks that are alike, so that of equal states one stands for all. */
  readonly merge: Merge;
  readonly #layout: readonly Part[];
  readonly #values: PartValues;
  readonly #rows: Rows;
  readonly #memory: StepMemory;
  readonly #steps: readonly PairMap[];
  readonly #parts: Int32Array;
  readonly #after: Int32Array;
  readonly #next: Int32Array;
  #loaded = false;

  constructor(options: SpaceOptions, start: State) {
    const { scenario } = options;
    const layout = layoutOf(countsOf(scenario));
    const values = createPartValues(scenario, layout);
    this.tasks = scenario.programs.flatMap((_, task) =>
      isDone(start, scenario, taskId(task)) ? [] : [task],
    );
    this.#memory = new StepMemory(options, layout, values, start.seqModulus);
    this.#rows = new Rows(scenario, layout, this.tasks);
    const refuses = scenario.plainNotifiers > 0;
    this.moves = this.tasks.flatMap((_, index): SpaceMove[] => [
      { index, branch: "default" },
      ...(refuses ? [{ index, branch: "refuse" } as const] : []),
    ]);
    this.#steps = this.moves.map(() => createPairMap());
    this.#layout = layout;
    this.#values = values;
    this.#parts = new Int32Array(layout.length);
    this.#after = new Int32Array(layout.length);
    this.#next = new Int32Array(this.width);
    this.initial = this.rowOf(start);
    this.merge = mergeLikeTasks(scenario, this.tasks, layout, values, this.#rows);
  }

  /** The row of a state of the same scenario. */
  rowOf(state: State): Int32Array {
    const parts = Int32Array.from(this.#layout, (part, place) =>
      this.#values.number(place, partOf(state, part)),
    );
    const row = new Int32Array(this.width);
    this.#rows.store(parts, row);
    return row;
  }

  /** Words of a row. */
  get width(): number {
    return this.#rows.width;
  }

  /** Gives the successors of a row. */
  expand(row: Int32Array, onStep: OnStep): Mobility {
    this.#loaded = false;
    const mobility = { moving: 0, waiting: 0 };
    const shared = row[0] as number;
    const next = this.#next;
    for (let move = 0; move < this.moves.length; move++) {
      const { index } = this.moves[move] as SpaceMove;
      const steps = this.#steps[move] as PairMap;
      const known = steps.find(shared, this.#rows.own(row, index));
      if (known >= 0) {
        mobility.moving += 1;
        next[0] = known;
        for (let i = 1; i < next.length; i++) next[i] = row[i] as number;
        this.#rows.setOwn(next, index, steps.second);
        onStep(next, move, NOTHING);
      } else if (known === WAITS) mobility.waiting += 1;
      else if (known !== DONE) this.#compute(row, move, mobility, onStep);
    }
    return mobility;
  }

  /** The successor of a row by a move. */
  successor(row: Int32Array, move: number): Int32Array {
    const found: Int32Array[] = [];
    this.expand(row, (next, made) => {
      if (made === move) found.push(next.slice());
    });
    const [next] = found;
    assert(next !== undefined, "a task of a path can move");
    return next;
  }

  /** A path of moves as choices; over merged states if they are. */
  choices(path: readonly number[], merged: boolean): Choice[] {
    let row: Int32Array = this.initial.slice();
    const merge = (): readonly number[] | undefined => (merged ? this.merge.apply(row) : undefined);
    let names = renamed([...this.tasks], merge());
    return path.map((move) => {
      const { index, branch } = this.moves[move] as SpaceMove;
      row = this.successor(row, move);
      const task = names[index] as number;
      names = renamed(names, merge());
      return { task, branch };
    });
  }

  #compute(row: Int32Array, move: number, mobility: Mobility, onStep: OnStep): void {
    if (!this.#loaded) this.#rows.load(row, this.#parts);
    this.#loaded = true;
    const { index, branch } = this.moves[move] as SpaceMove;
    const steps = this.#steps[move] as PairMap;
    const shared = row[0] as number;
    const own = this.#rows.own(row, index);
    const outcome = this.#memory.step(this.tasks[index] as number, branch, this.#parts);
    if (outcome.kind !== "moves") {
      if (outcome.own) steps.set(shared, own, outcome.kind === "done" ? DONE : WAITS, 0);
      if (outcome.kind === "waits") mobility.waiting += 1;
      return;
    }
    mobility.moving += 1;
    this.#apply(outcome);
    const next = this.#next;
    if (!outcome.own) this.#rows.store(this.#after, next);
    else {
      next.set(row);
      next[0] = this.#rows.sharedOf(this.#after);
      const number = this.#rows.ownOf(this.#after, index);
      this.#rows.setOwn(next, index, number);
      if (outcome.findings.length === 0) steps.set(shared, own, next[0], number);
    }
    onStep(next, move, outcome.findings);
  }

  #apply({ places, values }: Outcome): void {
    this.#after.set(this.#parts);
    for (let i = 0; i < places.length; i++) {
      this.#after[places[i] as number] = values[i] as number;
    }
  }
}

function renamed(names: number[], from: readonly number[] | undefined): number[] {
  return from === undefined ? names : from.map((index) => names[index] as number);
}
