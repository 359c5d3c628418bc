/**
 * One run of a named scenario: its beginning, and then one chosen step after the other.
 *
 * A search and the replay of a schedule begin here, so they begin in the same state: the set-up is
 * over, and every task stands at its first scheduling point.
 */
import {
  blockedOn,
  emptyState,
  isDone,
  type Model,
  type Mutant,
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
import { type EventBody, eventIndex, type MmEvent, taskId } from "@mmreplay/events";
import type { Choice } from "./schedule.ts";
import { illegalEvent } from "./step-memory.ts";

/** What a rule found, and after which event. */
export interface RunFinding {
  readonly rule: string;
  readonly message: string;
  readonly index: number;
}

/** A run in progress. */
export class ScenarioRun {
  readonly scenario: Scenario;
  readonly model: Model;
  readonly points: SchedulingPoints;
  readonly state: State;
  readonly events: MmEvent[] = [];
  readonly findings: RunFinding[] = [];
  readonly #rules: readonly Rule[];

  /** @param rules Rules that look on; those of the scenario itself if none are given. */
  constructor(named: NamedScenario, mutant?: Mutant, rules: readonly Rule[] = named.rules) {
    this.#rules = rules;
    this.scenario = mutated(named.scenario, mutant);
    this.points = pointsOf(named.points, mutant);
    this.model = modelOf(mutant);
    this.state = emptyState(named.seqModulus);
    for (const body of setUpEvents(this.scenario)) this.#fold(body);
    for (const task of this.scenario.programs.keys()) {
      while (task === 0 ? !this.#ended(0) : !this.#stands(task))
        this.#move({ task, branch: "default" });
    }
  }

  /** Whether a choice can be made now. */
  canMove({ task, branch }: Choice): boolean {
    const { state, scenario, model } = this;
    if (this.#ended(task)) return false;
    return blockedOn(state, scenario, taskId(task), branch, model.labels) === null;
  }

  /** Tasks that have not ended and cannot move. */
  stuck(): number[] {
    const tasks = [...this.scenario.programs.keys()].filter((task) => !this.#ended(task));
    const moves = tasks.some((task) => this.canMove({ task, branch: "default" }));
    return moves ? [] : tasks;
  }

  /** Makes one step; the events of it. */
  step(choice: Choice): readonly MmEvent[] {
    const first = this.events.length;
    try {
      this.#move(choice);
    } catch (error) {
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
