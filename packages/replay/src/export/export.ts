/**
 * A file to Chrome's trace JSON: what is violated is known only at the end, so its timeline is walked twice.
 */
import type { CheckOptions } from "../recording/check-options.ts";
import { findingsOf } from "../timeline/findings.ts";
import { openTimeline } from "../timeline/open.ts";
import { ChromeTrace } from "./chrome-trace.ts";

/** What was exported. */
export interface ExportSummary {
  readonly events: number;
  readonly records: number;
  readonly violations: number;
}

/**
 * Writes the trace, piece by piece.
 *
 * @throws SimError when the file cannot be read.
 */
export async function exportChrome(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  write: (text: string) => void,
  signal?: AbortSignal,
): Promise<ExportSummary> {
  const opened = await openTimeline(file, bytes, options, { signal });
  const { timeline, selected } = opened;
  const findings = findingsOf(opened);
  let records = 0;
  write('{"displayTimeUnit":"ns","traceEvents":[');
  const trace = new ChromeTrace((record) => {
    write(`${records === 0 ? "" : ","}\n${JSON.stringify(record)}`);
    records += 1;
  }, findings);
  timeline.walk(0, timeline.length - 1, {
    after: (event, state) => {
      if (selected?.has(event.index) === false) trace.overlook(event);
      else trace.event(event, state);
      return signal?.aborted === true;
    },
  });
  trace.end();
  write("\n]}\n");
  return { events: timeline.length, records, violations: findings.length };
}
