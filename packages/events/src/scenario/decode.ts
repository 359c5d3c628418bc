/**
 * A scenario file from JSON, or a sentence about what is wrong with it.
 *
 * Each sentence begins with the line. The operations are decoded by their verbs: what is missing is then
 * said of the one form that was meant, and not of all.
 */
import type { z } from "zod";
import { excerpt } from "../import/printable.ts";
import { issueText } from "../journal/schema-issue.ts";
import { SimError } from "../sim-error.ts";
import { didYouMean } from "../vocabulary/near-match.ts";
import { type FilePlace, placesOfFile } from "./file-place.ts";
import { type JsonPath, type JsonPlaces, placesIn } from "./json-places.ts";
import {
  SCENARIO_OPERATIONS,
  SCENARIO_TASKS_MAX,
  type ScenarioFile,
  type ScenarioFileOperation,
  type ScenarioVerb,
  scenarioFrameSchema,
} from "./scenario-file.ts";

const FORMAT =
  "docs/scenarios.md has an example, packages/events/schema/scenario.schema.json the format.";
const VERBS = Object.keys(SCENARIO_OPERATIONS) as ScenarioVerb[];

/**
 * The scenario that a JSON text describes; `file` is named in errors.
 *
 * @throws SimError `E_SCENARIO_JSON` when the text is no JSON, `E_SCENARIO_TWICE` when a key stands
 * twice in one object, `E_SCENARIO_FILE` when its shape is wrong.
 * @example
 * ```ts
 * const text = '{"mmreplay":"scenario","version":1,"title":"","tasks":{}}';
 * decodeScenario(text.replace('""', '"Nobody"'), "mine.json").title; // "Nobody"
 * ```
 */
export function decodeScenario(jsonText: string, file: string): ScenarioFile {
  const json = parsed(jsonText, file);
  const place = placesOfFile(file, jsonText);
  const result = scenarioFrameSchema.safeParse(json);
  if (!result.success) {
    const issues = misspeltFirst(result.error.issues);
    const known = Object.keys(scenarioFrameSchema.shape);
    throw wrong(issueText(issues, json, known), place(pathOf(issues)));
  }
  const { setUp = [], tasks, ...outer } = result.data;
  const count = Object.keys(tasks).length;
  if (count > SCENARIO_TASKS_MAX) {
    const expected = `up to ${SCENARIO_TASKS_MAX} tasks`;
    throw wrong({ found: `${count} tasks`, expected, hint: "" }, place(["tasks"]));
  }
  const programOf = (program: readonly object[], path: JsonPath): ScenarioFileOperation[] =>
    program.map((operation, at) => operationOf(operation, place, [...path, at]));
  return {
    ...outer,
    setUp: programOf(setUp, ["setUp"]),
    tasks: Object.fromEntries(
      Object.entries(tasks).map(([task, program]) => [task, programOf(program, ["tasks", task])]),
    ),
  };
}

function operationOf(operation: object, place: FilePlace, path: JsonPath): ScenarioFileOperation {
  const keys = Object.keys(operation);
  const verb = VERBS.find((one) => keys.includes(one));
  if (verb === undefined) {
    const [first = ""] = keys;
    const found = keys.length === 0 ? "an empty operation" : `the operation ${excerpt(first)}`;
    const expected = `one of ${VERBS.join(", ")}`;
    throw wrong({ found, expected, hint: didYouMean(first, VERBS) }, place(path));
  }
  const schema = SCENARIO_OPERATIONS[verb];
  const result = schema.safeParse(operation);
  if (result.success) return result.data;
  const issues = misspeltFirst(result.error.issues);
  const text = issueText(issues, operation, Object.keys(schema.shape));
  throw wrong(text, place([...path, ...pathOf(issues)]));
}

/** A field that is misspelt is missing, too: what is there says more. */
function misspeltFirst(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const isUnknown = ({ code }: z.core.$ZodIssue): boolean => code === "unrecognized_keys";
  return [...issues.filter(isUnknown), ...issues.filter((issue) => !isUnknown(issue))];
}

/** Where the first issue is; of an unknown field it is that field. */
function pathOf([issue]: readonly z.core.$ZodIssue[]): JsonPath {
  const key = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  return [...(issue?.path ?? []), ...key].map((step) =>
    typeof step === "symbol" ? String(step) : step,
  );
}

function wrong(text: ReturnType<typeof issueText>, place: string): SimError {
  const { found, expected, hint } = text;
  return new SimError({ code: "E_SCENARIO_FILE", place, found, expected, action: hint || FORMAT });
}

function twice(key: string, place: string): SimError {
  return new SimError({
    code: "E_SCENARIO_TWICE",
    place,
    found: `the key ${excerpt(key)}${key === "__proto__" ? "" : " twice in one object"}`,
    expected: "each key once, and no __proto__",
    action: "Remove the one that is not meant.",
  });
}

/** What `JSON.parse` takes, unless it would drop something. */
function parsed(text: string, file: string): unknown {
  const places = placesIn(text);
  const { lost, placeOf } = places;
  const json = parsedAt(text, places, file);
  if (lost !== undefined) throw twice(lost.key, `${file}:${placeOf(lost.offset)}`);
  return json;
}

function parsedAt(text: string, { error, placeOf }: JsonPlaces, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { offset, found, expected } = error ?? { offset: 0, found: "this", expected: "JSON" };
    throw new SimError({
      code: "E_SCENARIO_JSON",
      place: `${file}:${placeOf(offset)}`,
      found,
      expected,
      action: `A scenario is JSON, without comments. ${FORMAT}`,
    });
  }
}
