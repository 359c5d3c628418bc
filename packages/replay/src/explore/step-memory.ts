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
  isStoredWhole,
  type Mark,
  type Model,
  type Part,
  type PartValue,
  type Rule,
  reduceInPlace,
  runStep,
  type Scenario,
  type SchedulingPoints,
  type State,
  taskOwning,
  wholeOf,
} from "@mmreplay/core";
import { assert, type EventBody, eventIndex, type MmEvent, taskId } from "@mmreplay/events";
import type { Commuting, Footprint } from "./commuting.ts";
import type { PartValues } from "./part-values.ts";
import { illegalEvent, readinessOf } from "./readiness.ts";

/** What a rule said about a step. */
export interface StepFinding {
  readonly rule: string;
  readonly message: string;
}

/** What a task does in a state: it waits, it is done (or cannot take this branch), or it moves. */
export interface Outcome {
  readonly kind: "waits" | "done" | "moves";
  /** Places of changed parts, and the numbers of their new values. */
  readonly places: readonly number[];
  readonly values: readonly number[];
  /** Whether a changed part is shared, and the tasks that the others belong to. */
  readonly changesShared: boolean;
  readonly changesOf: readonly number[];
  readonly findings: readonly StepFinding[];
  /** Places in the list of marks of those that it takes. */
  readonly marks: readonly number[];
  /** It looked at nothing of another task. */
  readonly own: boolean;
  /** Places that it looked at. */
  readonly touched: readonly number[];
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
  readonly model: Model;
  /** Rules without memory. */
  readonly rules: readonly Rule[];
  /** Rare paths to look out for; absent: none. */
  readonly marks?: readonly Mark[];
  /** Schedules are drawn and no state is stored; absent: it is. */
  readonly drawn?: boolean;
}

const NOTHING: readonly StepFinding[] = [];
const UNMARKED: readonly number[] = [];

/** Values of a part that are kept to be looked at again; then they are dropped. */
const KEPT_MAX = 1024;

/** Remembered steps over the parts of one layout. */
export class StepMemory {
  /** Steps that have been run. */
  size = 0;
  readonly #options: SpaceOptions;
  /** The task that each part belongs to, if to one. */
  readonly #owners: readonly (number | undefined)[];
  readonly #values: PartValues;
  readonly #whole: State;
  readonly #commuting: Commuting | undefined;
  /** Which value each part has in the state that is looked at. */
  #parts: Int32Array = new Int32Array(0);
  readonly #fetched: (PartValue | undefined)[];
  readonly #touched: number[] = [];
  /**
   * Values that a step has left as they were, by their numbers: to read a text again takes longer than
   * all that most steps do. Only of parts that are stored whole.
   */
  readonly #kept: readonly (Map<number, PartValue> | undefined)[];
  /** The rules that look at events of a type. */
  readonly #asked = new Map<string, readonly Rule[]>();
  readonly #watched = new Map<string, readonly (readonly [place: number, mark: Mark])[]>();
  readonly #roots: Record<Branch, (Fork | undefined)[]> = { default: [], refuse: [] };

  constructor(
    options: SpaceOptions,
    layout: readonly Part[],
    values: PartValues,
    seqModulus: number,
    commuting?: Commuting,
  ) {
    this.#options = options;
    this.#owners = layout.map((part) => taskOwning(options.scenario, part));
    this.#values = values;
    this.#commuting = commuting;
    this.#fetched = layout.map(() => undefined);
    this.#kept = layout.map((part) =>
      isStoredWhole(options.scenario, part) ? new Map<number, PartValue>() : undefined,
    );
    this.#whole = wholeOf(layout, seqModulus, (place) => this.#fetch(place));
  }

  /** What a task does where the parts have these values. */
  step(task: number, branch: Branch, parts: Int32Array): Outcome {
    this.#parts = parts;
    const roots = this.#roots[branch];
    let node: Fork | Outcome | undefined = roots[task];
    while (node !== undefined && "place" in node) node = node.next[parts[node.place] as number];
    if (node !== undefined) return node;
    const outcome = this.#run(task, branch);
    this.size += 1;
    const { touched } = outcome;
    roots[task] ??= { place: touched[0] as number, next: [] };
    remember(roots[task] as Fork, touched, parts, outcome);
    this.#commuting?.observe(footprintOf(task, outcome), parts, (place, value) => {
      const other = parts.slice();
      other[place] = value;
      return this.step(task, branch, other).kind === "waits";
    });
    return outcome;
  }

  /** Looks at a whole state without a step; `look` must not change it. */
  look<T>(parts: Int32Array, look: (state: State, options: SpaceOptions) => T): T {
    this.#parts = parts;
    this.#forget();
    return look(this.#whole, this.#options);
  }

  #forget(): void {
    for (const place of this.#touched) this.#fetched[place] = undefined;
    this.#touched.length = 0;
  }

  /** Whether a step can be made at once: no other task can tell. */
  isEager(task: number, outcome: Outcome, parts: Int32Array): boolean {
    return this.#commuting?.isEager(footprintOf(task, outcome), parts) === true;
  }

  #fetch(place: number): PartValue {
    const known = this.#fetched[place];
    if (known !== undefined) return known;
    const number = this.#parts[place] as number;
    const value = this.#kept[place]?.get(number) ?? this.#values.value(place, number);
    this.#fetched[place] = value;
    this.#touched.push(place);
    return value;
  }

  /** A value is what it was before the step: it may be looked at again. */
  #keep(place: number, number: number): void {
    const kept = this.#kept[place];
    if (kept === undefined || kept.has(number)) return;
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(number, this.#fetch(place));
  }

  #rulesFor({ type }: MmEvent): readonly Rule[] {
    const known = this.#asked.get(type);
    if (known !== undefined) return known;
    const asked = this.#options.rules.filter(({ on }) => on.includes(type));
    this.#asked.set(type, asked);
    return asked;
  }

  /** The marks that look at events of a type, and their places. */
  #marksFor({ type }: MmEvent): readonly (readonly [place: number, mark: Mark])[] {
    const known = this.#watched.get(type);
    if (known !== undefined) return known;
    const { marks = [] } = this.#options;
    const watched = [...marks.entries()].filter(([, { on }]) => on.includes(type));
    this.#watched.set(type, watched);
    return watched;
  }

  #run(task: number, branch: Branch): Outcome {
    this.#forget();
    const { scenario, points, model } = this.#options;
    const whole = this.#whole;
    const findings: StepFinding[] = [];
    const taken: number[] = [];
    const { kind, finding } = readinessOf(whole, this.#options, task, branch);
    if (finding !== undefined) findings.push(finding);
    if (kind === "moves") {
      const fold = (body: EventBody): State => {
        const event = { ...body, index: eventIndex(0) } as MmEvent;
        for (const [place, { takes }] of this.#marksFor(event)) {
          if (takes(whole, event)) taken.push(place);
        }
        watched(this.#rulesFor(event), model, whole, event, findings);
        return whole;
      };
      try {
        runStep(whole, scenario, points, taskId(task), branch, fold, model.labels);
      } catch (error) {
        findings.push(illegalEvent(error));
      }
    }
    return {
      kind,
      ...this.#changes(),
      findings: findings.length === 0 ? NOTHING : findings,
      marks: taken.length === 0 ? UNMARKED : taken,
      own: this.#touched.every((place) => [undefined, task].includes(this.#owners[place])),
      touched: [...this.#touched],
    };
  }

  #changes(): Pick<Outcome, "places" | "values" | "changesShared" | "changesOf"> {
    const changes: (readonly [place: number, value: number])[] = [];
    for (const place of this.#touched) {
      const before = this.#parts[place] as number;
      const value = this.#values.number(place, this.#fetch(place));
      if (value === before) this.#keep(place, before);
      else {
        this.#kept[place]?.delete(before);
        changes.push([place, value]);
      }
    }
    const owners = new Set(changes.map(([place]) => this.#owners[place]));
    return {
      places: changes.map(([place]) => place),
      values: changes.map(([, value]) => value),
      changesShared: owners.has(undefined),
      changesOf: [...owners].filter((owner) => owner !== undefined),
    };
  }
}

function footprintOf(task: number, { kind, touched, places, findings }: Outcome): Footprint {
  return { task, kind, touched, changed: places, silent: findings.length === 0 };
}

/** Puts an outcome where the touched parts lead to. */
function remember(
  root: Fork,
  touched: readonly number[],
  parts: Int32Array,
  outcome: Outcome,
): void {
  let fork = root;
  for (const [depth, place] of touched.entries()) {
    assert(fork.place === place, "what a step looks at next depends on what it has seen");
    const value = parts[place] as number;
    const following = touched[depth + 1];
    if (following === undefined) {
      fork.next[value] = outcome;
      return;
    }
    fork.next[value] ??= { place: following, next: [] };
    fork = fork.next[value] as Fork;
  }
}

/** Folds an event under the eyes of the rules that look at its type. */
function watched(
  asked: readonly Rule[],
  { recipes }: Model,
  state: State,
  event: MmEvent,
  findings: StepFinding[],
): void {
  const memories = asked.map((rule) => rule.start());
  for (const [i, rule] of asked.entries()) rule.before?.(memories[i], state, event);
  reduceInPlace(state, event, recipes);
  for (const [i, rule] of asked.entries()) {
    rule.after(memories[i], state, event, {
      held() {},
      undecided() {},
      violated: ({ message }) => void findings.push({ rule: rule.id, message }),
    });
  }
}
