/**
 * A failure made small: the smallest workload that still fails in the same rule, and the schedule that fails it.
 *
 * A smaller workload is asked by the failing schedule first, without the steps of what is gone, and then by a few
 * schedules that are drawn. What was smaller and did not fail is not asked again before the others were: what
 * one part is needed for it is mostly needed for later, too. Last come the context switches. Everything follows
 * from the seed, so the path of candidates is the workload's name (drawn.ts).
 */
import type { ModelChange, NamedScenario } from "@mmreplay/core";
import { ScenarioRun } from "../../explore/scenario-run.ts";
import type { Choice } from "../../explore/schedule.ts";
import { namedWorkload, type Workload } from "../workload.ts";
import type { Candidate } from "./draft.ts";
import { Asking, type Question } from "./failing.ts";
import { fewerSwitches } from "./fewer-switches.ts";
import { smallerWorkloads } from "./smaller.ts";

/** A failure to make small. */
export interface Failing {
  readonly workload: Workload;
  readonly mutant?: ModelChange | undefined;
  /** What fails: the id of a rule, `deadlock`, `lost-wake-up` or `illegal-event`. */
  readonly rule: string;
  /** The schedule that fails. */
  readonly choices: readonly Choice[];
  /** Of the schedules that are drawn. */
  readonly seed: number;
  /** Ids of the rules that are asked: of these no other may fail before; absent: all. */
  readonly rules?: readonly string[] | undefined;
  /** Schedules that are run at most; absent: 20,000. */
  readonly maxTries?: number;
}

/** What has become of it. */
export interface Shrunk {
  readonly workload: Workload;
  /** Which of the smaller workloads was taken, one after the other. */
  readonly path: readonly number[];
  readonly choices: readonly Choice[];
  /** Schedules that were run. */
  readonly tries: number;
}

const TRIES_USUAL = 20_000;

/** Schedules that are drawn for each smaller workload; and for each of those next to the last one. */
const DRAWN = 12;
const DRAWN_AT_LAST = 48;

/** Tries of the last part, in which only the schedule gets smaller. */
const SCHEDULE_TRIES = 2_000;

/** Makes a failure small. */
export function shrinkFailure(failing: Failing): Shrunk {
  const { mutant, rule, rules, seed, maxTries = TRIES_USUAL } = failing;
  const question: Question = {
    mutant,
    rule,
    rules,
    seed,
    maxSteps: 10 * failing.choices.length + 200,
  };
  let { workload, choices } = failing;
  const path: number[] = [];
  let tries = 0;
  let smaller = smallerWorkloads(workload);
  let steps = placed(workload, mutant, choices);
  let at = 0;
  let drawn = DRAWN;
  for (let refused = 0; tries < maxTries; ) {
    if (refused >= smaller.length) {
      if (drawn === DRAWN_AT_LAST) break;
      [refused, at, drawn] = [0, 0, DRAWN_AT_LAST];
    }
    const place = at % smaller.length;
    const candidate = smaller[place]?.();
    const asked = candidate && ask(candidate, question, steps, drawn);
    tries += asked?.tries ?? 0;
    if (candidate === undefined || asked?.choices === undefined) {
      refused += 1;
      at = place + 1;
      continue;
    }
    ({ workload } = candidate);
    choices = asked.choices;
    path.push(place);
    smaller = smallerWorkloads(workload);
    steps = placed(workload, mutant, choices);
    [refused, at] = [0, place];
  }
  const last = shrinkSchedule({ named: named(workload), mutant, rule, rules, choices, seed });
  return { workload, path, choices: last.choices, tries: tries + last.tries };
}

/** The schedule of a failure with fewer context switches; the scenario stays as it is. */
export function shrinkSchedule(failing: {
  readonly named: NamedScenario;
  readonly mutant?: ModelChange | undefined;
  readonly rule: string;
  readonly rules?: readonly string[] | undefined;
  readonly choices: readonly Choice[];
  readonly seed: number;
}): { readonly choices: readonly Choice[]; readonly tries: number } {
  const { mutant, rule, rules, seed, choices } = failing;
  const question = { mutant, rule, rules, seed, maxSteps: 10 * choices.length + 200 };
  const asking = Asking.about(failing.named, question);
  if (asking === undefined) return { choices, tries: 0 };
  const fewer = fewerSwitches(asking, choices, SCHEDULE_TRIES);
  return { choices: fewer, tries: asking.tries };
}

const named = (workload: Workload): NamedScenario => namedWorkload("shrunk", workload);

/** A choice, and which operation of its task it belongs to. */
interface PlacedChoice {
  readonly choice: Choice;
  readonly pc: number;
}

/** The choices with the operations that they belong to. */
function placed(
  workload: Workload,
  mutant: ModelChange | undefined,
  choices: readonly Choice[],
): PlacedChoice[] {
  const run = new ScenarioRun(named(workload), mutant, []);
  return choices.map((choice) => {
    const pc = run.state.tasks[choice.task]?.pc ?? 0;
    if (run.canMove(choice)) run.step(choice);
    return { choice, pc };
  });
}

/** Whether a smaller workload fails, and by which choices. */
function ask(
  { workload, origins }: Candidate,
  question: Question,
  choices: readonly PlacedChoice[],
  drawn: number,
): { readonly choices: Choice[] | undefined; readonly tries: number } {
  const asking = Asking.about(named(workload), question);
  if (asking === undefined) return { choices: undefined, tries: 1 };
  const tasks = new Map(
    origins.flatMap((program, task) =>
      program.map(({ task: from, pc }) => [`${from} ${pc}`, task] as const),
    ),
  );
  const left = choices.flatMap(({ choice: { task, branch }, pc }): Choice[] => {
    const to = tasks.get(`${task} ${pc}`);
    return to === undefined ? [] : [{ task: to, branch }];
  });
  const found = asking.followed(left) ?? asking.drawn(drawn);
  return { choices: found, tries: asking.tries };
}
