/**
 * A driver of the user's own under all that is asked of one.
 *
 * Small scenarios are searched whole, and of large ones schedules are drawn. Nothing that was left out counts as
 * held: a bound that has cut something, and a check of nothing, leave rules undecided.
 */
import { changeOfDriver, DRIVER_SCENARIOS, type Driver, type DriverScenario } from "@mmreplay/core";
import { didYouMean, SimError } from "@mmreplay/events";
import { type Drawn, drawScenario, type Searched, searchScenario } from "./ask-scenario.ts";
import { boundsOf, type CheckDriverOptions } from "./check-options.ts";
import type { DriverReport } from "./driver-report.ts";
import { createTally } from "./tally.ts";

/**
 * Checks a driver, rule by rule.
 *
 * @throws SimError `E_DRIVER` when it is no driver or a step is none, `E_OPTION` when an option is none,
 * `E_SCENARIO` when a scenario is not known.
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
  const bounds = boundsOf(options);
  const change = changeOfDriver(driver);
  const tally = createTally();
  const checking = { ...bounds, change, tally };
  const asked = askedScenarios(bounds.scenarios);
  const [searched, drawn]: [Searched[], Drawn[]] = [[], []];
  if (asked.length === 0) tally.undecided([], 0, "no scenario was asked");
  let stopped = false;
  for (const [at, { named, large }] of asked.entries()) {
    const one = large === true ? drawScenario(checking, named) : searchScenario(checking, named);
    if (one.by === "draw") drawn.push(one);
    else searched.push(one);
    if (!bounds.stopAtFirst || !(one.failed || one.cut)) continue;
    stopped = at + 1 < asked.length;
    break;
  }
  const rules = tally.rules();
  return {
    driver: driver.name,
    ok: rules.every(({ outcome }) => outcome === "held"),
    rules,
    searched: searched.length,
    whole: searched.filter(({ whole }) => whole).length,
    states: sumOf(searched, ({ states }) => states),
    large: drawn.length,
    schedules: sumOf(drawn, ({ schedules }) => schedules),
    cutSchedules: sumOf(drawn, ({ cutSchedules }) => cutSchedules),
    steps: sumOf(drawn, ({ steps }) => steps),
    seed: bounds.seed,
    stopped,
  };
}

function sumOf<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
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
