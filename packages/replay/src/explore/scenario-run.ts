/**
 * One run of a named scenario: its beginning, and then one chosen step after the other.
 *
 * A search and the replay of a schedule begin here, so they begin in the same state: the set-up is
 * over, and every task stands at its first scheduling point.
 */
import {
  type Branch,
  emptyState,
  isDone,
  type Model,
  type ModelChange,
  modelOf,
  mutated,
  type NamedScenario,
  pointsOf,
  type Rule,
  reduceInPlace,
  runStep,
  type Scenario,
  type SchedulingPoints,
  type State,
  setUpEvents,
  standsAtPoint,
} from "@mmreplay/core";
import { type EventBody, eventIndex, type MmEvent, SimError, taskId } from "@mmreplay/events";
import { ILLEGAL_EVENT, illegalEvent, readinessOf } from "./readiness.ts";
import type { Choice } from "./schedule.ts";
import type { StepFinding } from "./step-memory.ts";
import { findingOfStuck } from "./stuck.ts";

/** What a rule found, and after which event. */
export interface RunFinding {
  readonly rule: string;
  readonly message: string;
  readonly index: number;
}

const SET_UP: Choice = { task: 0, branch: "default" };
const BRANCHES: readonly Branch[] = ["default", "refuse"];

/** A run in progress. */
export class ScenarioRun {
  readonly scenario: Scenario;
  readonly model: Model;
  readonly points: SchedulingPoints;
  readonly state: State;
  readonly events: MmEvent[] = [];
  readonly findings: RunFinding[] = [];
  readonly #rules: readonly Rule[];
  /** A step could not be made to its end, so the run has none. */
  #broken = false;

  /** @param rules Rules that look on; those of the scenario itself if none are given. */
  constructor(named: NamedScenario, mutant?: ModelChange, rules: readonly Rule[] = named.rules) {
    this.#rules = rules;
    this.scenario = mutated(named.scenario, mutant);
    this.points = pointsOf(named.points, mutant);
    this.model = modelOf(mutant);
    this.state = emptyState(named.seqModulus);
    for (const body of setUpEvents(this.scenario)) this.#fold(body);
    while (!this.#ended(0)) {
      if (!this.canMove(SET_UP))
        throw setUpFails(`that the set-up of ${named.name} waits for ever`);
      this.step(SET_UP);
      const wrong = this.findings.find(({ rule }) => rule === ILLEGAL_EVENT);
      if (wrong !== undefined) throw setUpFails(`in the set-up of ${named.name}: ${wrong.message}`);
    }
    for (const task of this.scenario.programs.keys()) {
      while (!this.#stands(task)) this.#move({ task, branch: "default" });
    }
  }

  /** Whether a choice can be made now. */
  canMove({ task, branch }: Choice): boolean {
    return !this.#broken && readinessOf(this.state, this, task, branch).kind === "moves";
  }

  /** All choices that can be made now, by task. */
  choices(): Choice[] {
    return [...this.scenario.programs.keys()]
      .flatMap((task) => BRANCHES.map((branch): Choice => ({ task, branch })))
      .filter((choice) => this.canMove(choice));
  }

  /** What the rules found, and what is wrong with the waiting where the run stands now. */
  outcome(): RunFinding[] {
    const waiting = this.#wrongWait();
    const index = this.events.length - 1;
    return [...this.findings, ...(waiting === undefined ? [] : [{ ...waiting, index }])];
  }

  /** What fails here: the first of these. */
  failure(): StepFinding | undefined {
    return this.outcome()[0];
  }

  /** A sleep where none is allowed, a wait for what is not there, or waits that nobody can end. */
  #wrongWait(): StepFinding | undefined {
    if (this.#broken) return undefined;
    for (const task of this.scenario.programs.keys()) {
      for (const branch of BRANCHES) {
        const { finding } = readinessOf(this.state, this, task, branch);
        if (finding !== undefined) return finding;
      }
    }
    return this.stuck().length > 0 ? findingOfStuck(this.state, this) : undefined;
  }

  /** Tasks that have not ended and cannot move. */
  stuck(): number[] {
    if (this.#broken) return [];
    const tasks = [...this.scenario.programs.keys()].filter((task) => !this.#ended(task));
    return this.choices().length > 0 ? [] : tasks;
  }

  /** Makes one step; the events of it. */
  step(choice: Choice): readonly MmEvent[] {
    const first = this.events.length;
    try {
      this.#move(choice);
    } catch (error) {
      this.#broken = true;
      this.findings.push({ ...illegalEvent(error), index: this.events.length - 1 });
    }
    return this.events.slice(first);
  }

  #ended(task: number): boolean {
    return isDone(this.state, this.scenario, taskId(task));
  }

  #stands(task: number): boolean {
    return standsAtPoint(this.state, this.scenario, this.points, taskId(task));
  }

  #move({ task, branch }: Choice): void {
    const { state, scenario, model } = this;
    const fold = (body: EventBody): State => this.#fold(body);
    runStep(state, scenario, this.points, taskId(task), branch, fold, model.labels);
  }

  #fold(body: EventBody): State {
    const event = { ...body, index: eventIndex(this.events.length) } as MmEvent;
    // As in a search, no rule remembers anything from one event to the next.
    const asked = this.#rules
      .filter((rule) => rule.on.includes(event.type))
      .map((rule) => ({ rule, memory: rule.start() }));
    for (const { rule, memory } of asked) rule.before?.(memory, this.state, event);
    reduceInPlace(this.state, event, this.model.recipes);
    for (const { rule, memory } of asked) {
      rule.after(memory, this.state, event, {
        held() {},
        undecided() {},
        violated: ({ message }) =>
          void this.findings.push({ rule: rule.id, message, index: event.index }),
      });
    }
    this.events.push(event);
    return this.state;
  }
}

function setUpFails(found: string): SimError {
  return new SimError({
    code: "E_SET_UP",
    found,
    expected: "one that comes to its end alone",
    action: "Let a task do what waits.",
  });
}
