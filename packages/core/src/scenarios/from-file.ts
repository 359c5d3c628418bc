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

/** Names of one kind, and their numbers. */
type Names = ReadonlyMap<string, number>;

/** What the operations of a file are read with. */
interface Reading {
  readonly pages: number;
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
    notifiers: named(all, (op) => ("insert" in op ? op.insert : undefined)),
    regions: named(all, (op) =>
      "invalidate" in op ? op.invalidate : "start" in op ? op.start : undefined,
    ),
  };
  const programOf = (program: readonly ScenarioFileOperation[], place: string): Operation[] =>
    program.flatMap((op, at) => operationsOf(op, reading, `${file}: "${place}.${at}"`));
  return words.litmus({
    name,
    title,
    source: file,
    pages,
    present: Math.min(present ?? 1, pages),
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
    return [{ op: "fault", n: notifier(op.fault), pageOffset: page, np: count }];
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
