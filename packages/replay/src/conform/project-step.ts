/**
 * A step as the vectors write it down: op, args, ret, warn (../shared/vectors/README.md, section 5).
 *
 * The step's name and arguments follow from the label at which it began; what it returned follows
 * from its events, seen with the state just before and just after each.
 */
import {
  isFreed,
  openRegion,
  placeOf,
  SCENARIO_MM,
  type Scenario,
  type State,
} from "@mmreplay/core";
import type { EventBody, TaskId } from "@mmreplay/events";
import { opName } from "./op-name.ts";
import { argsAfter, argsBefore } from "./step-args.ts";
import type { StepDraft } from "./step-draft.ts";
import { returnAfter, returnBefore } from "./step-returns.ts";

/** A recorded step without its state. */
export interface ProjectedStep {
  op: string;
  args: Record<string, unknown>;
  ret: Record<string, unknown>;
  done: boolean;
  warn: string[];
}

/** Watches one step of a task and says afterwards what the vectors would record of it. */
export class StepObserver {
  readonly #state: State;
  readonly #draft: StepDraft;
  readonly #task: TaskId;
  readonly #wasFreed: boolean;
  readonly #args: Record<string, unknown>;

  constructor(state: State, scenario: Scenario, task: TaskId) {
    const at = placeOf(state, scenario, task);
    if (at === undefined) throw new Error(`task ${task} has nothing to run`);
    this.#state = state;
    this.#task = task;
    this.#wasFreed = isFreed(at.mm);
    const region = at.me.region === null ? undefined : openRegion(at.mm, at.me.region);
    this.#draft = {
      label: at.me.label === "start" ? at.op.op : at.me.label,
      op: at.op,
      events: [],
      region: region === undefined ? undefined : { ...region },
      ret: {},
      warn: [],
    };
    this.#args = argsBefore(this.#draft, at);
  }

  /** An event is about to be applied. */
  before(event: EventBody): void {
    this.#draft.events.push(event);
    returnBefore(this.#draft, event, this.#state);
  }

  /** The event was applied. */
  after(event: EventBody): void {
    returnAfter(this.#draft, event, this.#state, this.#task);
  }

  /** The step is over. */
  result(): ProjectedStep {
    const { events, ret, warn } = this.#draft;
    const mm = this.#state.mms[SCENARIO_MM];
    if (mm !== undefined && isFreed(mm) && !this.#wasFreed) ret["mm_freed"] = true;
    const first = events[0];
    if (first?.type === "task_skip") {
      const sid = "sid" in this.#draft.op ? { sid: this.#draft.op.sid } : {};
      return {
        op: "skip",
        args: { of: first.of, ...sid },
        ret: { why: first.why },
        done: true,
        warn,
      };
    }
    return {
      op: opName(this.#draft.label, events),
      args: { ...this.#args, ...argsAfter(this.#draft) },
      ret,
      done: events.at(-1)?.goto === "next",
      warn,
    };
  }
}
