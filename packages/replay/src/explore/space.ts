/**
 * The state space of a scenario: successors of a state, computed once for all states that agree on
 * what the step looks at.
 *
 * A state is a row of numbers: one for everything shared, one for each task's own parts. A step runs
 * the program and the recipes on a whole that is fetched part by part; the parts that it touched, in
 * the order of first touch, lead to its outcome in a tree. Where the same parts have the same values
 * again the same step would do the same, so the outcome is read from the tree. Nothing of the protocol
 * is known here.
 */
import {
  type Branch,
  blockedOn,
  isDone,
  layoutOf,
  type Part,
  type PartValue,
  partsOf,
  projected,
  reduceInPlace,
  type Rule,
  runStep,
  type Scenario,
  type SchedulingPoints,
  type State,
  wholeOf,
} from "@mmreplay/core";
import { assert, type EventBody, eventIndex, type MmEvent, type TaskId, taskId } from "@mmreplay/events";
import { createTupleTable } from "./tuple-table.ts";

/** What a rule said about a step. */
export interface StepFinding {
  readonly rule: string;
  readonly message: string;
}

/** What a task does in a state: nothing yet, nothing any more, or a step. */
interface Outcome {
  readonly kind: "blocked" | "done" | "moved";
  /** Places of changed parts, and their new values' numbers. */
  readonly places: readonly number[];
  readonly values: readonly number[];
  readonly findings: readonly StepFinding[];
  /** It looked at shared parts and its own only. */
  readonly own: boolean;
}

/** A question on the way to an outcome: which value has the part at this place? */
interface Fork {
  readonly place: number;
  readonly next: (Fork | Outcome | undefined)[];
}

/** What is searched. */
export interface SpaceOptions {
  readonly scenario: Scenario;
  readonly points: SchedulingPoints;
  readonly rules: readonly Rule[];
}

/** Takes a successor: the row is valid during the call only. */
export type OnStep = (row: Int32Array, task: number, findings: readonly StepFinding[]) => void;

/** The state space. */
export interface Space {
  /** Numbers in a row. */
  readonly width: number;
  readonly initial: Int32Array;
  /** Gives the successors of a row, by task; the number of tasks that can move, or have not ended. */
  expand(rows: Int32Array, at: number, onStep: OnStep): { moved: number; waiting: number };
}

const NOTHING: readonly StepFinding[] = [];

/** The space of a scenario from this state on. */
export function createSpace(options: SpaceOptions, initialState: State): Space {
  const { scenario, points, rules } = options;
  const layout = layoutOf(initialState);
  const tasks = scenario.programs.length;
  const ownPlaces = Array.from({ length: tasks }, (_, task) =>
    layout.flatMap(({ owner, id }, place) => (owner === "task" && id === task ? [place] : [])),
  );
  const sharedPlaces = layout.flatMap(({ owner }, place) => (owner === "task" ? [] : [place]));

  const numbers = layout.map(() => new Map<string, number>());
  const texts: string[][] = layout.map(() => []);
  const encode = (place: number, value: PartValue): number => {
    const text = JSON.stringify(projected(scenario, layout[place] as Part, value));
    const table = numbers[place] as Map<string, number>;
    const known = table.get(text);
    if (known !== undefined) return known;
    const id = table.size;
    table.set(text, id);
    (texts[place] as string[]).push(text);
    return id;
  };

  // The whole on which steps run; `current` says which value each part has.
  const current = new Int32Array(layout.length);
  const fetched: (PartValue | undefined)[] = layout.map(() => undefined);
  const touched: number[] = [];
  const whole = wholeOf(layout, initialState.seqModulus, (place) => {
    const known = fetched[place];
    if (known !== undefined) return known;
    const value = JSON.parse(texts[place]?.[current[place] as number] as string) as PartValue;
    fetched[place] = value;
    touched.push(place);
    return value;
  });

  function runTask(task: TaskId, branch: Branch): Outcome {
    for (const place of touched) fetched[place] = undefined;
    touched.length = 0;
    const outcome = (kind: Outcome["kind"], findings: readonly StepFinding[]): Outcome => {
      const own = ownPlaces[task] as number[];
      const narrow = touched.every(
        (place) => layout[place]?.owner !== "task" || own.includes(place),
      );
      const changes = kind === "moved" ? changedParts() : { places: [], values: [] };
      return { kind, ...changes, findings, own: narrow };
    };
    if (isDone(whole, scenario, task)) return outcome("done", NOTHING);
    if (blockedOn(whole, scenario, task, branch) !== null) return outcome("blocked", NOTHING);
    const findings: StepFinding[] = [];
    runStep(whole, scenario, points, task, branch, (body) => {
      watched(rules, whole, { ...body, index: eventIndex(0) } as MmEvent, findings);
      return whole;
    });
    return outcome("moved", findings.length === 0 ? NOTHING : findings);
  }

  function changedParts(): { places: number[]; values: number[] } {
    const places: number[] = [];
    const values: number[] = [];
    for (const place of touched) {
      const value = encode(place, fetched[place] as PartValue);
      if (value === current[place]) continue;
      places.push(place);
      values.push(value);
    }
    return { places, values };
  }

  const roots: (Fork | Outcome | undefined)[] = scenario.programs.map(() => undefined);

  function outcomeOf(task: number): Outcome {
    let node = roots[task];
    while (node !== undefined && "place" in node) node = node.next[current[node.place] as number];
    if (node !== undefined) return node;
    const outcome = runTask(taskId(task), "default");
    let tail: Fork | Outcome = outcome;
    let fork: Fork | undefined;
    for (const [depth, place] of touched.entries()) {
      const value = current[place] as number;
      const found: Fork | Outcome | undefined = depth === 0 ? roots[task] : fork?.next[current[fork.place] as number];
      let here: Fork;
      if (found === undefined) {
        here = { place, next: [] };
        if (depth === 0) roots[task] = here;
        else if (fork !== undefined) fork.next[current[fork.place] as number] = here;
      } else {
        assert("place" in found && found.place === place, "a step depends on what it looks at");
        here = found;
      }
      if (depth === touched.length - 1) here.next[value] = tail;
      fork = here;
    }
    tail = outcome;
    return tail;
  }

  // Rows: the number of the shared tuple, then that of each task's own tuple.
  const width = 1 + tasks;
  const shared = createTupleTable(sharedPlaces.length);
  const locals = ownPlaces.map((places) => createTupleTable(places.length));
  const next = new Int32Array(layout.length);
  const scratch = new Int32Array(layout.length);
  const row = new Int32Array(width);

  const numberOf = (table: ReturnType<typeof createTupleTable>, places: readonly number[]): number => {
    for (let i = 0; i < places.length; i++) scratch[i] = next[places[i] as number] as number;
    return table.add(scratch, 0);
  };
  const load = (rows: Int32Array, at: number): void => {
    const from = (rows[at] as number) * sharedPlaces.length;
    for (let i = 0; i < sharedPlaces.length; i++) {
      current[sharedPlaces[i] as number] = shared.tuples[from + i] as number;
    }
    for (let task = 0; task < tasks; task++) {
      const places = ownPlaces[task] as number[];
      const table = locals[task] as ReturnType<typeof createTupleTable>;
      const own = (rows[at + 1 + task] as number) * places.length;
      for (let i = 0; i < places.length; i++) {
        current[places[i] as number] = table.tuples[own + i] as number;
      }
    }
  };

  for (const [place, value] of partsOf(initialState, layout).entries()) {
    next[place] = encode(place, value);
  }
  const initial = new Int32Array(width);
  initial[0] = numberOf(shared, sharedPlaces);
  for (let task = 0; task < tasks; task++) {
    initial[1 + task] = numberOf(locals[task] as never, ownPlaces[task] as number[]);
  }

  return {
    width,
    initial,
    expand(rows, at, onStep) {
      load(rows, at);
      let moved = 0;
      let waiting = 0;
      for (let task = 0; task < tasks; task++) {
        const outcome = outcomeOf(task);
        if (outcome.kind === "done") continue;
        if (outcome.kind === "blocked") {
          waiting += 1;
          continue;
        }
        moved += 1;
        next.set(current);
        for (let i = 0; i < outcome.places.length; i++) {
          next[outcome.places[i] as number] = outcome.values[i] as number;
        }
        row[0] = numberOf(shared, sharedPlaces);
        for (let other = 0; other < tasks; other++) {
          row[1 + other] =
            other === task || !outcome.own
              ? numberOf(locals[other] as never, ownPlaces[other] as number[])
              : (rows[at + 1 + other] as number);
        }
        onStep(row, task, outcome.findings);
      }
      return { moved, waiting };
    },
  };
}

/** Folds an event under the rules' eyes. */
function watched(
  rules: readonly Rule[],
  state: State,
  event: MmEvent,
  findings: StepFinding[],
): void {
  const asked = rules.filter(({ on }) => on.includes(event.type));
  const memories = asked.map((rule) => rule.start());
  for (const [i, rule] of asked.entries()) rule.before?.(memories[i], state, event);
  reduceInPlace(state, event);
  for (const [i, rule] of asked.entries()) {
    rule.after(memories[i], state, event, {
      held() {},
      undecided() {},
      violated: ({ message }) => void findings.push({ rule: rule.id, message }),
    });
  }
}
export type { EventBody };
