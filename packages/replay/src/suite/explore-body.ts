/**
 * Every interleaving of a body that has two threads or processes, over a buffer of two pages.
 *
 * One schedule, or ten, show that a body can pass; that no other one fails is for a search to say. It asks the
 * rules, and what the test itself asserts, but for the number of device faults (expectations.ts).
 */
import { type Mutant, SEARCH_RULES } from "@mmreplay/core";
import { exploring } from "../explore/explore.ts";
import { atOnce, type Searching } from "../explore/search.ts";
import type { Buffer, TestBody, Variant } from "./body.ts";
import { expectationRule } from "./expectations.ts";
import { scenarioOfBody } from "./run-test.ts";

const SMALL_BUFFER: Buffer = { page: 1, np: 2 };

/** What a search of a body found. */
export interface ExploredBody {
  readonly states: number;
  /** What fails, or why the search is not complete; empty: nothing fails. */
  readonly message: string;
}

/** How to search a body. */
export interface ExploreBodyOptions {
  readonly variant?: Variant;
  /** The model has this bug. */
  readonly mutant?: Mutant;
  readonly stopped?: () => boolean;
}

/** Searches a body; undefined: it has one thread. */
export function exploreBody(
  body: TestBody,
  options: ExploreBodyOptions = {},
): ExploredBody | undefined {
  return atOnce(exploringBody(body, options));
}

/** The same with pauses. */
export function* exploringBody(
  body: TestBody,
  { variant, mutant, stopped }: ExploreBodyOptions,
): Searching<ExploredBody | undefined> {
  if (body.thread === undefined && body.child === undefined) return undefined;
  const { named: unasked, programs } = scenarioOfBody(body, SMALL_BUFFER, variant);
  const rules = SEARCH_RULES.filter(({ id }) => id !== body.breaks);
  const named = { ...unasked, rules: [...rules, expectationRule(programs)] };
  const { states, complete, findings, bound } = yield* exploring(
    mutant === undefined ? { named } : { named, mutant },
    stopped === undefined ? {} : { stopped },
  );
  const [first] = findings;
  if (first !== undefined) return { states, message: `${first.rule}: ${first.message}` };
  return { states, message: complete ? "" : `the search is not complete: ${bound ?? "stopped"}` };
}
