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
  type Rule,
  reduceInPlace,
  runStep,
  type Scenario,
  type State,
  setUpEvents,
  standsAtPoint,
} from "@mmreplay/core";
import { type EventBody, eventIndex, type MmEvent, taskId } from "@mmreplay/events";
import type { Choice } from "./schedule.ts";
import type { StepFinding } from "./step-memory.ts";
import { findingOfStuck, sleepsInNonBlockable } from "./stuck.ts";

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
  readonly state: State = emptyState();
  readonly events: MmEvent[] = [];
  readonly findings: RunFinding[] = [];
  readonly #named: NamedScenario;
  readonly #watching: readonly { readonly rule: Rule; readonly memory: unknown }[];

  /** @param rules Rules that look on; those of the scenario itself if none are given. */
  constructor(named: NamedScenario, mutant?: Mutant, rules: readonly Rule[] = named.rules) {
    this.#named = named;
    this.scenario = mutated(named.scenario, mutant);
    this.model = modelOf(mutant);
    this.#watching = rules.map((rule) => ({ rule, memory: rule.start() }));
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

  /** What fails here: what a rule has found, a sleep where none is allowed, or that nobody can move. */
  failure(): StepFinding | undefined {
    const { state } = this;
    const [finding] = this.findings;
    if (finding !== undefined) return finding;
    for (const task of this.scenario.programs.keys()) {
      const waits = !this.#ended(task) && !this.canMove({ task, branch: "default" });
      const sleeps = waits ? sleepsInNonBlockable(state, task) : undefined;
      if (sleeps !== undefined) return sleeps;
    }
    return this.stuck().length > 0 ? findingOfStuck(state, this) : undefined;
  }

  /** Makes one step; the events of it. */
  step(choice: Choice): readonly MmEvent[] {
    const first = this.events.length;
    this.#move(choice);
    return this.events.slice(first);
  }

  #ended(task: number): boolean {
    return isDone(this.state, this.scenario, taskId(task));
  }

  #stands(task: number): boolean {
    return standsAtPoint(this.state, this.scenario, this.#named.points, taskId(task));
  }

  #move({ task, branch }: Choice): void {
    const { state, scenario, model } = this;
    const fold = (body: EventBody): State => this.#fold(body);
    runStep(state, scenario, this.#named.points, taskId(task), branch, fold, model.labels);
  }

  #fold(body: EventBody): State {
    const event = { ...body, index: eventIndex(this.events.length) } as MmEvent;
    const asked = this.#watching.filter(({ rule }) => rule.on.includes(event.type));
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
