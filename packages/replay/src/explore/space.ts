/**
 * The state space of a scenario: the successors of a state.
 *
 * A step that looks at the shared parts and its task's own is remembered by these two numbers of its
 * row; only a step that looks at other tasks, too, is looked up part by part (step-memory.ts). With
 * partial-order reduction the eager steps that follow are made in the same go (commuting.ts): what a
 * task does next is eager or not whatever the others do, so only the task that moved is asked.
 */
import {
  type Branch,
  countsOf,
  isDone,
  layoutOf,
  mayNotBlock,
  type Part,
  partOf,
  type Scenario,
  type State,
} from "@mmreplay/core";
import { assert, taskId } from "@mmreplay/events";
import { Commuting } from "./commuting.ts";
import { createPairMap, type PairMap } from "./pair-map.ts";
import { createPartValues, type PartValues } from "./part-values.ts";
import { Rows } from "./rows.ts";
import type { Choice } from "./schedule.ts";
import { type Outcome, type SpaceOptions, type StepFinding, StepMemory } from "./step-memory.ts";
import { type Merge, mergeLikeTasks } from "./symmetry.ts";

/** A way to move: a task by its index in a row, and its branch. */
export interface SpaceMove {
  readonly index: number;
  readonly branch: Branch;
}

/** What a try to move comes to: it moves, has to wait, or there is nothing to do (in this branch). */
export const MOVES = 0;
/** The task has to wait. */
export const WAITS = -2;
/** The task is done, or cannot take this branch. */
export const DONE = -3;

/** No findings. */
export const NOTHING: readonly StepFinding[] = [];

/** No marks. */
const UNMARKED: readonly number[] = [];

/** More eager steps than this are not made in one go; a task that could go on for ever would. */
const EAGER_MAX = 64;

/** The space of a scenario from a state on. */
export class Space {
  readonly initial: Int32Array;
  /** Tasks that have not ended in the first state; a row has a half word for each. */
  readonly tasks: readonly number[];
  /** What can be tried in a state; steps name these by their places here. */
  readonly moves: readonly SpaceMove[];
  /** Exchanges tasks that are alike, so that of equal states one stands for all. */
  readonly merge: Merge;
  /** What rules said about the last step. */
  findings: readonly StepFinding[] = NOTHING;
  /** Places of the marks that the last step took; eager steps that followed it are not asked. */
  marks: readonly number[] = UNMARKED;
  readonly rows: Rows;
  readonly values: PartValues;
  readonly memory: StepMemory;
  readonly #layout: readonly Part[];
  readonly #commuting: Commuting | undefined;
  #steps: readonly PairMap[];
  /** Marks of the remembered steps that have some: their places in this list. */
  readonly #marked: readonly PairMap[];
  readonly #marks: (readonly number[])[] = [];
  readonly #indexes: Int32Array;
  /** Values of the parts where a step is looked up; it changes them as it changes the row. */
  readonly #parts: Int32Array;

  /** @param learns Watches the steps, so that it can make eager ones at once (`reduce`). */
  constructor(options: SpaceOptions, start: State, learns = false) {
    const { scenario } = options;
    const layout = layoutOf(countsOf(scenario));
    const values = createPartValues(scenario, layout);
    this.values = values;
    this.tasks = scenario.programs.flatMap((_, task) =>
      isDone(start, scenario, taskId(task)) ? [] : [task],
    );
    this.#commuting = learns ? new Commuting(scenario, layout, values) : undefined;
    this.memory = new StepMemory(options, layout, values, start.seqModulus, this.#commuting);
    this.rows = new Rows(scenario, layout, this.tasks, values, options.drawn);
    const refuses = mayBeRefused(scenario);
    this.moves = this.tasks.flatMap((_, index): SpaceMove[] => [
      { index, branch: "default" },
      ...(refuses ? [{ index, branch: "refuse" } as const] : []),
    ]);
    this.#indexes = Int32Array.from(this.moves, ({ index }) => index);
    this.#steps = this.moves.map(() => createPairMap());
    this.#marked = this.moves.map(() => createPairMap());
    this.#layout = layout;
    this.#parts = new Int32Array(layout.length);
    this.initial = this.rowOf(start);
    this.merge = mergeLikeTasks(scenario, this.tasks, layout, values, this.rows);
  }

  /** The row of a state of the same scenario. */
  rowOf(state: State): Int32Array {
    const parts = Int32Array.from(this.#layout, (part, place) =>
      this.values.number(place, partOf(state, part)),
    );
    const row = new Int32Array(this.width);
    this.rows.store(parts, row);
    return row;
  }

  /** From now on eager steps are made at once. */
  reduce(): void {
    this.#commuting?.endLearning();
    this.#steps = this.moves.map(() => createPairMap());
    for (const move of this.moves.keys()) {
      this.partsOf(this.initial);
      this.#settle(this.initial, move);
    }
  }

  /** Words of a row. */
  get width(): number {
    return this.rows.width;
  }

  /** Whether eager steps are made at once. */
  get reduces(): boolean {
    return this.#commuting?.possible === true;
  }

  /** What was searched with eager steps is not what it was taken for, and has to be thrown away. */
  get broken(): boolean {
    return this.#commuting?.broken === true;
  }

  /** Tries a move: MOVES, and `next` and `findings` are set; or WAITS or DONE. */
  step(row: Int32Array, move: number, next: Int32Array): number {
    const index = this.#indexes[move] as number;
    const steps = this.#steps[move] as PairMap;
    const shared = row[0] as number;
    const own = this.rows.own(row, index);
    this.findings = NOTHING;
    if (this.marks !== UNMARKED) this.marks = UNMARKED;
    const known = steps.find(shared, own);
    if (known < 0)
      return known === WAITS || known === DONE ? known : this.#compute(row, move, next);
    let after = steps.second;
    if (after < 0) {
      after = ~after;
      this.marks = this.#marksOf(move, shared, own);
    }
    next[0] = known;
    for (let i = 1; i < next.length; i++) next[i] = row[i] as number;
    this.rows.setOwn(next, index, after);
    return MOVES;
  }

  #marksOf(move: number, shared: number, own: number): readonly number[] {
    return this.#marks[(this.#marked[move] as PairMap).find(shared, own)] as readonly number[];
  }

  /** A path of moves as choices; over merged states if they are. Not for paths with eager steps. */
  choices(path: readonly number[], merged: boolean): Choice[] {
    const row = this.initial.slice();
    const next = this.initial.slice();
    const merge = (): readonly number[] | undefined => (merged ? this.merge.apply(row) : undefined);
    let names = renamed([...this.tasks], merge());
    return path.map((move) => {
      const { index, branch } = this.moves[move] as SpaceMove;
      assert(this.step(row, move, next) === MOVES, "a task of a path can move");
      row.set(next);
      const task = names[index] as number;
      names = renamed(names, merge());
      return { task, branch };
    });
  }

  /** The rows that a path leads through, after each of its moves. */
  rowsOn(path: readonly number[], merged: boolean): Int32Array[] {
    const row = this.initial.slice();
    const next = this.initial.slice();
    if (merged) this.merge.apply(row);
    return path.map((move) => {
      assert(this.step(row, move, next) === MOVES, "a task of a path can move");
      row.set(next);
      if (merged) this.merge.apply(row);
      return row.slice();
    });
  }

  /** Puts the parts' values of a state where they are looked at. */
  partsOf(row: Int32Array): Int32Array {
    this.rows.load(row, this.#parts);
    return this.#parts;
  }

  #compute(row: Int32Array, move: number, next: Int32Array): number {
    const { index, branch } = this.moves[move] as SpaceMove;
    const steps = this.#steps[move] as PairMap;
    const shared = row[0] as number;
    const own = this.rows.own(row, index);
    const outcome = this.memory.step(this.tasks[index] as number, branch, this.partsOf(row));
    this.findings = outcome.findings;
    if (outcome.kind !== "moves") {
      const kind = outcome.kind === "done" ? DONE : WAITS;
      if (outcome.own && outcome.findings.length === 0) steps.set(shared, own, kind, 0);
      return kind;
    }
    next.set(row);
    this.#apply(outcome, next);
    this.#settle(next, move);
    this.findings = outcome.findings;
    this.marks = outcome.marks;
    if (outcome.own && outcome.findings.length === 0) {
      const after = this.rows.own(next, index);
      const isMarked = outcome.marks.length > 0;
      steps.set(shared, own, next[0] as number, isMarked ? ~after : after);
      if (isMarked) {
        (this.#marked[move] as PairMap).set(shared, own, this.#marks.push(outcome.marks) - 1, 0);
      }
    }
    return MOVES;
  }

  /** Changes a row, and the values of its parts. */
  #apply({ places, values, changesShared, changesOf }: Outcome, row: Int32Array): void {
    for (let i = 0; i < places.length; i++) {
      this.#parts[places[i] as number] = values[i] as number;
    }
    if (changesShared) row[0] = this.rows.sharedOf(this.#parts);
    for (let i = 0; i < changesOf.length; i++) {
      const index = this.tasks.indexOf(changesOf[i] as number);
      assert(index >= 0, "nothing changes of a task that has ended");
      this.rows.setOwn(row, index, this.rows.ownOf(this.#parts, index));
    }
  }

  /** Makes the eager steps of the task that has moved, from where the parts' values stand. */
  #settle(row: Int32Array, move: number): void {
    if (this.#commuting?.possible !== true) return;
    const { index, branch } = this.moves[move] as SpaceMove;
    const task = this.tasks[index] as number;
    for (let count = 0; count < EAGER_MAX; count++) {
      const outcome = this.memory.step(task, branch, this.#parts);
      if (!this.memory.isEager(task, outcome, this.#parts)) return;
      this.#apply(outcome, row);
    }
  }
}

function renamed(names: number[], from: readonly number[] | undefined): number[] {
  return from === undefined ? names : from.map((index) => names[index] as number);
}

/** Only a non-blockable start may be refused. */
function mayBeRefused({ programs }: Scenario): boolean {
  return programs.flat().some(mayNotBlock);
}
