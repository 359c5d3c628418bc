/**
 * What a page says of its events besides them: the verdict and the names, in one JSON object.
 *
 * The findings are those of `check`, made when the page was written, so a page never says anything else than
 * the command does, and says it before its events are unpacked.
 */
import type { JournalHeader } from "@mmreplay/events";
import type { FileReport } from "../recording/check-report.ts";
import type { PackedViolations } from "./violations.ts";

/** Version of the page's data; the page refuses another one. */
export const PAGE_VERSION = 2;

/** The head of a page. */
export interface PageHead extends PackedViolations {
  readonly schemaVersion: typeof PAGE_VERSION;
  /** Version of the program that wrote it. */
  readonly writtenBy: string;
  readonly header: JournalHeader;
  /** Events in the journal. */
  readonly length: number;
  readonly report: Omit<FileReport, "slice">;
  /** Events that were selected: first index and length of each stretch, one after the other; absent: all. */
  readonly selected?: readonly number[];
  /** The rules that are violated, in words. */
  readonly rules: Readonly<Record<string, { readonly statement: string; readonly source: string }>>;
}
