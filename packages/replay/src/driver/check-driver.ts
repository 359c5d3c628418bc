/**
 * A driver of the user's own under all that is asked of one.
 *
 * Small scenarios are searched whole; where a rule is broken the search is made again without that rule, so
 * that what it hid is seen, too. Of large ones schedules are drawn; what fails there is searched for, nearest
 * first, until the shortest run is known or a bound is met.
 */
import {
  changeOfDriver,
  DRIVER_SCENARIOS,
  type Driver,
  type DriverScenario,
  type ModelChange,
  type NamedScenario,
  type Rule,
} from "@mmreplay/core";
import { didYouMean, SimError } from "@mmreplay/events";
import { type ExploreFinding, explore } from "../explore/explore.ts";
import { encodeSchedule } from "../explore/schedule.ts";
import { orderOfSchedule, tableOfSchedule } from "../explore/table-of-schedule.ts";
import { type RoundFailure, Rounds } from "../fuzz/round.ts";
import type { DriverFinding, DriverReport } from "./driver-report.ts";
import { createTally, type Tally } from "./tally.ts";

/** How to check; every bound that cuts something makes rules undecided, and the report says so. */
export interface CheckDriverOptions {
  /** States of one search; default 1,000,000. */
  readonly maxStates?: number;
  /** Schedules that are drawn of each large scenario; default 1,000. */
  readonly schedules?: number;
  /** Steps of one of them; default 2,000. */
  readonly maxSteps?: number;
  /** Of what is drawn; default 1. */
  readonly seed?: number;
  /** Stops at the first scenario that fails, or that a bound has cut; default: no. */
  readonly stopAtFirst?: boolean;
  /** Names of scenarios, to ask only these; default: all. */
  readonly scenarios?: readonly string[];
}

interface Checking extends Required<Omit<CheckDriverOptions, "scenarios" | "stopAtFirst">> {
  readonly change: ModelChange;
  readonly tally: Tally;
}

/** States of a large scenario in which a shortest failing run is looked for; more take too long. */
const SHORTEST_STATES_MAX = 200_000;

/** What one scenario came to. */
interface Counts {
  readonly states: number;
  readonly whole: boolean;
  readonly failed: boolean;
  /** A bound has cut its search. */
  readonly cut: boolean;
  readonly schedules: number;
  readonly steps: number;
}

/**
 * Checks a driver, rule by rule.
 *
 * @throws SimError `E_DRIVER` when a step is none, `E_SCENARIO` when a scenario is not known.
 * @example
 * ```ts
 * const deaf = defineDriver({
 *   name: "deaf",
 *   faultPath: { start: { do: "return", result: "failed" } },
 *   invalidate: { start: { do: "return", result: true } },
 * });
 * const { rules } = checkDriver(deaf, { scenarios: ["driver/clear"] });
 * rules[0]?.rule; // "K-I12"
 * rules[0]?.finding?.length; // 1
 * ```
 */
export function checkDriver(driver: Driver, options: CheckDriverOptions = {}): DriverReport {
  const {
    maxStates = 1_000_000,
    schedules = 1_000,
    maxSteps = 2_000,
    seed = 1,
    stopAtFirst = false,
  } = options;
  const change = changeOfDriver(driver);
  const tally = createTally();
  const checking = { maxStates, schedules, maxSteps, seed, change, tally };
  const counts: Counts[] = [];
  const asked = askedScenarios(options.scenarios);
  const drawn = asked.filter(({ large }) => large === true);
  for (const scenario of asked) {
    const { named, large } = scenario;
    const one = large === true ? draw(checking, named) : search(checking, named);
    counts.push(one);
    if (stopAtFirst && (one.failed || one.cut)) break;
  }
  const rules = tally.rules();
  const sum = (of: (one: Counts) => number): number =>
    counts.reduce((all, one) => all + of(one), 0);
  const large = Math.max(0, counts.length - (asked.length - drawn.length));
  return {
    driver: driver.name,
    ok: rules.every(({ outcome }) => outcome === "held"),
    rules,
    searched: counts.length - large,
    whole: sum(({ whole }) => Number(whole)),
    states: sum(({ states }) => states),
    large,
    schedules: sum((one) => one.schedules),
    steps: sum(({ steps }) => steps),
    seed,
    stopped: counts.length < asked.length,
  };
}

/** @throws SimError `E_SCENARIO`. */
function askedScenarios(names: readonly string[] | undefined): readonly DriverScenario[] {
  if (names === undefined) return DRIVER_SCENARIOS;
  return names.map(scenarioOfDriver);
}

/** The scenario of a name that drivers are asked. @throws SimError `E_SCENARIO`. */
export function scenarioOfDriver(name: string): DriverScenario {
  const found = DRIVER_SCENARIOS.find(({ named }) => named.name === name);
  if (found !== undefined) return found;
  const known = DRIVER_SCENARIOS.map(({ named }) => named.name);
  throw new SimError({
    code: "E_SCENARIO",
    found: JSON.stringify(name.slice(0, 60)),
    expected: "a scenario that drivers are asked",
    action: didYouMean(name, known) || "docs/your-driver.md names them.",
  });
}

/** Every state of a scenario, again without each rule that was broken. */
function search(checking: Checking, named: NamedScenario): Counts {
  const { change, tally, maxStates } = checking;
  let rules: readonly Rule[] = named.rules;
  for (let failed = false; ; failed = true) {
    const subject = { named: { ...named, rules }, mutant: change };
    const report = explore(subject, { bounds: { maxStates } });
    const { states } = report;
    const [finding] = report.findings;
    const { complete } = report;
    const counts = { states, whole: complete, cut: false, schedules: 0, steps: 0 };
    if (finding === undefined) {
      if (complete) tally.held(rules, states);
      else
        tally.undecided(rules, states, `${named.name} has more than ${states} states (maxStates)`);
      return { ...counts, failed, cut: !complete };
    }
    tally.violated(rules, findingOf(checking, named, finding));
    const others = rules.filter(({ id }) => id !== finding.rule);
    if (others.length === rules.length) {
      const why = `${named.name} was not searched past ${finding.rule}`;
      tally.undecided(others, states, why);
      return { ...counts, failed: true };
    }
    rules = others;
  }
}

/** Schedules of a scenario that is too large for a search. */
function draw(checking: Checking, named: NamedScenario): Counts {
  const { change, tally, schedules, maxSteps, seed } = checking;
  const none = { states: 0, whole: false, failed: false, cut: false, schedules: 0, steps: 0 };
  if (schedules === 0) return none;
  const rounds = new Rounds({ named, mutant: change });
  const { steps, failures } = rounds.run({ seed, round: 0, schedules, maxSteps });
  for (const failure of failures) {
    if (tally.knows(failure.rule)) continue;
    tally.violated(named.rules, shortest(checking, named, failure));
  }
  return { ...none, failed: failures.length > 0, schedules, steps };
}

/** A shortest run that fails as a drawn one did, or that one. */
function shortest(checking: Checking, named: NamedScenario, failure: RoundFailure): DriverFinding {
  const { change } = checking;
  const maxStates = Math.min(checking.maxStates, SHORTEST_STATES_MAX);
  const { rule, message, choices, schedule: drawn } = failure;
  const alone = askedAlone(named, rule);
  const report = explore({ named: alone, mutant: change }, { bounds: { maxStates } });
  const found = report.findings.find((one) => one.rule === rule);
  if (found !== undefined) return { ...findingOf(checking, named, found), drawn };
  const schedule = encodeSchedule({ scenario: named.name, mutant: change.id, choices });
  const drawnOne = { rule, message, length: choices.length, certified: false, schedule, order: [] };
  return { ...findingOf(checking, named, drawnOne), drawn };
}

/** The scenario under the rule that a finding is about, which then is the first that fails. */
export function askedAlone(named: NamedScenario, rule: string): NamedScenario {
  return { ...named, rules: named.rules.filter(({ id }) => id === rule) };
}

function findingOf(
  { change }: Checking,
  named: NamedScenario,
  found: ExploreFinding,
): DriverFinding {
  const { rule, message, length, certified, schedule, order, stem } = found;
  const alone = askedAlone(named, rule);
  const fails = { rule, message };
  return {
    ...{ rule, message, scenario: named.name, title: named.title, length, certified, schedule },
    table: tableOfSchedule(alone, schedule, {
      change,
      fails,
      ...(stem === undefined ? {} : { stem }),
    }),
    order: orderOfSchedule(alone, schedule, order, change),
  };
}
