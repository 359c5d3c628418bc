/**
 * The checker: every event is reduced, and every rule that concerns it looks.
 *
 * A recording that lost something is never "held" for what it lost. Memory does not grow with the length of a recording: the rules' memories are
 * bounded by what is alive, and only the latest events are kept for the table.
 */
import {
  isRecorded,
  latest,
  type Recipes,
  type Report,
  RULES,
  type Rule,
  reduceInPlace,
  type State,
  type Verdict,
} from "@mmreplay/core";
import { type EventType, type JournalHeader, type MmEvent, SimError } from "@mmreplay/events";
import { FINDINGS_MAX, type Finding, type RuleCounts } from "./check-report.ts";
import { createSelector, type Selection, type Selector } from "./selection.ts";
import { createViolations, type Violated, type Violations } from "./violations.ts";
import type { Wholeness } from "./wholeness.ts";

/** Events kept for the slice around a finding. */
const RING_MAX = 2048;

/** A rule with its memory and its counts. */
interface Running {
  readonly rule: Rule;
  readonly before: Rule["before"];
  readonly after: Rule["after"];
  readonly memory: unknown;
  readonly counts: RuleCounts;
  readonly report: Report;
}

/** A check in progress. */
export interface Checker {
  readonly state: State;
  /** Event types that have occurred. */
  readonly seen: ReadonlySet<EventType>;
  /** Processors that have written events, where the events name them. */
  readonly processors: ReadonlySet<number>;
  /** The recording begins anew in its midst, and no loss explains it: it is two. */
  readonly restarted: boolean;
  /** What is judged; undefined: everything. */
  readonly selector: Selector | undefined;
  header(header: JournalHeader): void;
  apply(event: MmEvent): void;
  /** Settles what had to wait; gives the counts, the findings in order, and their slice. */
  finish(wholeness: Wholeness, nameOf: (task: number) => string): CheckerResult;
}

/** What a check has found. */
export interface CheckerResult {
  readonly rules: Record<string, RuleCounts>;
  readonly findings: Finding[];
  /** All violations, also those that are not listed, in the order of their events. */
  readonly violations: readonly Violated[];
  readonly omitted: number;
  readonly headline: number | null;
  readonly slice: MmEvent[];
  /** Why suspicions were withdrawn, in sentences. */
  readonly weakened: readonly string[];
}

/** The rules of these ids, or all. */
export function selectRules(ids: readonly string[] | undefined): readonly Rule[] {
  if (ids === undefined) return RULES;
  return ids.map((id) => {
    const rule = RULES.find((one) => one.id === id);
    if (rule !== undefined) return rule;
    throw new SimError({
      code: "E_RULE",
      found: `the rule ${JSON.stringify(id)}`,
      expected: `one of ${RULES.map((one) => one.id).join(", ")}`,
      action: "Name rules as protocol.md does.",
    });
  });
}

/**
 * Begins a check on a state that is given away.
 *
 * @param spelledMax Violations of a rule that are spelled out.
 */
export function createChecker(
  state: State,
  rules: readonly Rule[],
  selection?: Selection,
  recipes?: Recipes,
  spelledMax: number = FINDINGS_MAX,
): Checker {
  const ring: MmEvent[] = [];
  const violations = createViolations((from) => sliceFrom(ring, from), spelledMax);
  const seen = new Set<EventType>();
  const processors = new Set<number>();
  const selector = selection === undefined ? undefined : createSelector(selection, state);
  let current: MmEvent | undefined;
  let judged = true;
  let restarted = false;

  const running = rules.map((rule): Running => {
    const found = (verdict: Verdict): void => {
      if (selector?.takes(verdict) !== false) violations.add(rule, verdict, current as MmEvent);
    };
    return runningOf(rule, found, () => judged);
  });
  const all = dispatch(running);
  const recorded = dispatch(running.filter(({ rule }) => rule.simulatedOnly !== true));

  return {
    state,
    seen,
    processors,
    get restarted() {
      return restarted;
    },
    selector,
    header: (header) => selector?.header(header),
    apply(event) {
      restarted ||= startsAnew(event, current);
      current = event;
      if (event.cpu !== undefined) processors.add(event.cpu);
      selector?.before(event);
      const shown = !ofRelease(state, event);
      ring[event.index % RING_MAX] = event;
      const table = isRecorded(event) ? recorded : all;
      const concerned = table.get(event.type) ?? NOBODY;
      for (const one of concerned.before) one.before?.(one.memory, state, event);
      reduceInPlace(state, event, recipes);
      judged = selector?.after() !== false;
      // Not before: an event that cannot happen in this state shows nothing.
      if (shown) seen.add(event.type);
      for (const one of concerned.after) one.after(one.memory, state, event, one.report);
      violations.passed(event.index);
      gapAt(violations, event);
    },
    finish(wholeness, nameOf) {
      if (current !== undefined) {
        for (const one of running) one.rule.end?.(one.memory, state, one.report);
      }
      return settle(running, violations, wholeness, seen, nameOf);
    },
  };
}

function settle(
  running: readonly Running[],
  violations: Violations,
  wholeness: Wholeness,
  seen: ReadonlySet<EventType>,
  nameOf: (task: number) => string,
): CheckerResult {
  if (wholeness.holes) violations.gap(0, Number.MAX_SAFE_INTEGER);
  const settled = violations.settle((type) => seen.has(type), wholeness, nameOf);
  for (const { rule, counts } of running) {
    counts.violated = settled.violated.get(rule.id) ?? 0;
    counts.undecided += settled.dropped.get(rule.id) ?? 0;
    settleCounts(rule, counts, wholeness, seen);
  }
  return {
    rules: Object.fromEntries(running.map(({ rule, counts }) => [rule.id, counts])),
    findings: settled.findings,
    violations: settled.violations,
    omitted: settled.omitted,
    headline: settled.headline,
    slice: settled.slice,
    weakened: settled.weakened,
  };
}

/** The release has a probe of its own: its region does not show that range_start is probed. */
function ofRelease(state: State, event: MmEvent): boolean {
  switch (event.type) {
    case "mmu_notifier_invalidate_range_start":
      return event.event === "RELEASE";
    case "mmu_notifier_invalidate_range_end":
    case "mmu_notifier_invalidate_range_end_return":
      return state.mms[event.mm]?.regions[event.region]?.event === "RELEASE";
    default:
      return false;
  }
}

/** Events are missing before this one: between its processor's lines, or anywhere. */
function gapAt(violations: Violations, event: MmEvent): void {
  if (event.type === "lost_events") violations.gap(event.since, latest(event));
  else if (event.type === "buffer_started") violations.gap(0, latest(event));
}

/** The kernel's own mark that a buffer began comes with a loss, on the same line; a head does not. */
function startsAnew(event: MmEvent, before: MmEvent | undefined): boolean {
  if (event.type !== "buffer_started") return false;
  return before?.type !== "lost_events" || before.evidence?.[0] !== event.evidence?.[0];
}

/** The rules that an event concerns: those that look at the state before it, and all. */
interface Concerned {
  readonly before: Running[];
  readonly after: Running[];
}

const NOBODY: Concerned = { before: [], after: [] };

function dispatch(running: readonly Running[]): Map<EventType, Concerned> {
  const table = new Map<EventType, Concerned>();
  for (const one of running) {
    for (const type of one.rule.on) {
      const concerned = table.get(type) ?? { before: [], after: [] };
      table.set(type, concerned);
      if (one.before !== undefined) concerned.before.push(one);
      concerned.after.push(one);
    }
  }
  return table;
}

function runningOf(rule: Rule, found: Report["violated"], judged: () => boolean): Running {
  const { before, after } = rule;
  const counts: RuleCounts = { held: 0, violated: 0, undecided: 0, unobserved: 0 };
  const report = reportOf(counts, found, judged);
  return { rule, before, after, memory: rule.start(), counts, report };
}

function reportOf(
  counts: RuleCounts,
  found: (verdict: Verdict) => void,
  judged: () => boolean,
): Report {
  return {
    held(cases = 1) {
      if (judged()) counts.held += cases;
    },
    violated: found,
    undecided() {
      if (judged()) counts.undecided += 1;
    },
  };
}

/** Events before the first evidence in which the calls around it are looked for. */
const LOOK_BACK_MAX = 1024;

/**
 * The kept events from `from` on, and from before it what opened the calls that the first event is
 * in: its task's read section, or the start of its invalidation.
 */
function sliceFrom(ring: readonly MmEvent[], from: number): MmEvent[] {
  const first = ring[from % RING_MAX];
  let begin = from;
  for (let at = from; first?.index === from && at > from - LOOK_BACK_MAX && at >= 0; at--) {
    const event = ring[at % RING_MAX];
    if (event?.index !== at) break;
    if (event.task !== first.task || !OPENING.has(event.type)) continue;
    begin = at;
    break;
  }
  return ring
    .filter((event) => event !== undefined && event.index >= begin)
    .sort((a, b) => a.index - b.index);
}

const OPENING: ReadonlySet<EventType> = new Set([
  "mmu_interval_read_begin",
  "mmu_notifier_invalidate_range_start",
]);

function settleCounts(
  rule: Rule,
  counts: RuleCounts,
  { gaps }: Wholeness,
  seen: ReadonlySet<EventType>,
): void {
  const hidden = rule.simulatedOnly === true && seen.has("recording_start");
  const observed = !hidden && rule.observes.some((types) => types.every((type) => seen.has(type)));
  if (!observed && counts.violated === 0) {
    counts.held = 0;
    counts.undecided = 0;
    counts.unobserved = 1;
    return;
  }
  if (gaps.length > 0) counts.undecided += 1;
}
