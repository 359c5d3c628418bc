/**
 * A user's scenario file as a scenario.
 *
 * Names become ids in the order in which they are first mentioned. What the schema cannot see is
 * refused here: a range that is empty or outside, a notifier or region that nobody begins.
 */
import {
  notifierId,
  type ScenarioFile,
  type ScenarioFileOperation,
  SimError,
} from "@mmreplay/events";
import type { Rule } from "../rules/rule.ts";
import { SEARCH_RULES } from "../rules/search-rules.ts";
import type { Operation } from "../tasks/operation.ts";
import * as words from "./litmus.ts";
import type { NamedScenario } from "./named-scenario.ts";
import { PEER_POINTS } from "./peers.ts";

const PAGES_USUAL = 12;
const PRESENT_USUAL = 1;

/** Names of one kind, and their numbers. */
type Names = ReadonlyMap<string, number>;

/** What the operations of a file are read with. */
interface Reading {
  readonly pages: number;
  readonly present: number;
  readonly operations: readonly ScenarioFileOperation[];
  readonly notifiers: Names;
  readonly regions: Names;
}

/**
 * The scenario of a file; `file` is named in errors, and `name` is what it is called.
 *
 * @throws SimError `E_SCENARIO_FILE` at the operation that cannot be meant so.
 */
export function scenarioOfFile(data: ScenarioFile, name: string, file: string): NamedScenario {
  const { title, pages = PAGES_USUAL, present, driver, points, seqModulus, rules } = data;
  const setUp = data.setUp ?? [];
  const all = [setUp, ...Object.values(data.tasks)].flat();
  const reading: Reading = {
    pages,
    present: Math.min(present ?? PRESENT_USUAL, pages),
    operations: all,
    notifiers: named(all, (op) => ("insert" in op ? op.insert : undefined)),
    regions: named(all, startedBy),
  };
  refuseSharedRegions(data, file);
  for (const [task, program] of Object.entries({ setUp, ...prefixed(data.tasks) })) {
    refuseEarlySteps(program, `${file}: "${task}`);
  }
  const programOf = (program: readonly ScenarioFileOperation[], place: string): Operation[] =>
    program.flatMap((op, at) => operationsOf(op, reading, `${file}: "${place}.${at}"`));
  return words.litmus({
    name,
    title,
    source: file,
    pages,
    present: reading.present,
    setUp: programOf(setUp, "setUp"),
    tasks: Object.fromEntries(
      Object.entries(data.tasks).map(([task, program]) => [
        task,
        programOf(program, `tasks.${task}`),
      ]),
    ),
    ...(driver === undefined ? {} : { driver: given(driver) }),
    ...(points === "peers" ? { points: PEER_POINTS } : {}),
    ...(seqModulus === undefined ? {} : { seqModulus }),
    ...(rules === undefined ? {} : { rules: rulesOf(rules, file) }),
    names: {
      notifiers: [...reading.notifiers.keys()],
      regions: [...reading.regions.keys()],
    },
  });
}

/** Without the fields that are absent. */
function given<T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: NonNullable<T[K]> };
}

function named(
  operations: readonly ScenarioFileOperation[],
  nameIn: (op: ScenarioFileOperation) => string | undefined,
): Names {
  const names = new Set(operations.map(nameIn).filter((name) => name !== undefined));
  return new Map([...names].map((name, number) => [name, number]));
}

function rulesOf(ids: readonly string[], file: string): Rule[] {
  const known = [...new Set(SEARCH_RULES.map(({ id }) => id))];
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw refused(`${file}: "rules"`, JSON.stringify(unknown), `one of ${known.join(", ")}`);
  }
  return SEARCH_RULES.filter(({ id }) => ids.includes(id));
}

function operationsOf(op: ScenarioFileOperation, reading: Reading, place: string): Operation[] {
  const notifier = (name: string) =>
    notifierId(numberOf(reading.notifiers, name, "notifier that is inserted", place));
  const region = (name: string): number =>
    numberOf(reading.regions, name, "region that is started", place);
  if ("insert" in op) return [words.insert(notifier(op.insert), ...rangeOf(op, reading, place))];
  if ("remove" in op) return [words.remove(notifier(op.remove))];
  if ("fault" in op) {
    const { page = 0, count = 1 } = op;
    const n = notifier(op.fault);
    refuseAbsentPages(op.fault, page, count, reading, place);
    return [{ op: "fault", n, pageOffset: page, np: count }];
  }
  if ("change" in op) return [words.change(region(op.change))];
  if ("end" in op) return [words.end(region(op.end))];
  if ("populate" in op) return [words.populate(pageOf(op.populate, reading, place))];
  if ("exit" in op) return [words.EXIT];
  if ("register" in op) return [words.register(op.register)];
  if ("unregister" in op) return [words.unregister(op.unregister)];
  const options = { event: op.event ?? "CLEAR", blockable: op.nonblock !== true };
  const range = rangeOf(op, reading, place);
  return "start" in op
    ? [words.start(region(op.start), ...range, options)]
    : [...words.clear(region(op.invalidate), ...range, options)];
}

/** A region belongs to the program that starts it: another one would start it while it is open. */
function refuseSharedRegions({ setUp = [], tasks }: ScenarioFile, file: string): void {
  const starters = new Map<string, string>();
  for (const [task, program] of [["set-up", setUp] as const, ...Object.entries(tasks)]) {
    for (const [at, op] of program.entries()) {
      const region = startedBy(op);
      if (region === undefined) continue;
      const first = starters.get(region) ?? task;
      starters.set(region, first);
      if (first === task) continue;
      const found = `the region ${JSON.stringify(region)}, which ${first} starts, too`;
      throw refused(`${file}: "tasks.${task}.${at}"`, found, "a name of its own for each");
    }
  }
}

function prefixed(tasks: ScenarioFile["tasks"]): ScenarioFile["tasks"] {
  return Object.fromEntries(
    Object.entries(tasks).map(([task, program]) => [`tasks.${task}`, program]),
  );
}

/** A change or an end before the start of its region would be left out. */
function refuseEarlySteps(program: readonly ScenarioFileOperation[], place: string): void {
  for (const [at, op] of program.entries()) {
    const region = "change" in op ? op.change : "end" in op ? op.end : undefined;
    if (region === undefined) continue;
    const start = program.findIndex((one) => startedBy(one) === region);
    if (start <= at) continue;
    const step = "change" in op ? "the change" : "the end";
    throw refused(`${place}.${at}"`, `${step} of ${region} before its start`, "it after the start");
  }
}

function startedBy(op: ScenarioFileOperation): string | undefined {
  if ("invalidate" in op) return op.invalidate;
  return "start" in op ? op.start : undefined;
}

/** A fault of a page that never is there stores nothing, and a search of it finds nothing. */
function refuseAbsentPages(
  name: string,
  page: number,
  count: number,
  { present, operations }: Reading,
  place: string,
): void {
  const inserted = operations.find((op) => "insert" in op && op.insert === name);
  const [from, to] = inserted !== undefined && "insert" in inserted ? inserted.pages : [0, 0];
  if (page + count > to - from) {
    const found = `a fault of page ${page + count - 1} of ${name}`;
    throw refused(place, found, `a page of ${name} from 0 to ${to - from - 1}`);
  }
  const filled = operations.flatMap((op) => ("populate" in op ? [op.populate] : []));
  const pages = Array.from({ length: count }, (_, at) => from + page + at);
  const absent = pages.find((one) => one >= present && !filled.includes(one));
  if (absent === undefined) return;
  const found = `a fault of page ${absent}, which nobody fills`;
  throw refused(place, found, `"present": ${absent + 1} or more, or {"populate": ${absent}}`);
}

function rangeOf(
  { pages: [from, to] }: { pages: readonly [number, number] },
  { pages }: Reading,
  place: string,
): [number, number] {
  if (from < to && to <= pages) return [from, to];
  throw refused(place, `the pages [${from}, ${to}]`, `a range that is not empty, up to ${pages}`);
}

function pageOf(page: number, { pages }: Reading, place: string): number {
  if (page < pages) return page;
  throw refused(place, `page ${page}`, `a page below ${pages}`);
}

function numberOf(names: Names, name: string, what: string, place: string): number {
  const number = names.get(name);
  if (number !== undefined) return number;
  const known = [...names.keys()].join(", ") || "none is";
  throw refused(place, `the name ${JSON.stringify(name)}`, `a ${what} (${known})`);
}

function refused(place: string, found: string, expected: string): SimError {
  const action = "Ranges are in pages, half-open; docs/scenarios.md has an example.";
  return new SimError({ code: "E_SCENARIO_FILE", place, found, expected, action });
}
