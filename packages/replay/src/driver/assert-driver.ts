/**
 * A driver's check as an assertion: silent, or an error that tells the shortest failing run.
 *
 * It knows no test runner; whatever reports errors reports this one.
 */
import type { Driver } from "@mmreplay/core";
import { checkDriver } from "./check-driver.ts";
import type { CheckDriverOptions } from "./check-options.ts";
import type { DriverReport } from "./driver-report.ts";
import { textOfDriver } from "./driver-text.ts";

/** A driver breaks a rule, or a bound left one undecided. */
export class DriverAssertionError extends Error {
  readonly code = "ERR_ASSERTION";
  readonly report: DriverReport;

  constructor(report: DriverReport) {
    super(textOfDriver(report));
    this.name = "AssertionError";
    this.report = report;
  }
}

/**
 * Checks a driver up to the first scenario that fails.
 *
 * @throws DriverAssertionError with the report, when a rule is violated, or undecided because of a bound.
 * @throws SimError `E_DRIVER` when a step is none.
 * @example
 * ```ts
 * const deaf = defineDriver({
 *   name: "deaf",
 *   faultPath: { start: { do: "return", result: "stored" } },
 *   invalidate: { start: { do: "return", result: true } },
 * });
 * const fails = (): string => {
 *   try {
 *     assertDriver(deaf);
 *     return "";
 *   } catch (error) {
 *     return String(error).split("\n")[0] as string;
 *   }
 * };
 * fails(); // "AssertionError: deaf breaks fault-stores in driver/alone: 1 step, and no shorter run fails"
 * ```
 */
export function assertDriver(driver: Driver, options: CheckDriverOptions = {}): DriverReport {
  const report = checkDriver(driver, { stopAtFirst: true, ...options });
  if (!report.ok) throw new DriverAssertionError(report);
  return report;
}
