/**
 * `check`: a recording or a journal to a verdict.
 *
 * The bytes of one file go through the importer, the lowering and the checker in one pass.
 */
import type { CheckOptions } from "./check-options.ts";
import type { FileReport, FileVerdict, RuleCounts } from "./check-report.ts";
import { type Checker, createChecker, selectRules, type Wholeness } from "./checker.ts";
import { type ReadSummary, readEvents } from "./read-events.ts";

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
    (state, recipes) => createChecker(state, rules, recipes),
    { progress, signal },
  );
  return reportOf(file, taker, summary, options);
}

/** What is missing of a recording, in sentences. */
function gapsOf({ counts, inBuffer, written, ended, stopped }: ReadSummary): string[] {
  const gaps: string[] = [];
  if (stopped) gaps.push("The check was stopped before the end of the file.");
  else if (!ended) gaps.push("The journal has no end: it was cut.");
  if (counts.lost > 0) gaps.push(`The recorder dropped ${counts.lost} events.`);
  if (inBuffer !== undefined && written !== undefined && written > inBuffer) {
    gaps.push(`The buffer was overwritten: ${written - inBuffer} older events are missing.`);
  }
  if (inBuffer !== undefined && inBuffer > counts.observations) {
    gaps.push(
      `The head says ${inBuffer} events, the file has ${counts.observations}: it was cut or thinned.`,
    );
  }
  if (inBuffer !== undefined && counts.observations > inBuffer) {
    gaps.push(
      `The head says ${inBuffer} events, the file has ${counts.observations}: check one recording at a time.`,
    );
  }
  if (counts.torn > 0) {
    gaps.push(`${counts.torn} calls lack their entry or their return: lines are missing.`);
  }
  if (counts.late > 0) {
    gaps.push(`${lines(counts.late)} came too late to be put in the order of time.`);
  }
  if (counts.unread > 0) gaps.push(`${lines(counts.unread)} could not be read.`);
  return gaps;
}

const lines = (number: number): string => `${number} line${number === 1 ? "" : "s"}`;

function wholenessOf(checker: Checker, summary: ReadSummary): Wholeness {
  const { counts, inBuffer, written, kind } = summary;
  const gaps = gapsOf(summary);
  const said = counts.lost > 0 || counts.late > 0 || counts.unread > 0;
  if (checker.seen.has("lost_events") && !said) {
    gaps.push("The recorder dropped events and does not say how many.");
  }
  const complete = inBuffer !== undefined && inBuffer === written;
  return {
    whole: gaps.length === 0 && (kind === "run" || (complete && inBuffer === counts.observations)),
    holes:
      summary.stopped ||
      counts.torn > 0 ||
      (inBuffer !== undefined && inBuffer > counts.observations),
    gaps,
  };
}

function reportOf(
  file: string,
  checker: Checker,
  summary: ReadSummary,
  options: CheckOptions,
): FileReport {
  const { counts, taskNames, inBuffer, written } = summary;
  const wholeness = wholenessOf(checker, summary);
  const { weakened, ...result } = checker.finish(
    wholeness,
    (task) => taskNames.get(task) ?? `task${task}`,
  );
  const overwritten = Math.max((written ?? 0) - (inBuffer ?? 0), 0);
  return {
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
    notes: [...wholeness.gaps, ...weakened],
    taskNames: Object.fromEntries(taskNames),
    pointers: Object.fromEntries(summary.pointers),
    lines: counts.lines,
    skipped: counts.unread,
    unexplained: counts.unexplained,
  };
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
