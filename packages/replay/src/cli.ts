/**
 * The entry point of `bin/mmreplay.js`.
 */
import { processIo } from "./cli/process-io.ts";
import { run } from "./cli/program.ts";

/** Runs the command line on the real process and sets its exit code. */
export async function main(argv: string[]): Promise<void> {
  const { io, release } = processIo();
  try {
    process.exitCode = await run(argv, io);
  } finally {
    release();
  }
}
