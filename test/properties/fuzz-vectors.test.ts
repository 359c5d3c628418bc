/**
 * The rules against what the kernel's own code did: no beginning of a recorded execution breaks one, wherever its
 * threads go from there; and no recorded value can be changed without the comparison noticing.
 */
import type { VectorHeader, VectorLine, VectorStep } from "@mmreplay/events";
import { taskId } from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scenarioOf } from "../../packages/replay/src/conform/scenario-of.ts";
import { runs } from "../support/fuzzing.ts";
import { listedChoices } from "../support/random.ts";
import { watchRules } from "../support/rule-watch.ts";
import { startRun } from "../support/run.ts";
import { runFreely } from "../support/schedule.ts";
import {
  COPIED_FILES,
  compare,
  copiedVectors,
  SHARED_FILES,
  SHARED_VECTORS,
  sharedVectors,
} from "../support/vectors.ts";

/** An execution: what it begins with, its steps, and all its lines. */
interface Execution {
  readonly header: VectorHeader;
  readonly steps: readonly VectorStep[];
  readonly lines: readonly VectorLine[];
}

/** Executions of a file that are taken; a file has hundreds. */
const EXECUTIONS_MAX = 40;

function executionsOf(lines: readonly VectorLine[]): Execution[] {
  const starts = lines.flatMap(({ t }, at) => (t === "exec" ? [at] : []));
  return starts.slice(0, EXECUTIONS_MAX).map((from, which) => {
    const own = lines.slice(from, starts[which + 1] ?? lines.length);
    return {
      header: own[0] as VectorHeader,
      steps: own.filter((line): line is VectorStep => line.t === "step"),
      lines: own,
    };
  });
}

/** Drivers without a bug, and callers that do nothing that is forbidden. */
const isRight = (name: string): boolean => !/bug|misuse/.test(name);

const FILES = (SHARED_VECTORS ? SHARED_FILES : COPIED_FILES).filter(isRight);
const read = SHARED_VECTORS ? sharedVectors : copiedVectors;

/** Executions of some files: to read all of them takes longer than to run them. */
const SOME = FILES.filter((name) => /p0[1278]|p1[0-5]/.test(name));
const EXECUTIONS: readonly Execution[] = SOME.flatMap((name) => executionsOf(read(name)));

/** Where the driver could answer either way, the record says how it did. */
function refuses({ op, args, ret }: VectorStep): boolean {
  if (op === "cb_refuse") return true;
  return op === "mn_start_cb" && args["m"] === 1 && !args["blockable"] && ret["rc"] === -11;
}

/** The vectors' driver faults without a user of the mm. */
const KNOWN: readonly string[] = ["K-I31"];

const anyExecution = fc.constantFrom(...EXECUTIONS);
const anyChoices = fc.array(fc.nat({ max: 9_999 }), { maxLength: 200, size: "max" });

describe("the rules", () => {
  it("hold in every beginning of a recorded execution, and however its threads go on", () => {
    let [recorded, free] = [0, 0];
    fc.assert(
      fc.property(anyExecution, fc.nat(), anyChoices, ({ header, steps }, cut, list) => {
        const watch = watchRules();
        const run = startRun(scenarioOf(header), { watch });
        const beginning = steps.slice(0, cut % (steps.length + 1));
        for (const step of beginning) {
          const task = step.thread === -1 ? run.scenario.programs.length : step.thread;
          run.step(taskId(task), refuses(step) ? "refuse" : "default");
        }
        recorded += run.events.length;
        const stuck = run.enabled().length === 0;
        if (!stuck) runFreely(run, listedChoices(list));
        free += run.events.length;
        watch.end(run.state);
        expect(watch.violated().filter((id) => !KNOWN.includes(id))).toEqual([]);
      }),
      runs(75),
    );
    expect(recorded).toBeGreaterThan(1_000);
    expect(free).toBeGreaterThan(recorded);
  });
});

/** Places of the values in a step that a comparison looks at, as paths. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]));
}

/** Another value of the same kind. */
function another(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  return typeof value === "string" ? `${value}1` : 1;
}

function changedAt(value: unknown, path: readonly (string | number)[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return another(value);
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = changedAt(copy[key], rest);
  return copy;
}

describe("the comparison", () => {
  it("notices any value of any step that is changed", () => {
    const fields = new Set<string>();
    fc.assert(
      fc.property(anyExecution, fc.nat(), fc.nat(), ({ lines, steps }, which, place) => {
        const step = steps[which % steps.length];
        if (step === undefined) return;
        const { thread, op, pc, args, ret, state } = step;
        const places = placesIn({ thread, op, pc, args, ret, state });
        const path = places[place % places.length] ?? [];
        const changed = changedAt(step, path) as VectorLine;
        const after = lines.map((line) => (line === step ? changed : line));
        expect(compare(lines).mismatches).toEqual([]);
        expect(compare(after).mismatches.length, path.join(".")).toBeGreaterThan(0);
        fields.add(path.slice(0, 2).join("."));
      }),
      runs(150),
    );
    expect(fields.size).toBeGreaterThan(15);
  });
});
