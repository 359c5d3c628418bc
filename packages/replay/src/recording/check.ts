/**
 * `check`: a recording or a journal to a verdict.
 *
 * The bytes of one file go through the importer, the lowering and the checker in one pass.
 */
import type { CheckOptions } from "./check-options.ts";
import type { FileReport, FileVerdict, RuleCounts } from "./check-report.ts";
import { type Checker, createChecker, selectRules } from "./checker.ts";
import { type ReadSummary, readEvents } from "./read-events.ts";
import type { Violated } from "./violations.ts";
import { wholenessOf } from "./wholeness.ts";

/**
 * Checks one file's bytes (already decompressed).
 *
 * @throws SimError when the file cannot be read as a recording or journal.
 * @example
 * ```ts
 * const report = await checkBytes("tiny.txt", bytes, {});
 * report.verdict; // "held"
 * ```
 */
export async function checkBytes(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  progress?: (lines: number) => void,
  signal?: AbortSignal,
): Promise<FileReport> {
  const rules = selectRules(options.rules);
  const { taker, summary } = await readEvents(
    file,
    bytes,
    options,
    (state, recipes) => createChecker(state, rules, options.selection, recipes),
    { progress, signal },
  );
  return settledOf(file, taker, summary, options).report;
}

/** Why what was selected has no answer; empty: it has one, or everything was selected. */
function selectionNotes(
  { selector }: Checker,
  rules: Readonly<Record<string, RuleCounts>>,
): string[] {
  if (selector === undefined) return [];
  const { events } = selector.selected;
  if (events === 0) return [`Nothing was selected: ${selector.alternatives()}.`];
  const answers = Object.values(rules).some(
    ({ held, violated, undecided }) => held + violated + undecided > 0,
  );
  return answers ? [] : [`No rule has a case in what was selected (${events} events).`];
}

/** A report with all violations, also those that it does not list. */
export interface Settled {
  readonly report: FileReport;
  /** In the order of their events. */
  readonly violations: readonly Violated[];
}

/** What a checker says of a file when its events are through. */
export function settledOf(
  file: string,
  checker: Checker,
  summary: ReadSummary,
  options: CheckOptions,
): Settled {
  const { counts, taskNames, inBuffer, written } = summary;
  const wholeness = wholenessOf(checker, summary);
  const { weakened, violations, ...result } = checker.finish(
    wholeness,
    (task) => taskNames.get(task) ?? `task${task}`,
  );
  const overwritten = Math.max((written ?? 0) - (inBuffer ?? 0), 0);
  const report: FileReport = {
    file,
    format: summary.format,
    verdict: verdictOf(result.rules, options.require ?? []),
    events: summary.kind === "run" && "events" in counts ? counts.events : counts.observations,
    unmapped: counts.unmapped,
    lost: counts.lost + overwritten,
    notifiers: checker.state.notifiers.length,
    invalidations: counts.invalidations,
    readSections: counts.readSections,
    retries: counts.retries,
    busy: counts.busy,
    again: counts.again,
    ...result,
    notes: [...selectionNotes(checker, result.rules), ...wholeness.gaps, ...weakened],
    ...(summary.clock === undefined ? {} : { clock: summary.clock }),
    ...(checker.selector === undefined ? {} : { selected: checker.selector.selected }),
    taskNames: Object.fromEntries(taskNames),
    pointers: Object.fromEntries(summary.pointers),
    lines: counts.lines,
    skipped: counts.unread,
    unexplained: counts.unexplained,
  };
  return { report, violations };
}

/** Violated before undecided before held; a file in which no rule was observed is undecided. */
export function verdictOf(
  rules: Readonly<Record<string, RuleCounts>>,
  required: readonly string[],
): FileVerdict {
  const all = Object.values(rules);
  if (all.some((counts) => counts.violated > 0)) return "violated";
  const missing = required.some((id) => rules[id] === undefined || rules[id].unobserved > 0);
  if (missing || all.some((counts) => counts.undecided > 0)) return "undecided";
  return all.some((counts) => counts.held > 0) ? "held" : "undecided";
}
