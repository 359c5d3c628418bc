/**
 * A user's scenario file as a scenario.
 *
 * Names become ids in the order in which they are first mentioned. What the schema cannot see is
 * refused at its line: a name that nobody begins, pages that are not there, an operation that no run could
 * carry out, a file without tasks. What some runs only leave out stays: a race decides it.
 */
import {
  didYouMean,
  type JsonPath,
  notifierId,
  placesOfFile,
  type ScenarioFile,
  type ScenarioFileOperation,
} from "@mmreplay/events";
import { OUTCOME, outcomeRule, saysOutcomes } from "../rules/outcome.ts";
import type { Rule } from "../rules/rule.ts";
import { SEARCH_RULES } from "../rules/search-rules.ts";
import type { Operation, Outcome } from "../tasks/operation.ts";
import {
  type PlacedOperation,
  type PlacedProgram,
  placedPrograms,
  type Refuse,
  refuseAt,
  startedBy,
} from "./file-operations.ts";
import { refuseNeverApplying } from "./file-order.ts";
import { refuseWrongPages } from "./file-pages.ts";
import * as words from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";
import { PEER_POINTS } from "./peers.ts";

const PAGES_USUAL = 12;
const PRESENT_USUAL = 1;

/** Names of one kind, and their numbers. */
type Names = ReadonlyMap<string, number>;

/** What the operations of a file are read with. */
interface Reading {
  readonly notifiers: Names;
  readonly regions: Names;
  readonly refuse: Refuse;
}

/**
 * The scenario of a file, which is called `name`; errors name `file`, and with its text the line.
 *
 * @throws SimError `E_SCENARIO_FILE` at the operation that cannot be meant so.
 */
export function scenarioOfFile(
  data: ScenarioFile,
  name: string,
  file: string,
  text?: string,
): NamedScenario {
  const { title, pages = PAGES_USUAL, driver, points, seqModulus, rules } = data;
  const present = data.present ?? Math.min(PRESENT_USUAL, pages);
  const programs = placedPrograms(data);
  const all = programs.flatMap(({ operations }) => operations);
  const refuse = refuseAt(placesOfFile(file, text));
  const reading: Reading = {
    notifiers: named(all, (op) => ("insert" in op ? op.insert : undefined)),
    regions: named(all, startedBy),
    refuse,
  };
  const [setUp = [], ...tasks] = programs.map(({ operations }) =>
    operations.flatMap((one) => operationsOf(one, reading)),
  );
  refuseSharedRegions(programs, refuse);
  refuseNeverApplying(programs, refuse);
  refuseWrongPages(all, { pages, present }, refuse);
  if (tasks.length === 0) throw refuse(["tasks"], NO_TASK);
  const asked = rulesOf(rules, [setUp, ...tasks], refuse);
  return words.litmus({
    name,
    title,
    source: file,
    pages,
    present,
    setUp,
    tasks: Object.fromEntries(Object.keys(data.tasks).map((task, at) => [task, tasks[at] ?? []])),
    ...(driver === undefined ? {} : { driver: given(driver) }),
    ...(points === "peers" ? { points: PEER_POINTS } : {}),
    ...(seqModulus === undefined ? {} : { seqModulus }),
    rules: asked,
    names: {
      notifiers: [...reading.notifiers.keys()],
      regions: [...reading.regions.keys()],
    },
  });
}

const NO_TASK = {
  found: "no task",
  expected: "one task or more beside the set-up",
  action: "What a search tries is the order in which the steps of tasks follow one another.",
};

/** Without the fields that are absent. */
function given<T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: NonNullable<T[K]> };
}

function named(
  operations: readonly PlacedOperation[],
  nameIn: (op: ScenarioFileOperation) => string | undefined,
): Names {
  const names = new Set(
    operations.map(({ op }) => nameIn(op)).filter((name) => name !== undefined),
  );
  return new Map([...names].map((name, number) => [name, number]));
}

/** The rules that are named, or all; and what the operations may give, where they say it. */
function rulesOf(
  ids: readonly string[] | undefined,
  programs: readonly (readonly Operation[])[],
  refuse: Refuse,
): readonly Rule[] {
  const outcomes = saysOutcomes(programs);
  const known = [...new Set(SEARCH_RULES.map(({ id }) => id)), ...(outcomes ? [OUTCOME] : [])];
  const at = ids?.findIndex((id) => !known.includes(id)) ?? -1;
  const unknown = ids?.[at];
  if (unknown !== undefined) {
    throw refuse(["rules", at], {
      found: JSON.stringify(unknown),
      expected: `one of ${known.join(", ")}`,
      action: didYouMean(unknown, known) || "docs/rules.md says what each of them asks.",
    });
  }
  const asked =
    ids === undefined ? SEARCH_RULES : SEARCH_RULES.filter(({ id }) => ids.includes(id));
  return outcomes ? [...asked, outcomeRule(programs)] : asked;
}

function operationsOf({ op, path }: PlacedOperation, reading: Reading): Operation[] {
  const notifier = (name: string) => {
    const { notifiers, refuse } = reading;
    return notifierId(numberOf(notifiers, name, ["notifier", "insert"], path, refuse));
  };
  const region = (name: string): number =>
    numberOf(reading.regions, name, ["region", "start"], path, reading.refuse);
  if ("insert" in op) return [giving(words.insert(notifier(op.insert), ...op.pages), op)];
  if ("remove" in op) return [words.remove(notifier(op.remove))];
  if ("fault" in op) {
    const { page = 0, count = 1 } = op;
    const fault = { op: "fault" as const, n: notifier(op.fault), pageOffset: page, np: count };
    return [giving(fault, op)];
  }
  if ("change" in op) return [words.change(region(op.change))];
  if ("end" in op) return [words.end(region(op.end))];
  if ("populate" in op) return [words.populate(op.populate)];
  if ("exit" in op) return [words.EXIT];
  if ("register" in op) return [giving(words.register(op.register), op)];
  if ("unregister" in op) return [words.unregister(op.unregister)];
  const { event = "CLEAR", nonblock = false, pages } = op;
  if (event === "RELEASE") throw reading.refuse([...path, "event"], RELEASE);
  const options = { event, blockable: !nonblock };
  const id = region("start" in op ? op.start : op.invalidate);
  const start = giving(words.start(id, ...pages, options), op);
  return "start" in op ? [start] : [start, words.change(id), words.end(id)];
}

/** With the results that the file allows. */
function giving(
  operation: Operation,
  { gives }: { readonly gives?: readonly Outcome[] | undefined },
): Operation {
  return gives === undefined ? operation : ({ ...operation, gives } as Operation);
}

const RELEASE = {
  found: "a region with the event RELEASE",
  expected: '{"exit": true}',
  action: "Only the exit of the last user releases; it does so over all pages.",
};

/** A region belongs to the program that starts it: another one would start it while it is open. */
function refuseSharedRegions(programs: readonly PlacedProgram[], refuse: Refuse): void {
  const starters = new Map<string, string>();
  for (const { name, operations } of programs) {
    for (const { op, path } of operations) {
      const region = startedBy(op);
      if (region === undefined) continue;
      const first = starters.get(region) ?? name;
      starters.set(region, first);
      if (first === name) continue;
      throw refuse(path, {
        found: `the region ${JSON.stringify(region)}, which ${first} starts, too`,
        expected: "a name of its own for each",
        action: "Regions of two tasks may overlap, in pages and in time; they are two.",
      });
    }
  }
}

function numberOf(
  names: Names,
  name: string,
  [kind, verb]: readonly [string, string],
  path: JsonPath,
  refuse: Refuse,
): number {
  const number = names.get(name);
  if (number !== undefined) return number;
  const known = [...names.keys()];
  throw refuse(path, {
    found: `the name ${JSON.stringify(name)}`,
    expected: `a ${kind} that is ${verb}ed (${known.join(", ") || "none is"})`,
    action: didYouMean(name, known) || `Write {"${verb}": "${name}", "pages": [0, 4]} before it.`,
  });
}
