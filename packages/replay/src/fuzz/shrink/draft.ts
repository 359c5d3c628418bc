/**
 * A workload in the middle of being made smaller: its operations remember where they come from.
 *
 * A failing schedule of the larger workload is tried on the smaller one first, without the steps of what is gone.
 * So each operation of a candidate knows its task and its place in the workload that it was cut from.
 */
import type { Operation, Scenario } from "@mmreplay/core";
import type { MmId } from "@mmreplay/events";
import type { Workload } from "../workload.ts";

/** Where an operation stands: a task, and its place in that task's program. */
export interface Place {
  readonly task: number;
  readonly pc: number;
}

/** An operation, and where it stood. */
export interface Line {
  readonly op: Operation;
  readonly from: Place;
}

/** Programs in lines; whatever else a scenario has is as it was. */
export interface Draft {
  readonly rest: Omit<Scenario, "programs" | "processes">;
  readonly seqModulus: number | undefined;
  readonly programs: readonly (readonly Line[])[];
  /** The process of each task; undefined: there is one. */
  readonly processes: readonly MmId[] | undefined;
}

/** A smaller workload, and where each of its operations stood in the larger one. */
export interface Candidate {
  readonly workload: Workload;
  /** By task, then by place. */
  readonly origins: readonly (readonly Place[])[];
}

/** The draft of a workload as it is. */
export function draftOf({ scenario, seqModulus }: Workload): Draft {
  const { programs, processes, ...rest } = scenario;
  return {
    rest,
    seqModulus,
    processes,
    programs: programs.map((program, task) =>
      program.map((op, pc): Line => ({ op, from: { task, pc } })),
    ),
  };
}

/** The candidate of a draft. */
export function candidateOf({ rest, seqModulus, programs, processes }: Draft): Candidate {
  const scenario: Scenario = {
    ...rest,
    programs: programs.map((program) => program.map(({ op }) => op)),
    ...(processes === undefined ? {} : { processes }),
  };
  return {
    workload: { scenario, ...(seqModulus === undefined ? {} : { seqModulus }) },
    origins: programs.map((program) => program.map(({ from }) => from)),
  };
}

/** The draft without some of its lines. */
export function without(draft: Draft, gone: (line: Line, task: number) => boolean): Draft {
  return {
    ...draft,
    programs: draft.programs.map((program, task) => program.filter((line) => !gone(line, task))),
  };
}

/** The draft with its operations changed. */
export function changed(draft: Draft, change: (op: Operation) => Operation): Draft {
  return {
    ...draft,
    programs: draft.programs.map((program) =>
      program.map(({ op, from }) => ({ op: change(op), from })),
    ),
  };
}

/** The draft without some of its tasks. */
export function withoutTasks(draft: Draft, gone: (task: number) => boolean): Draft {
  const { programs, processes } = draft;
  return {
    ...draft,
    programs: programs.filter((_, task) => !gone(task)),
    processes: processes?.filter((_, task) => !gone(task)),
  };
}
