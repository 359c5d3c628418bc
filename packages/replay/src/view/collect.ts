/**
 * A file to what its page holds: its journal and what `check` says of it, in one pass.
 */
import { RULES, type State } from "@mmreplay/core";
import { encodeEvent, encodeHeader, type JournalHeader } from "@mmreplay/events";
import { settledOf } from "../recording/check.ts";
import type { CheckOptions } from "../recording/check-options.ts";
import { createChecker } from "../recording/checker.ts";
import { readEvents } from "../recording/read-events.ts";
import { EventSet } from "../timeline/event-set.ts";
import { nothingSelected } from "../timeline/open.ts";
import type { PageHead } from "./page-head.ts";
import { packViolations } from "./violations.ts";

/** What a page is made of besides its journal. */
export type Collected = Omit<PageHead, "schemaVersion" | "writtenBy">;

/**
 * Reads a file and gives its journal, line by line, to `write`.
 *
 * @throws SimError when the file cannot be read as a recording or journal.
 */
export async function collectPage(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  options: CheckOptions,
  write: (line: string) => void,
  signal?: AbortSignal,
): Promise<Collected> {
  let header: JournalHeader | undefined;
  let length = 0;
  const selected = options.selection === undefined ? undefined : new EventSet();
  const begin = (state: State, recipes?: Parameters<typeof createChecker>[3]) => {
    const checker = createChecker(state, RULES, options.selection, recipes);
    return {
      state,
      checker,
      header(read: JournalHeader) {
        header = read;
        checker.header(read);
        write(encodeHeader(read));
      },
      apply(event: Parameters<typeof checker.apply>[0]) {
        const taken = checker.selector?.selected.events;
        checker.apply(event);
        write(encodeEvent(event));
        length += 1;
        if (checker.selector?.selected.events !== taken) selected?.add(event.index);
      },
    };
  };
  const { taker, summary } = await readEvents(file, bytes, options, begin, { signal });
  if (header === undefined) throw new Error("assertion failed: what was read has a header");
  if (selected?.count === 0 && !summary.stopped) {
    throw nothingSelected(file, taker.checker.selector);
  }
  const settled = settledOf(file, taker.checker, summary, options);
  const { slice: _, ...report } = settled.report;
  const violated = RULES.filter(({ id }) => (report.rules[id]?.violated ?? 0) > 0);
  const rules = violated.map(({ id, statement, source }) => [id, { statement, source }] as const);
  return {
    header,
    length,
    report,
    ...packViolations(settled.violations),
    rules: Object.fromEntries(rules),
    ...(selected === undefined ? {} : { selected: selected.stretches() }),
  };
}
