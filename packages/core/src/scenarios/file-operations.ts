/**
 * The operations of a scenario file with their places, and how one is refused.
 *
 * An error says the line of the operation, what it says, what it would have to say, and what to do; so every
 * check takes operations in this form.
 */
import {
  type FilePlace,
  type JsonPath,
  type ScenarioFile,
  type ScenarioFileOperation,
  SimError,
} from "@mmreplay/events";

/** One operation, and where it stands. */
export interface PlacedOperation {
  readonly op: ScenarioFileOperation;
  readonly path: JsonPath;
}

/** One program: the set-up or that of a task. */
export interface PlacedProgram {
  readonly name: string;
  readonly operations: readonly PlacedOperation[];
}

/** What is wrong, in the parts of an error. */
export interface Mistake {
  readonly found: string;
  readonly expected: string;
  readonly action: string;
}

/** Makes the error at a place of the file. */
export type Refuse = (path: JsonPath, mistake: Mistake) => SimError;

/** The programs, the set-up first. */
export function placedPrograms({ setUp = [], tasks }: ScenarioFile): PlacedProgram[] {
  const placed = (name: string, program: readonly ScenarioFileOperation[], path: JsonPath) => ({
    name,
    operations: program.map((op, at) => ({ op, path: [...path, at] })),
  });
  return [
    placed("the set-up", setUp, ["setUp"]),
    ...Object.entries(tasks).map(([task, program]) => placed(task, program, ["tasks", task])),
  ];
}

/** Refuses at the places of a file. */
export function refuseAt(place: FilePlace): Refuse {
  return (path, mistake) =>
    new SimError({ code: "E_SCENARIO_FILE", place: place(path), ...mistake });
}

/** The region that an operation starts. */
export function startedBy(op: ScenarioFileOperation): string | undefined {
  if ("invalidate" in op) return op.invalidate;
  return "start" in op ? op.start : undefined;
}
