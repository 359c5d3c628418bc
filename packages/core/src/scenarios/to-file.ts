/**
 * A scenario as a user's file would say it: where to begin from when writing one.
 *
 * Files say less than programs can: a notifier has the one driver, a registration does not fail. What a file
 * cannot say is refused and not left out.
 */
import {
  endPageExclusive,
  type NotifierId,
  pageOf,
  type RegionId,
  SCENARIO_FILE_VERSION,
  type ScenarioFile,
  type ScenarioFileOperation,
  SimError,
} from "@mmreplay/events";
import { OUTCOME } from "../rules/outcome.ts";
import type { Rule } from "../rules/rule.ts";
import { SEARCH_RULES } from "../rules/search-rules.ts";
import { CORRECT_DRIVER, type Operation, TRIES_UNLIMITED } from "../tasks/operation.ts";
import { VECTOR_POINTS } from "../tasks/runner.ts";
import type { NamedScenario, ScenarioNames } from "./named-scenario.ts";
import { PEER_POINTS } from "./peers.ts";

/**
 * The file of a scenario.
 *
 * @throws SimError `E_SCENARIO_FILE` when no file can say it.
 */
export function fileOfScenario(named: NamedScenario): ScenarioFile {
  const { title, tasks, scenario, points, seqModulus, rules } = named;
  const [setUp = [], ...programs] = scenario.programs;
  const present = scenario.cpu.filter((frame) => frame !== 0).length;
  const cannot = whatCannotBeSaid(named);
  if (cannot !== undefined) throw unsaid(named, cannot);
  const said = (program: readonly Operation[]) => program.map((op) => sayable(op, named));
  return {
    mmreplay: "scenario",
    version: SCENARIO_FILE_VERSION,
    title,
    pages: scenario.pages,
    present,
    ...driverOf(named),
    ...(points === VECTOR_POINTS ? {} : { points: "peers" as const }),
    ...(seqModulus === undefined ? {} : { seqModulus }),
    ...(asksAll(rules) ? {} : { rules: [...new Set(rules.map(({ id }) => id))] }),
    ...(setUp.length === 0 ? {} : { setUp: said(setUp) }),
    tasks: Object.fromEntries(tasks.map((task, at) => [task, said(programs[at] ?? [])])),
  };
}

function driverOf({ scenario: { driver } }: NamedScenario): Pick<ScenarioFile, "driver"> {
  const { bug, nonblock } = driver;
  const said = {
    ...(bug === CORRECT_DRIVER.bug ? {} : { bug }),
    ...(nonblock === CORRECT_DRIVER.nonblock ? {} : { nonblock }),
  };
  return Object.keys(said).length === 0 ? {} : { driver: said };
}

const asksAll = (rules: readonly Rule[]): boolean =>
  SEARCH_RULES.every((rule) => rules.includes(rule));

/** What is beside the programs. */
function whatCannotBeSaid(named: NamedScenario): string | undefined {
  const { scenario, points } = named;
  const { cpu, driver, memory, pageVersions, programs } = scenario;
  const present = cpu.filter((frame) => frame !== 0).length;
  const populates = programs.flat().some(({ op }) => op === "populate");
  if (memory === true) return "memory, which a file cannot say yet";
  if (cpu.some((frame, page) => frame !== (page < present ? page + 1 : 0)))
    return "frames that a file cannot give";
  if (driver.earlyCheck || driver.maxTries !== TRIES_UNLIMITED)
    return "a driver that a file cannot give";
  if ((pageVersions === true) === populates) return "frames that count over all pages";
  if (points !== VECTOR_POINTS && points !== PEER_POINTS) return "points that a file cannot name";
  // A file names rules by their ids, and of some there are two forms.
  const rules = named.rules.filter(({ id }) => id !== OUTCOME);
  const ids = rules.map(({ id }) => id);
  const meant = SEARCH_RULES.filter(({ id }) => ids.includes(id));
  const same = meant.length === rules.length && rules.every((rule) => meant.includes(rule));
  return same ? undefined : "rules that a file cannot name";
}

function sayable(op: Operation, named: NamedScenario): ScenarioFileOperation {
  const said = inWords(op, named.names);
  if (said === undefined) throw unsaid(named, `its ${op.op}`);
  const gives = "gives" in op && op.gives !== undefined ? { gives: op.gives } : {};
  return { ...said, ...gives } as ScenarioFileOperation;
}

/** An operation in the file's words; undefined where it has none. */
function inWords(op: Operation, { notifiers, regions }: ScenarioNames): object | undefined {
  const notifier = (id: NotifierId): string => notifiers[id] ?? `notifier${id}`;
  const region = (id: RegionId): string => regions[id] ?? `region${id}`;
  switch (op.op) {
    case "insert": {
      const { op: _, n, start, length, gives: __, ...special } = op;
      const [from, count] = [pageOf(start), pageOf(length)];
      const plain = count > 0 && Object.values(special).every((value) => !value);
      return plain ? { insert: notifier(n), pages: [from, from + count] } : undefined;
    }
    case "remove":
      return { remove: notifier(op.n) };
    case "fault": {
      const page = op.pageOffset === 0 ? {} : { page: op.pageOffset };
      return { fault: notifier(op.n), ...page, ...(op.np === 1 ? {} : { count: op.np }) };
    }
    case "inv_start": {
      const pages = [pageOf(op.start), endPageExclusive(op.end)];
      const blocks = op.blockable ? {} : { nonblock: true };
      return { start: region(op.sid), pages, event: op.event, ...blocks };
    }
    case "cpu_change":
      return { change: region(op.sid) };
    case "inv_end":
      return op.onlyEnd === true ? undefined : { end: region(op.sid) };
    case "populate":
      return op.np === 1 ? { populate: op.page } : undefined;
    case "mm_exit":
      return { exit: true };
    case "mn_register":
      return op.inject === undefined ? { register: op.m } : undefined;
    case "mn_unregister":
      return { unregister: op.m };
    default:
      return undefined;
  }
}

function unsaid({ name }: NamedScenario, what: string): SimError {
  return new SimError({
    code: "E_SCENARIO_FILE",
    found: `${what} in ${name}`,
    expected: "a scenario that a file can say",
    action: "mmreplay scenario show prints it; docs/scenarios.md has the operations of files.",
  });
}
