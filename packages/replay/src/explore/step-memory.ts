/**
 * Steps, computed once for all states that agree on what the step looks at.
 *
 * A step runs the program, the recipes and the rules on a whole state that is fetched part by part. The
 * parts that it touched, in the order of first touch, lead to its outcome in a tree: where they have
 * the same values again the same step would do the same. So nothing of the protocol is known here,
 * and no step is computed in another way than when a schedule is run.
 */
import {
  type Branch,
  blockedOn,
  isDone,
  type Part,
  type PartValue,
  projected,
  type Rule,
  reduceInPlace,
  runStep,
  type Scenario,
  type SchedulingPoints,
  type State,
  wholeOf,
} from "@mmreplay/core";
import { assert, eventIndex, type MmEvent, taskId } from "@mmreplay/events";

/** What a rule said about a step. */
export interface StepFinding {
  readonly rule: string;
  readonly message: string;
}

/** What a task does in a state: it waits, it is done, or it moves. */
export interface Outcome {
  readonly kind: "waits" | "done" | "moves";
  /** Places of changed parts, and the numbers of their new values. */
  readonly places: readonly number[];
  readonly values: readonly number[];
  readonly findings: readonly StepFinding[];
  /** It looked at nothing of another task. */
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
  /** Rules without memory. */
  readonly rules: readonly Rule[];
}

/** Remembered steps over the parts of one layout. */
export interface StepMemory {
  /** The number of a part's value. */
  number(place: number, value: PartValue): number;
  /** What a task does where the parts have these values. */
  step(task: number, branch: Branch, parts: Int32Array): Outcome;
}

const NOTHING: readonly StepFinding[] = [];

/** An empty memory. */
export function createStepMemory(
  { scenario, points, rules }: SpaceOptions,
  layout: readonly Part[],
  seqModulus: number,
): StepMemory {
  const numbers = layout.map(() => new Map<string, number>());
  const texts: string[][] = layout.map(() => []);
  const fetched: (PartValue | undefined)[] = layout.map(() => undefined);
  const touched: number[] = [];
  let current: Int32Array = new Int32Array(layout.length);

  function number(place: number, value: PartValue): number {
    const text = JSON.stringify(projected(scenario, layout[place] as Part, value));
    const table = numbers[place] as Map<string, number>;
    const known = table.get(text);
    if (known !== undefined) return known;
    (texts[place] as string[]).push(text);
    table.set(text, table.size);
    return table.size - 1;
  }

  const whole = wholeOf(layout, seqModulus, (place) => {
    const known = fetched[place];
    if (known !== undefined) return known;
    const value = JSON.parse(texts[place]?.[current[place] as number] as string) as PartValue;
    fetched[place] = value;
    touched.push(place);
    return value;
  });

  function run(task: number, branch: Branch): Outcome {
    for (const place of touched) fetched[place] = undefined;
    touched.length = 0;
    const id = taskId(task);
    const findings: StepFinding[] = [];
    let kind: Outcome["kind"] = "moves";
    if (isDone(whole, scenario, id)) kind = "done";
    else if (blockedOn(whole, scenario, id, branch) !== null) kind = "waits";
    else {
      runStep(whole, scenario, points, id, branch, (body) => {
        watched(rules, whole, { ...body, index: eventIndex(0) } as MmEvent, findings);
        return whole;
      });
    }
    const own = touched.every((place) => {
      const part = layout[place] as Part;
      return part.owner !== "task" || part.id === task;
    });
    const changes = touched
      .map((place) => [place, number(place, fetched[place] as PartValue)] as const)
      .filter(([place, value]) => value !== current[place]);
    return {
      kind,
      places: changes.map(([place]) => place),
      values: changes.map(([, value]) => value),
      findings: findings.length === 0 ? NOTHING : findings,
      own,
    };
  }

  /** Puts an outcome where the touched parts lead to. */
  function remember(root: Fork, outcome: Outcome): void {
    let fork = root;
    for (const [depth, place] of touched.entries()) {
      assert(fork.place === place, "what a step looks at next depends on what it has seen");
      const value = current[place] as number;
      const following = touched[depth + 1];
      if (following === undefined) {
        fork.next[value] = outcome;
        return;
      }
      fork.next[value] ??= { place: following, next: [] };
      fork = fork.next[value] as Fork;
    }
  }

  const roots = new Map<string, Fork>();
  return {
    number,
    step(task, branch, parts) {
      current = parts;
      const key = `${task} ${branch}`;
      let node: Fork | Outcome | undefined = roots.get(key);
      while (node !== undefined && "place" in node) node = node.next[current[node.place] as number];
      if (node !== undefined) return node;
      const outcome = run(task, branch);
      const root = roots.get(key) ?? { place: touched[0] as number, next: [] };
      roots.set(key, root);
      remember(root, outcome);
      return outcome;
    },
  };
}

/** Folds an event under the eyes of the rules. */
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
