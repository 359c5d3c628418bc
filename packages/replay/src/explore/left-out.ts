/**
 * What a scenario says and no run of it does: operations that are left out in every run, regions that nobody
 * ends.
 *
 * A call that does not apply where it stands is left out; in a race that is how some runs go. Where it is so in
 * all of them, "no run fails" would be said of a scenario that is not the one that was meant. A few drawn
 * runs name the suspects; a search for a run that carries one out then decides.
 */
import { type Model, type NamedScenario, NEXT_OPERATION, type Rule } from "@mmreplay/core";
import type { EventType, MmEvent } from "@mmreplay/events";
import { type ExploreOptions, exploring } from "./explore.ts";
import type { Subject } from "./prepare.ts";
import { operationWords } from "./program-words.ts";
import { walkAtRandom } from "./random-walk.ts";
import { ScenarioRun } from "./scenario-run.ts";
import type { Searching } from "./search.ts";

/** An operation that was left out, in words. */
export interface LeftOut {
  /** The task, or `set-up`. */
  readonly task: string;
  readonly operation: string;
  readonly why: string;
}

/** An operation by its task and its place in the program. */
interface Place {
  readonly task: number;
  readonly at: number;
}

interface Skip extends Place {
  readonly why: string;
}

/** Runs that are drawn; most operations show in the first that some run carries them out. */
const DRAWN_RUNS = 32;

/** Why an operation does not apply, by what the simulator calls it. */
const REASONS: Readonly<Record<string, string>> = {
  not_live: "it is not there",
  not_free: "it is there already",
  not_started: "its region is not open",
  no_page: "its pages are outside",
  mm_dead: "the address space has ended",
  mm_freed: "the address space has ended",
  mm_users_zero: "the address space has ended",
};

/** The operations that a run has left out, in the order of the run. */
export function leftOutIn(
  { events }: Pick<ScenarioRun, "events">,
  named: NamedScenario,
): LeftOut[] {
  return skipsIn(events).map((skip) => inWords(skip, named));
}

/** The operations that every run leaves out; one whose search a bound cuts is not among them. */
export function* leftOutAlways(subject: Subject, options: ExploreOptions): Searching<LeftOut[]> {
  let suspects: readonly Skip[] | undefined;
  for (let seed = 0; seed < DRAWN_RUNS && suspects?.length !== 0; seed++) {
    const run = new ScenarioRun(subject.named, subject.mutant, []);
    walkAtRandom(run, seed);
    const skips = skipsIn(run.events);
    suspects = (suspects ?? skips).filter((one) => skips.some((skip) => isSame(skip, one)));
  }
  const never: LeftOut[] = [];
  for (const skip of suspects ?? []) {
    const isNever = skip.task === 0 || (yield* isNeverMade(skip, subject, options));
    if (isNever) never.push(inWords(skip, subject.named));
  }
  return never;
}

/** The regions that some operation starts and none ends. */
export function neverEnded({ scenario, names }: NamedScenario): string[] {
  const operations = scenario.programs.flat();
  const started = operations.flatMap((op) => (op.op === "inv_start" ? [op.sid] : []));
  const ended = operations.flatMap((op) => (op.op === "inv_end" ? [op.sid] : []));
  const open = [...new Set(started)].filter((id) => !ended.includes(id));
  return open.map((id) => names.regions[id] ?? `region${id}`);
}

/** A call that does not apply is left out where it would begin; a mutant's step may do nothing later. */
function skipsIn(events: readonly MmEvent[]): Skip[] {
  const places: number[] = [];
  const inside = new Set<number>();
  return events.flatMap((event): Skip[] => {
    const { task, type, goto } = event;
    const at = places[task] ?? 0;
    const begins = goto !== undefined && !inside.has(task);
    if (goto === NEXT_OPERATION) {
      places[task] = at + 1;
      inside.delete(task);
    } else if (goto !== undefined) inside.add(task);
    return begins && type === "task_skip" ? [{ task, at, why: event.why }] : [];
  });
}

const isSame = (one: Place, other: Place): boolean =>
  one.task === other.task && one.at === other.at;

function inWords({ task, at, why }: Skip, named: NamedScenario): LeftOut {
  const operation = named.scenario.programs[task]?.[at];
  return {
    task: task === 0 ? "set-up" : (named.tasks[task - 1] ?? `task${task}`),
    operation: operation === undefined ? "" : operationWords(operation, named),
    why: REASONS[why] ?? why,
  };
}

const CARRIED_OUT = "carried-out";

function* isNeverMade(
  place: Place,
  { named, mutant }: Subject,
  options: ExploreOptions,
): Searching<boolean> {
  const { model } = new ScenarioRun(named, mutant, []);
  const subject = { named: { ...named, rules: [carriedOut(place, model)] }, mutant };
  const { complete } = yield* exploring(subject, { ...options, strategy: "bfs" });
  return complete;
}

/** Broken by the first run that carries an operation out. */
function carriedOut({ task, at }: Place, { recipes }: Model): Rule {
  const rule: Rule<{ begins: boolean }> = {
    id: CARRIED_OUT,
    kind: "transition",
    severity: "safety",
    statement: "No run carries the operation out.",
    source: "mmreplay",
    on: Object.keys(recipes) as EventType[],
    observes: [],
    start: () => ({ begins: false }),
    before(memory, state, event) {
      if (event.task !== task || event.goto === undefined) return;
      const stands = state.tasks[task];
      const skipped = event.type === "task_skip" && stands?.label === "start";
      memory.begins = stands?.pc === at && !skipped;
    },
    after({ begins }, _, __, report) {
      if (begins) report.violated({ message: "The operation is carried out." });
    },
  };
  return rule as Rule;
}
