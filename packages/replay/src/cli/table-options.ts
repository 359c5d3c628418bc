/**
 * The options that say how a table is printed: its width, and what surrounds it where it is pasted.
 */
import type { Command } from "commander";
import type { TableFrame } from "../report/table/table.ts";
import { UsageError } from "./failure.ts";
import { natural } from "./session.ts";

/** The options, as commander gives them. */
export interface TableFlags {
  readonly width: number;
  readonly comment?: boolean;
  readonly rst?: boolean;
  readonly markdown?: boolean;
}

const FRAMES = ["comment", "rst", "markdown"] as const;

/** Adds them to a command. */
export function addTableOptions(command: Command): Command {
  return command
    .option("--width <columns>", "columns of the table", natural(40), 75)
    .option("--comment", "the table alone, as a comment of C")
    .option("--rst", "the table alone, as a literal block of reStructuredText")
    .option("--markdown", "the table alone, as a fenced block");
}

/** The frame that is asked for, if any. */
export function frameOf(flags: TableFlags): TableFrame | undefined {
  const [frame, other] = FRAMES.filter((one) => flags[one] === true);
  if (other !== undefined) throw new UsageError(`--${frame} and --${other} exclude each other.`);
  return frame;
}
