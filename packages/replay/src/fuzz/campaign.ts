/**
 * A campaign: rounds by several workers, and each failure of them brought to its shortest.
 *
 * Rounds come back in any order and are taken in their own: which failures are followed, what is counted and what
 * a corpus holds then do not depend on how many workers there are or how fast. A campaign of so many schedules is
 * the same everywhere; one of so many seconds is a beginning of it.
 */
import { assert } from "@mmreplay/events";
import type { FuzzFinding } from "./finish.ts";
import type { RoundFailure, RoundResult } from "./round.ts";
import { type CampaignSubject, schedulesOf } from "./source.ts";
import { NO_TOTALS, type Totals, withRound } from "./totals.ts";

/** A round to draw. */
export interface RoundJob {
  readonly round: number;
  readonly schedules: number;
}

/** Who draws rounds and follows failures: this thread, or another. */
export interface CampaignWorker {
  round(job: RoundJob): Promise<RoundResult>;
  /** Makes a failure small and short. */
  finish(failure: RoundFailure): Promise<FuzzFinding>;
  end(): Promise<void>;
}

/** Where a campaign stands: what can be kept, and gone on from. */
export interface CampaignState {
  /** Rounds from here on are still to be drawn. */
  readonly nextRound: number;
  readonly totals: Totals;
  /** The first of each rule and shape, in the order of their rounds. */
  readonly findings: readonly FuzzFinding[];
  /** Failing rounds of each rule, those of findings included. */
  readonly failures: Readonly<Record<string, number>>;
}

/** How long, and which part of all rounds. */
export interface CampaignOptions {
  readonly subject: CampaignSubject;
  /** Schedules in all, over all shards; absent: until `over` says so. */
  readonly runs?: number;
  /** Takes every `of`-th round. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** Goes on from here; absent: from the beginning. */
  readonly from?: CampaignState;
  /** No round is begun any more, but failures are followed to their end. */
  readonly over?: () => boolean;
  /** Everything ends at once; what was not done to its end does not count, and is done again by whoever goes on. */
  readonly stopped?: () => boolean;
  /** A round is counted. */
  readonly onState?: (state: CampaignState) => void;
}

/** A campaign that has not begun. */
export const NOTHING_YET: CampaignState = {
  nextRound: 0,
  totals: NO_TOTALS,
  findings: [],
  failures: {},
};

/** Failures of a rule that are followed: most that come later are the same again. */
const FOLLOWED_MAX = 8;

/** Runs a campaign to its end; what it had when it was stopped, otherwise. */
export async function campaign(
  options: CampaignOptions,
  workers: readonly CampaignWorker[],
): Promise<CampaignState> {
  const course = new Course(options);
  const work = async (worker: CampaignWorker): Promise<void> => {
    while (!course.ended) {
      const job = course.next();
      if (job === undefined) await course.changed();
      else await job(worker);
    }
  };
  try {
    await Promise.all(workers.map(work));
  } catch (error) {
    if (options.stopped?.() !== true) throw error;
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
  }
  return course.state;
}

/** A round between its drawing and its place in the sums. */
interface Pending {
  readonly job: RoundJob;
  result?: RoundResult;
  /** The failures that are followed, and what came of them. */
  followed?: (FuzzFinding | undefined)[];
}

type Job = (worker: CampaignWorker) => Promise<void>;

/** What is to do next, and what is known. */
class Course {
  state: CampaignState;
  readonly #options: CampaignOptions;
  readonly #pending: Pending[] = [];
  readonly #toFollow: Job[] = [];
  #failures: Record<string, number>;
  #nextRound: number;
  #begun: number;
  #wake: () => void = () => {};
  #change: Promise<void> = Promise.resolve();

  constructor(options: CampaignOptions) {
    const { from = NOTHING_YET, shard, subject, runs } = options;
    this.#options = options;
    this.state = from;
    this.#failures = { ...from.failures };
    this.#nextRound = Math.max(from.nextRound, shard?.index ?? 0);
    this.#begun = 0;
    if (runs !== undefined) {
      for (let round = 0; round < this.#nextRound; round++)
        this.#begun += schedulesOf(subject, round);
    }
    this.#renew();
  }

  /** There is nothing left to do. */
  get ended(): boolean {
    const { stopped } = this.#options;
    return stopped?.() === true || (this.#pending.length === 0 && !this.#goesOn());
  }

  /** Something that can be done now. */
  next(): Job | undefined {
    const follow = this.#toFollow.shift();
    if (follow !== undefined) return follow;
    return this.#goesOn() ? this.#draw() : undefined;
  }

  /** Resolves when there may be something to do. */
  changed(): Promise<void> {
    return this.#change;
  }

  #goesOn(): boolean {
    const { runs = Number.POSITIVE_INFINITY, over } = this.#options;
    return this.#begun < runs && over?.() !== true;
  }

  #draw(): Job {
    const { subject, runs = Number.POSITIVE_INFINITY, shard = { index: 0, of: 1 } } = this.#options;
    const round = this.#nextRound;
    const schedules = Math.min(schedulesOf(subject, round), runs - this.#begun);
    for (let i = 0; i < shard.of; i++) this.#begun += schedulesOf(subject, round + i);
    this.#nextRound += shard.of;
    const pending: Pending = { job: { round, schedules } };
    this.#pending.push(pending);
    return async (worker) => {
      const result = await worker.round(pending.job);
      if (this.#options.stopped?.() === true) return;
      pending.result = result;
      this.#settle();
    };
  }

  /** Takes rounds in their order: first what to follow of them, then, when that is done, their sums. */
  #settle(): void {
    for (const pending of this.#pending) {
      if (pending.result === undefined) break;
      pending.followed ??= this.#follow(pending.result.failures);
    }
    while (this.#pending[0]?.followed?.every((finding) => finding !== undefined) === true) {
      this.#count(this.#pending.shift() as Pending);
    }
    this.#renew();
  }

  #follow(failures: readonly RoundFailure[]): (FuzzFinding | undefined)[] {
    const wanted = failures.filter(({ rule }) => {
      const before = this.#failures[rule] ?? 0;
      this.#failures[rule] = before + 1;
      return before < (this.#options.subject.named === undefined ? FOLLOWED_MAX : 1);
    });
    const followed: (FuzzFinding | undefined)[] = wanted.map(() => undefined);
    for (const [at, failure] of wanted.entries()) {
      this.#toFollow.push(async (worker) => {
        const finding = await worker.finish(failure);
        if (this.#options.stopped?.() === true) return;
        followed[at] = finding;
        this.#settle();
      });
    }
    return followed;
  }

  #count({ job, result, followed = [] }: Pending): void {
    assert(result !== undefined, "a round is counted when it was drawn");
    const { findings, failures, totals } = this.state;
    const counted = { ...failures };
    for (const { rule } of result.failures) counted[rule] = (counted[rule] ?? 0) + 1;
    this.state = {
      nextRound: job.round + (this.#options.shard?.of ?? 1),
      totals: withRound(totals, result),
      findings: distinct([...findings, ...(followed as FuzzFinding[])]),
      failures: counted,
    };
    this.#options.onState?.(this.state);
  }

  #renew(): void {
    this.#wake();
    this.#change = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** The first finding of each rule and shape. */
function distinct(findings: readonly FuzzFinding[]): FuzzFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, shape }) => {
    const key = `${rule} ${shape}`;
    return !seen.has(key) && seen.add(key);
  });
}
