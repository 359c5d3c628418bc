/**
 * `check`: a recording or a journal to a verdict.
 *
 * The bytes of one file go through the importer, the lowering and the checker in one pass.
 */
import { emptyState } from "@mmreplay/core";
import {
  createImporter,
  type ImportFormat,
  type Observation,
  SimError,
  TEXT_FORMATS,
  type TextFormat,
} from "@mmreplay/events";
import type { CheckOptions } from "./check-options.ts";
import type { FileReport, FileVerdict, RuleCounts } from "./check-report.ts";
import { type Checker, createChecker, selectRules, type Wholeness } from "./checker.ts";
import { createLowering, type Lowering } from "./lowering.ts";
import { profileOf } from "./profile-of.ts";
import { sniffed } from "./sniffed.ts";

/** A recorded head: how much the file should hold. */
interface Head {
  inBuffer: number | undefined;
  written: number | undefined;
}

/**
 * Checks one file's bytes (already decompressed).
 *
 * @throws SimError when the file cannot be read as a recording or journal.
 */
export async function checkBytes(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  progress?: (lines: number) => void,
  signal?: AbortSignal,
): Promise<FileReport> {
  const rules = selectRules(options.rules);
  const { format, chunks } = await sniffed(bytes, options.format);
  if (!isTextFormat(format)) throw notYet(format);
  const checker = createChecker(emptyState(), rules);
  const profile = profileOf(options.profile);
  const lowering = createLowering({
    meaning: profile.meaning,
    layout: profile.layout,
    buffersBeginUnseen: format === "ftrace" || format === "ftrace-latency",
    state: checker.state,
    apply: (event) => checker.apply(event),
  });
  const head: Head = { inBuffer: undefined, written: undefined };
  const importer = createImporter(format);
  const observe = (observation: Observation): void => {
    if (observation.kind === "header") {
      head.inBuffer ??= observation.inBuffer;
      head.written ??= observation.written;
    }
    lowering.observe(observation);
  };
  let stopped = false;
  for await (const chunk of chunks) {
    if (signal?.aborted) {
      stopped = true;
      break;
    }
    importer.push(chunk, observe);
    progress?.(lowering.counts.lines);
  }
  importer.end(observe);
  lowering.end();
  return report({ file, format, checker, lowering, head, stopped, options });
}

function isTextFormat(format: ImportFormat): format is TextFormat {
  return (TEXT_FORMATS as readonly string[]).includes(format);
}

function notYet(format: string): SimError {
  return new SimError({
    code: "E_FORMAT",
    found: `the format ${format}`,
    expected: `one of ${TEXT_FORMATS.join(", ")}`,
    action: "Convert the recording to one of these.",
  });
}

interface Finished {
  readonly file: string;
  readonly format: string;
  readonly checker: Checker;
  readonly lowering: Lowering;
  readonly head: Head;
  readonly stopped: boolean;
  readonly options: CheckOptions;
}

function wholenessOf({ lowering, head, stopped, checker }: Finished): Wholeness {
  const { counts } = lowering;
  const { inBuffer, written } = head;
  const holes = inBuffer !== undefined && inBuffer > counts.observations;
  const gaps: string[] = [];
  if (stopped) gaps.push("The check was stopped before the end of the file.");
  if (counts.lost > 0 || checker.seen.has("lost_events")) {
    gaps.push(`The recorder dropped events (${counts.lost} of them counted).`);
  }
  if (inBuffer !== undefined && written !== undefined && written > inBuffer) {
    gaps.push(`The buffer was overwritten: ${written - inBuffer} older events are missing.`);
  }
  if (holes) {
    gaps.push(
      `The head says ${inBuffer} events, the file has ${counts.observations}: it was cut or thinned.`,
    );
  }
  if (counts.unread > 0) gaps.push(`${counts.unread} lines could not be read.`);
  const whole =
    gaps.length === 0 && inBuffer !== undefined && inBuffer === written && inBuffer === counts.observations;
  return { whole, holes, gaps };
}

function report(finished: Finished): FileReport {
  const { lowering, checker, options, head } = finished;
  const { counts, taskNames } = lowering;
  const wholeness = wholenessOf(finished);
  const result = checker.finish(wholeness, (task) => taskNames.get(task) ?? `task${task}`);
  const overwritten = (head.written ?? 0) - (head.inBuffer ?? 0);
  return {
    file: finished.file,
    format: finished.format,
    verdict: verdictOf(result.rules, options.require ?? []),
    events: counts.observations,
    unmapped: counts.unmapped,
    lost: counts.lost + Math.max(overwritten, 0),
    notifiers: checker.state.notifiers.length,
    invalidations: counts.invalidations,
    readSections: counts.readSections,
    retries: counts.retries,
    busy: counts.busy,
    again: counts.again,
    ...result,
    notes: wholeness.gaps,
    taskNames: Object.fromEntries(taskNames),
    pointers: Object.fromEntries(lowering.pointers),
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

