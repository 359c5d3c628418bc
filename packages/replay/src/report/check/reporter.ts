/**
 * What a reporter of `check` is: text for the beginning, for each file in turn, and for the end.
 *
 * Files are reported as they are finished, so that Ctrl-C leaves what is known on the screen.
 */
import type { FileReport } from "../../recording/check-report.ts";
import type { Paint } from "../paint.ts";

/** A file that could not be checked. */
export interface FileFailure {
  readonly file: string;
  readonly error: { readonly code: string; readonly message: string };
}

/** What a check has to say of one file. */
export type FileResult = FileReport | FileFailure;

/** What the user wants to see. */
export interface ReportOptions {
  readonly paint: Paint;
  /** Say of each rule what it demands, where it comes from, and its counts. */
  readonly explain: boolean;
  /** Say how often a race was run into and caught. */
  readonly nearMiss: boolean;
  /** Columns of the two-column table. */
  readonly width: number;
  /** Rules that had to be observed. */
  readonly required: readonly string[];
}

/** One way to print the results of a check. */
export interface Reporter {
  begin(files: number): string;
  /** The `index`-th file, from 0. */
  file(result: FileResult, index: number): string;
  end(results: readonly FileResult[]): string;
}

/** Whether the file could not be checked. */
export function isFailure(result: FileResult): result is FileFailure {
  return "error" in result;
}
