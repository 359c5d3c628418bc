/**
 * The ledger of a campaign: which round is next, which failures are followed, and what has been counted.
 *
 * Rounds come back in any order and are taken in their own. Which failures are followed and what is counted then
 * do not depend on how many workers there are or how fast. It knows no worker and no clock.
 */
import { assert } from "@mmreplay/events";
import type { CampaignOptions, CampaignState, RoundJob } from "./campaign.ts";
import type { FuzzFinding } from "./finish.ts";
import type { RoundFailure, RoundResult } from "./round.ts";
import { schedulesOf } from "./source.ts";
import { withRound } from "./totals.ts";

/** Failures of a rule that are followed among drawn workloads: most that come later are the same again. */
const FOLLOWED_MAX = 8;

/** A failure to follow, and where what comes of it belongs. */
export interface FollowJob {
  readonly failure: RoundFailure;
  readonly done: (finding: FuzzFinding) => void;
}

/** A round to draw, and where what comes of it belongs. */
export interface DrawJob {
  readonly job: RoundJob;
  readonly done: (result: RoundResult) => void;
}

/** What is to do, and what is known. */
export interface Ledger {
  readonly state: CampaignState;
  /** A failure that waits to be followed. */
  follow(): FollowJob | undefined;
  /** The next round; undefined: all have been begun. */
  draw(): DrawJob | undefined;
  /** Every round that was begun is counted. */
  readonly settled: boolean;
}

/** A round between its drawing and its place in the sums. */
interface Pending {
  readonly job: RoundJob;
  result?: RoundResult;
  /** What came of the failures that are followed. */
  followed?: (FuzzFinding | undefined)[];
}

/** Where the ledger stands. */
interface Book {
  readonly options: CampaignOptions;
  readonly pending: Pending[];
  readonly toFollow: FollowJob[];
  /** Failing rounds of each rule among those that came back. */
  readonly met: Record<string, number>;
  state: CampaignState;
}

/** Begins where a campaign stands. */
export function createLedger(options: CampaignOptions, from: CampaignState): Ledger {
  const { subject, runs = Number.POSITIVE_INFINITY, shard = { index: 0, of: 1 } } = options;
  const book: Book = { options, pending: [], toFollow: [], met: { ...from.failures }, state: from };
  let nextRound = Math.max(from.nextRound, shard.index);
  let begun = 0;
  // Without an end nobody asks how many there were before.
  if (runs < Number.POSITIVE_INFINITY) {
    for (let round = 0; round < nextRound; round++) begun += schedulesOf(subject, round);
  }
  return {
    get state() {
      return book.state;
    },
    get settled() {
      return book.pending.length === 0;
    },
    follow: () => book.toFollow.shift(),
    draw() {
      if (begun >= runs) return undefined;
      const round = nextRound;
      const job = { round, schedules: Math.min(schedulesOf(subject, round), runs - begun) };
      for (let i = 0; i < shard.of; i++) begun += schedulesOf(subject, round + i);
      nextRound += shard.of;
      const one: Pending = { job };
      book.pending.push(one);
      const done = (result: RoundResult): void => {
        one.result = result;
        settle(book);
      };
      return { job, done };
    },
  };
}

/** Takes rounds in their order: first what to follow of them, then, when that is done, their sums. */
function settle(book: Book): void {
  const { pending } = book;
  for (const one of pending) {
    if (one.result === undefined) break;
    one.followed ??= followedOf(book, one.result.failures);
  }
  while (pending[0]?.followed?.every((finding) => finding !== undefined) === true) {
    count(book, pending.shift() as Pending);
  }
}

function followedOf(book: Book, failures: readonly RoundFailure[]): (FuzzFinding | undefined)[] {
  const { met, toFollow, options } = book;
  const most = options.subject.named === undefined ? FOLLOWED_MAX : 1;
  const wanted = failures.filter(({ rule }) => {
    const before = met[rule] ?? 0;
    met[rule] = before + 1;
    return before < most;
  });
  const followed: (FuzzFinding | undefined)[] = wanted.map(() => undefined);
  for (const [at, failure] of wanted.entries()) {
    const done = (finding: FuzzFinding): void => {
      followed[at] = finding;
      settle(book);
    };
    toFollow.push({ failure, done });
  }
  return followed;
}

function count(book: Book, { job, result, followed = [] }: Pending): void {
  assert(result !== undefined, "a round is counted when it was drawn");
  const { state, options } = book;
  const { subject, shard = { index: 0, of: 1 }, onState } = options;
  const failures = { ...state.failures };
  for (const { rule } of result.failures) failures[rule] = (failures[rule] ?? 0) + 1;
  book.state = {
    nextRound: job.round + shard.of,
    totals: withRound(state.totals, result),
    findings: distinct([...state.findings, ...(followed as FuzzFinding[])]),
    failures,
  };
  onState?.(book.state, job.schedules === schedulesOf(subject, job.round));
}

/** The first finding of each rule and shape. */
function distinct(findings: readonly FuzzFinding[]): FuzzFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, shape }) => {
    const key = `${rule} ${shape}`;
    return !seen.has(key) && seen.add(key);
  });
}
