/**
 * A failure that was drawn, brought to what somebody can read: the smallest workload, the shortest run.
 *
 * First the workload is made smaller (shrink/), then a search, nearest first, asks what is left for the one rule. What
 * it finds is a shortest run of that workload, and the finding says so; where a bound cuts it, the drawn
 * schedule with fewer switches stands, and the finding says that, too. Whatever stands is carried out twice
 * from its text: a finding that cannot be repeated is an error of ours.
 */
import { assert, stateHash } from "@mmreplay/events";
import { type ExploreFinding, exploring } from "../explore/explore.ts";
import { placeOf } from "../explore/named.ts";
import { stepsInOrder } from "../explore/order.ts";
import type { Subject } from "../explore/prepare.ts";
import { ScenarioRun } from "../explore/scenario-run.ts";
import { type Choice, decodeSchedule, encodeSchedule } from "../explore/schedule.ts";
import type { Searching } from "../explore/search.ts";
import { drawnWorkload, pathOfDrawn } from "./drawn.ts";
import type { RoundFailure } from "./round.ts";
import { shapeOf } from "./shape.ts";
import { shrinkFailure, shrinkSchedule } from "./shrink/shrink-failure.ts";
import type { RoundSource } from "./source.ts";

/** A failure of a campaign. */
export interface FuzzFinding {
  readonly rule: string;
  readonly message: string;
  /** Steps, the failing one included. */
  readonly length: number;
  /** No shorter run of this scenario breaks the rule: a search went through all of them. */
  readonly certified: boolean;
  readonly schedule: string;
  /** Its name, or its file. */
  readonly scenario: string;
  /** Round and schedule that led to it: what `--path` takes. */
  readonly path: string;
  /** The strategy that drew it. */
  readonly strategy: string;
  /** Steps of the schedule as it was drawn. */
  readonly drawnLength: number;
  /** What is left of the programs, in short: findings of one rule and shape are one. */
  readonly shape: string;
  /** Hash of the state at the end of the run. */
  readonly stateHash: string;
  /** Steps that cannot change places with the next one, of another task. */
  readonly order: readonly number[];
}

/** How far a failure is followed. */
export interface FinishOptions {
  readonly seed: number;
  /** Ids of the rules that are asked; absent: all. */
  readonly rules?: readonly string[] | undefined;
  /** States that may be stored to certify that no shorter run fails. */
  readonly maxStates: number;
  readonly stopped?: () => boolean;
}

/** Makes a failure small and its run short, with pauses. */
export function* finishing(
  source: RoundSource,
  failure: RoundFailure,
  options: FinishOptions,
): Searching<FuzzFinding> {
  const { rule } = failure;
  const small = smallest(source, failure, options);
  yield;
  const certified = yield* certifying(small.subject, rule, options);
  const found = certified ?? drawnFinding(small.subject, failure, small.choices);
  const { named } = small.subject;
  return {
    rule,
    message: found.message,
    length: found.length,
    certified: found.certified,
    schedule: found.schedule,
    scenario: placeOf(named),
    path: `${failure.round}:${failure.schedule}`,
    strategy: failure.strategy,
    drawnLength: failure.choices.length,
    shape: shapeOf(named.scenario),
    stateHash: repeated(small.subject, found.schedule, rule),
    order: found.order,
  };
}

interface Small {
  readonly subject: Subject;
  readonly choices: readonly Choice[];
}

function smallest(
  { subject, isDrawn }: RoundSource,
  { rule, choices, round }: RoundFailure,
  { seed, rules }: FinishOptions,
): Small {
  const { named, mutant } = subject;
  const failing = { mutant, rule, rules, choices, seed };
  if (isDrawn !== true) return { subject, choices: shrinkSchedule({ named, ...failing }).choices };
  const { scenario, seqModulus } = named;
  const workload = { scenario, ...(seqModulus === undefined ? {} : { seqModulus }) };
  const shrunk = shrinkFailure({ workload, ...failing });
  return {
    subject: { named: drawnWorkload(seed, pathOfDrawn(round, shrunk.path)), mutant },
    choices: shrunk.choices,
  };
}

/** A shortest run that breaks the rule; undefined where a bound was in the way. */
function* certifying(
  { named, mutant }: Subject,
  rule: string,
  { maxStates, stopped }: FinishOptions,
): Searching<ExploreFinding | undefined> {
  const rules = named.rules.filter(({ id }) => id === rule);
  const report = yield* exploring(
    { named: { ...named, rules }, mutant },
    {
      por: false,
      bounds: { maxStates, maxLassoStates: 0 },
      ...(stopped === undefined ? {} : { stopped }),
    },
  );
  return report.findings.find((finding) => finding.rule === rule);
}

function drawnFinding(
  { named, mutant }: Subject,
  { rule, message }: RoundFailure,
  choices: readonly Choice[],
): ExploreFinding {
  return {
    rule,
    message,
    length: choices.length,
    certified: false,
    schedule: encodeSchedule({
      scenario: named.name,
      ...(mutant === undefined ? {} : { mutant: mutant.id }),
      choices,
    }),
    order: stepsInOrder(named, mutant, choices, rule),
  };
}

/** The hash at the end of the run, which is the same each time, and in which the rule fails. */
function repeated(subject: Subject, schedule: string, rule: string): string {
  const [one, other] = [ranOf(subject, schedule), ranOf(subject, schedule)];
  const hash = stateHash(one.state);
  assert(stateHash(other.state) === hash, "a schedule leads to one state");
  assert(
    one.outcome().some((finding) => finding.rule === rule),
    "the run of a finding breaks its rule",
  );
  return hash;
}

/** A run from its text; the change is passed on, since a driver of the user's own is known by no name. */
function ranOf({ named, mutant }: Subject, schedule: string): ScenarioRun {
  const run = new ScenarioRun(named, mutant);
  for (const choice of decodeSchedule(schedule).choices) {
    assert(run.canMove(choice), "each step of a finding's run can be made");
    run.step(choice);
  }
  return run;
}
