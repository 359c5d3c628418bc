/**
 * A scenario file from JSON, or a sentence about what is wrong with it.
 *
 * The operations are decoded by their verbs: what is missing is then said of the one form that was
 * meant, and not of all.
 */
import { excerpt } from "../import/printable.ts";
import { issueText } from "../journal/schema-issue.ts";
import { lostKey } from "../profile/repeated-key.ts";
import { SimError } from "../sim-error.ts";
import { didYouMean } from "../vocabulary/near-match.ts";
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
  const key = lostKey(jsonText);
  if (key !== undefined) throw twice(key, file);
  const result = scenarioFrameSchema.safeParse(json);
  if (!result.success) {
    const known = Object.keys(scenarioFrameSchema.shape);
    throw wrong(issueText(result.error.issues, json, known), file);
  }
  const { setUp = [], tasks, ...outer } = result.data;
  const count = Object.keys(tasks).length;
  if (count > SCENARIO_TASKS_MAX) {
    const expected = `up to ${SCENARIO_TASKS_MAX} tasks`;
    throw wrong({ found: `${count} tasks`, expected, hint: "" }, `${file}: "tasks"`);
  }
  const programOf = (program: readonly object[], place: string): ScenarioFileOperation[] =>
    program.map((operation, at) => operationOf(operation, `${file}: "${place}.${at}"`));
  return {
    ...outer,
    setUp: programOf(setUp, "setUp"),
    tasks: Object.fromEntries(
      Object.entries(tasks).map(([task, program]) => [task, programOf(program, `tasks.${task}`)]),
    ),
  };
}

function operationOf(operation: object, place: string): ScenarioFileOperation {
  const keys = Object.keys(operation);
  const verb = VERBS.find((one) => keys.includes(one));
  if (verb === undefined) {
    const [first = ""] = keys;
    const found = keys.length === 0 ? "an empty operation" : `the operation ${excerpt(first)}`;
    const expected = `one of ${VERBS.join(", ")}`;
    throw wrong({ found, expected, hint: didYouMean(first, VERBS) }, place);
  }
  const schema = SCENARIO_OPERATIONS[verb];
  const result = schema.safeParse(operation);
  if (result.success) return result.data;
  const known = Object.keys(schema.shape);
  throw wrong(issueText(result.error.issues, operation, known), place);
}

function wrong(text: ReturnType<typeof issueText>, place: string): SimError {
  const { found, expected, hint } = text;
  return new SimError({ code: "E_SCENARIO_FILE", place, found, expected, action: hint || FORMAT });
}

function twice(key: string, file: string): SimError {
  return new SimError({
    code: "E_SCENARIO_TWICE",
    place: file,
    found: `the key ${excerpt(key)}${key === "__proto__" ? "" : " twice in one object"}`,
    expected: "each key once, and no __proto__",
    action: "Remove the one that is not meant.",
  });
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new SimError({
      code: "E_SCENARIO_JSON",
      place: file,
      found: `text that is not JSON (${excerpt(why)})`,
      expected: "a scenario in JSON",
      action: FORMAT,
    });
  }
}
