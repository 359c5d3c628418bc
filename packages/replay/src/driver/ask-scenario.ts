/**
 * One scenario, asked of a driver: searched whole, or drawn.
 *
 * Where a rule is broken the search is made again without that rule, so that what it hid is seen, too. What a
 * drawn schedule shows is searched for, nearest first, until the shortest run is known or a bound is met. A drawn
 * schedule that a bound cuts leaves the rules undecided, but for those by priorities, which starve a task that
 * others wait for by trying again: these are only counted.
 */
import type { ModelChange, NamedScenario, Rule } from "@mmreplay/core";
import { type ExploreFinding, explore } from "../explore/explore.ts";
import { encodeSchedule } from "../explore/schedule.ts";
import { orderOfSchedule, tableOfSchedule } from "../explore/table-of-schedule.ts";
import { type RoundFailure, Rounds } from "../fuzz/round.ts";
import type { CheckDriverBounds } from "./check-options.ts";
import type { DriverFinding } from "./driver-report.ts";
import type { Tally } from "./tally.ts";

/** A driver under a check. */
export interface Checking extends CheckDriverBounds {
  readonly change: ModelChange;
  readonly tally: Tally;
}

/** What a search of a scenario came to. */
export interface Searched {
  readonly by: "search";
  readonly states: number;
  readonly whole: boolean;
  readonly failed: boolean;
  /** A bound has cut it. */
  readonly cut: boolean;
}

/** What drawn schedules of a scenario came to. */
export interface Drawn {
  readonly by: "draw";
  readonly schedules: number;
  readonly steps: number;
  /** Schedules that were cut. */
  readonly cutSchedules: number;
  readonly failed: boolean;
  /** A bound has left its rules undecided. */
  readonly cut: boolean;
}

/** States of a large scenario in which a shortest failing run is looked for; more take too long. */
const SHORTEST_STATES_MAX = 200_000;

/** Every state of a scenario, again without each rule that was broken. */
export function searchScenario(checking: Checking, named: NamedScenario): Searched {
  const { change, tally, maxStates } = checking;
  let rules: readonly Rule[] = named.rules;
  for (let failed = false; ; failed = true) {
    const subject = { named: { ...named, rules }, mutant: change };
    const { states, complete, findings } = explore(subject, { bounds: { maxStates } });
    const [finding] = findings;
    const searched = { by: "search", states, whole: complete } as const;
    if (finding === undefined) {
      if (complete) tally.held(rules, states);
      else
        tally.undecided(rules, states, `${named.name} has more than ${states} states (maxStates)`);
      return { ...searched, failed, cut: !complete };
    }
    tally.violated(rules, findingOf(checking, named, finding));
    const others = rules.filter(({ id }) => id !== finding.rule);
    if (others.length === rules.length) {
      const why = `${named.name} was not searched past ${finding.rule}`;
      tally.undecided(others, states, why);
      return { ...searched, failed: true, cut: false };
    }
    rules = others;
  }
}

/** Schedules of a scenario that is too large for a search, again without the rules that were broken. */
export function drawScenario(checking: Checking, named: NamedScenario): Drawn {
  const { change, tally, schedules, maxSteps, seed } = checking;
  const { name } = named;
  const sums = { by: "draw", schedules, steps: 0, cutSchedules: 0 } as const;
  if (schedules === 0) {
    tally.undecided(named.rules, 0, `no schedule of ${name} was drawn (schedules)`);
    return { ...sums, failed: false, cut: true };
  }
  let rules: readonly Rule[] = named.rules;
  for (let failed = false; ; failed = true) {
    const rounds = new Rounds({ named: { ...named, rules }, mutant: change });
    const round = rounds.run({ seed, round: 0, schedules, maxSteps });
    const { steps, cut: cutSchedules, cutFair, failures } = round;
    for (const failure of failures) {
      if (tally.knows(failure.rule)) continue;
      tally.violated(rules, shortest(checking, named, failure));
    }
    const broken = failures.map(({ rule }) => rule);
    const others = rules.filter(({ id }) => !broken.includes(id));
    const cut = cutFair > 0;
    const drawn = { ...sums, steps, cutSchedules, failed: failed || broken.length > 0, cut };
    if (broken.length > 0 && others.length < rules.length) {
      rules = others;
      continue;
    }
    if (broken.length > 0) tally.undecided(rules, 0, `${name} was not drawn past ${broken[0]}`);
    else if (cut)
      tally.undecided(
        rules,
        0,
        `${cutFair} of ${schedules} schedules of ${name} did not end in ${maxSteps} steps (maxSteps)`,
      );
    else tally.drawn(rules);
    return drawn;
  }
}

/** The scenario under the rule that a finding is about, which then is the first that fails. */
function askedAlone(named: NamedScenario, rule: string): NamedScenario {
  return { ...named, rules: named.rules.filter(({ id }) => id === rule) };
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
