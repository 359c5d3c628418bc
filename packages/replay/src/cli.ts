/**
 * The entry point of `bin/mmreplay.js`.
 */
import { EXIT_INTERRUPTED, EXIT_USAGE } from "./cli/exit-code.ts";
import { processIo } from "./cli/process-io.ts";
import { run } from "./cli/program.ts";

/** Runs the command line on the real process and sets its exit code. */
export async function main(argv: string[]): Promise<void> {
  const { io, failure, interruptedExit, release } = processIo();
  try {
    const exit = await run(argv, io);
    process.exitCode = exit === EXIT_INTERRUPTED ? interruptedExit() : exit;
    const error = failure();
    if (error === undefined) return;
    await io.stderr.write(`mmreplay: the output could not be written: ${error.message}\n`);
    process.exitCode = EXIT_USAGE;
  } finally {
    release();
  }
}
