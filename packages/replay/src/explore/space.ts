/**
 * The state space of a scenario: a state is a row of a few words, and so are its successors.
 *
 * The first word names everything shared; each half of the others names what one task has of its own.
 * A step that looks at the shared parts and its task's own is remembered by these two numbers; only a
 * step that looks at other tasks, too, is looked up part by part (step-memory.ts).
 */
import { isDone, layoutOf, partsOf, type State } from "@mmreplay/core";
import { assert, taskId } from "@mmreplay/events";
import { createPairMap } from "./pair-map.ts";
import {
  createStepMemory,
  type Outcome,
  type SpaceOptions,
  type StepFinding,
} from "./step-memory.ts";
import { createTupleTable } from "./tuple-table.ts";

/** Takes a successor; the row is valid during the call only. */
export type OnStep = (row: Int32Array, task: number, findings: readonly StepFinding[]) => void;

/** The space. */
export interface Space {
  /** Words of a row. */
  readonly width: number;
  readonly initial: Int32Array;
  /** Gives the successors of a row; how many tasks moved, and how many could not. */
  expand(row: Int32Array, onStep: OnStep): { moved: number; waiting: number };
}

/** Instead of a shared number, in the memory of steps. */
const WAITS = -2;
const DONE = -3;

/** Bits of a row for what a task has of its own. */
const OWN_BITS = 16;
const OWN_MASK = (1 << OWN_BITS) - 1;

const NOTHING: readonly StepFinding[] = [];

/** What one task has of its own. */
interface Own {
  readonly task: number;
  readonly places: readonly number[];
  readonly tuples: ReturnType<typeof createTupleTable>;
  readonly tuple: Int32Array;
  /** Its steps, by the shared number and its own. */
  readonly steps: ReturnType<typeof createPairMap>;
  /** Where its number is in a row. */
  readonly word: number;
  readonly shift: number;
}

/** The space of a scenario from this state on. */
export function createSpace(options: SpaceOptions, start: State): Space {
  const layout = layoutOf(start);
  const memory = createStepMemory(options, layout, start.seqModulus);
  const live = options.scenario.programs.flatMap((_, task) =>
    isDone(start, options.scenario, taskId(task)) ? [] : [task],
  );
  const owns = live.map((task, index): Own => {
    const places = layout.flatMap(({ owner, id }, place) =>
      owner === "task" && id === task ? [place] : [],
    );
    return {
      task,
      places,
      tuples: createTupleTable(places.length),
      tuple: new Int32Array(places.length),
      steps: createPairMap(),
      word: 1 + (index >> 1),
      shift: (index & 1) * OWN_BITS,
    };
  });
  const sharedPlaces = layout.flatMap(({ owner }, place) => (owner === "task" ? [] : [place]));
  const sharedTuples = createTupleTable(sharedPlaces.length);
  const sharedTuple = new Int32Array(sharedPlaces.length);
  const parts = new Int32Array(layout.length);
  const after = new Int32Array(layout.length);
  const width = 1 + ((live.length + 1) >> 1);
  const next = new Int32Array(width);

  function sharedNumber(): number {
    for (let i = 0; i < sharedPlaces.length; i++) {
      sharedTuple[i] = after[sharedPlaces[i] as number] as number;
    }
    return sharedTuples.add(sharedTuple);
  }

  function ownNumber({ places, tuple, tuples }: Own): number {
    for (let i = 0; i < places.length; i++) tuple[i] = after[places[i] as number] as number;
    const number = tuples.add(tuple);
    assert(number <= OWN_MASK, "a task has at most 65,536 states of its own");
    return number;
  }

  /** Fetches the numbers of all parts of a state. */
  function load(row: Int32Array): void {
    for (const [i, place] of sharedPlaces.entries()) {
      parts[place] = sharedTuples.at(row[0] as number, i);
    }
    for (const { places, tuples, word, shift } of owns) {
      const own = ((row[word] as number) >>> shift) & OWN_MASK;
      for (const [i, place] of places.entries()) parts[place] = tuples.at(own, i);
    }
  }

  function put(row: Int32Array, { word, shift }: Own, number: number): void {
    row[word] = ((row[word] as number) & ~(OWN_MASK << shift)) | (number << shift);
  }

  let loaded = false;
  function compute(row: Int32Array, task: number): Outcome {
    if (!loaded) load(row);
    loaded = true;
    const outcome = memory.step(task, "default", parts);
    if (outcome.kind !== "moves") return outcome;
    after.set(parts);
    for (const [i, place] of outcome.places.entries()) after[place] = outcome.values[i] as number;
    return outcome;
  }

  for (const [place, value] of partsOf(start, layout).entries()) {
    after[place] = memory.number(place, value);
  }
  parts.set(after);
  const initial = new Int32Array(width);
  initial[0] = sharedNumber();
  for (const own of owns) put(initial, own, ownNumber(own));

  return {
    width,
    initial,
    expand(row, onStep) {
      loaded = false;
      let moved = 0;
      let waiting = 0;
      const shared = row[0] as number;
      for (let index = 0; index < owns.length; index++) {
        const mine = owns[index] as Own;
        const { task, steps, word, shift } = mine;
        const own = ((row[word] as number) >>> shift) & OWN_MASK;
        const known = steps.find(shared, own);
        if (known >= 0) {
          moved += 1;
          for (let i = 1; i < width; i++) next[i] = row[i] as number;
          next[0] = known;
          put(next, mine, steps.second);
          onStep(next, task, NOTHING);
          continue;
        }
        if (known === DONE) continue;
        if (known === WAITS) {
          waiting += 1;
          continue;
        }
        const outcome = compute(row, task);
        if (outcome.kind !== "moves") {
          if (outcome.own) steps.set(shared, own, outcome.kind === "done" ? DONE : WAITS, 0);
          if (outcome.kind === "waits") waiting += 1;
          continue;
        }
        moved += 1;
        for (let i = 1; i < width; i++) next[i] = row[i] as number;
        next[0] = sharedNumber();
        if (outcome.own) {
          const number = ownNumber(mine);
          put(next, mine, number);
          if (outcome.findings.length === 0) steps.set(shared, own, next[0], number);
        } else {
          for (const other of owns) put(next, other, ownNumber(other));
        }
        onStep(next, task, outcome.findings);
      }
      return { moved, waiting };
    },
  };
}
