/**
 * The suite: every body of the kernel's file, on devices with private memory and on devices with coherent memory.
 */
import type { Searching } from "../explore/search.ts";
import { placeOf, type TestBody, USUAL_BUFFER, VARIANTS, type Variant } from "./body.ts";
import { exploringBody } from "./explore-body.ts";
import { HMM_TESTS } from "./hmm-tests.ts";
import { MIGRATION_TESTS } from "./migration-tests.ts";
import { runningTest } from "./run-test.ts";

/** Every body. */
export const SUITE: readonly TestBody[] = [...HMM_TESTS, ...MIGRATION_TESTS];

/** What became of one body. */
export interface SuiteResult {
  readonly name: string;
  readonly variant: Variant;
  readonly passed: boolean;
  /** The kernel's own suite skips what a machine lacks; the model lacks none of it. */
  readonly skipped: false;
  /** Why it failed; empty for one that passed. */
  readonly message: string;
  /** States of its complete search, over two pages; absent: it has one thread. */
  readonly states?: number;
}

/** The runs of the suite, one body after the other, in one variant and then in the other; each can be left where it is. */
export function* suiteRuns(): Generator<Searching<SuiteResult>> {
  for (const variant of VARIANTS) {
    for (const body of SUITE) yield runningBody(body, variant);
  }
}

function* runningBody(body: TestBody, variant: Variant): Searching<SuiteResult> {
  const buffer = body.buffer ?? USUAL_BUFFER;
  const { passed, message } = yield* runningTest(body, buffer, placeOf(body, buffer, { variant }));
  const explored = passed ? yield* exploringBody(body, { variant }) : undefined;
  const fails = explored?.message ?? "";
  return {
    name: body.name,
    variant,
    passed: passed && fails === "",
    skipped: false,
    message: passed ? fails : message,
    ...(explored === undefined ? {} : { states: explored.states }),
  };
}
