/**
 * Whether a task can make its next step: a search and a run ask the same way.
 *
 * A program may be wrong, or a mutant may have made it so: a region that one task ends while another is
 * still starting it is gone under that one's feet. Then the protocol has no answer, and that is a finding.
 */
import {
  type Branch,
  blockedOn,
  DRIVER_ERROR,
  isDone,
  mayRefuse,
  type State,
} from "@mmreplay/core";
import { SimError, taskId } from "@mmreplay/events";
import type { SpaceOptions, StepFinding } from "./step-memory.ts";
import { sleepsInNonBlockable } from "./stuck.ts";

/** What a finding is called that is no rule's: a step that the protocol does not have. */
export const ILLEGAL_EVENT = "illegal-event";

/** What a task does: it moves, it waits, or it is done (or cannot take this branch). */
export interface Readiness {
  readonly kind: "moves" | "waits" | "done";
  /** What is wrong with the waiting. */
  readonly finding?: StepFinding | undefined;
}

/** What a task can do in a state. */
export function readinessOf(
  state: State,
  { scenario, model }: Pick<SpaceOptions, "scenario" | "model">,
  task: number,
  branch: Branch,
): Readiness {
  const id = taskId(task);
  if (isDone(state, scenario, id)) return { kind: "done" };
  try {
    if (branch === "refuse" && !mayRefuse(state, scenario, id, model.labels)) {
      return { kind: "done" };
    }
    const waits = blockedOn(state, scenario, id, branch, model.labels) !== null;
    return waits
      ? { kind: "waits", finding: sleepsInNonBlockable(state, task) }
      : { kind: "moves" };
  } catch (error) {
    const finding = illegalEvent(error);
    // What a refusal would meet the other branch meets, too.
    return branch === "refuse" ? { kind: "done" } : { kind: "waits", finding };
  }
}

/**
 * A step that the protocol does not have is a finding; a driver's definition that says none is an error of
 * its author's, and anything else a programmer's error.
 */
export function illegalEvent(error: unknown): StepFinding {
  if (!(error instanceof SimError) || error.parts.code === DRIVER_ERROR) throw error;
  const { found, expected } = error.parts;
  return {
    rule: ILLEGAL_EVENT,
    message: `The protocol has no such step: it needs ${expected}, and there is ${found}.`,
  };
}
