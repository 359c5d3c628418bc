/**
 * The suite: every body that can run, and by name those that cannot.
 */
import type { TestBody } from "./body.ts";
import { exploreBody } from "./explore-body.ts";
import { HMM_TESTS } from "./hmm-tests.ts";
import { MIGRATION_TESTS } from "./migration-tests.ts";
import { NOT_MODELLED } from "./not-modelled.ts";
import { runTest } from "./run-test.ts";

/** Every body that can run. */
export const SUITE: readonly TestBody[] = [...HMM_TESTS, ...MIGRATION_TESTS];

/** What became of one body. */
export interface SuiteResult {
  readonly name: string;
  readonly variant: string;
  readonly passed: boolean;
  readonly skipped: boolean;
  /** Why it failed, or was skipped; empty for one that passed. */
  readonly message: string;
  /** States of its complete search, over two pages; absent: it has one thread. */
  readonly states?: number;
}

/** Runs the suite, one body after the other. */
export function* runSuite(stopped?: () => boolean): Generator<SuiteResult> {
  for (const body of SUITE) {
    const { name, variant, passed, message } = runTest(body);
    const explored = passed ? exploreBody(body, stopped) : undefined;
    const fails = explored?.message ?? "";
    yield {
      name,
      variant,
      passed: passed && fails === "",
      skipped: false,
      message: passed ? fails : message,
      ...(explored === undefined ? {} : { states: explored.states }),
    };
  }
  for (const [name, needs] of NOT_MODELLED) {
    const message = `not modelled yet: ${needs}`;
    yield { name, variant: "device_private", passed: false, skipped: true, message };
  }
}
