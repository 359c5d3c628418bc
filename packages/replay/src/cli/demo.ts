/**
 * `demo`: checks the real recording that ships with the package.
 *
 * The captions say where it comes from; everything else on the screen is derived from the recording.
 */
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import type { FileReport } from "../recording/check-report.ts";
import { paintFor } from "./colour.ts";
import { EXIT_OK } from "./exit-code.ts";
import { natural, type Session } from "./session.ts";

const CAPTION = `A recording of a booted Linux 6.1 kernel whose device driver oopsed.
The driver is lib/test_hmm.c with upstream's logic: its callback skips a MIGRATE invalidation that
its own device asked for, and with it mmu_interval_set_seq(). Threads read, wrote and migrated one
range until the kernel crashed. Kprobes wrote the trace (demo/oops.txt.gz in the package).
`;

const NEXT = `Check a recording of your own:
  mmreplay record --driver test_hmm > record.sh    a recorder script, to audit and run as root
  sh record.sh YOUR-TEST                           writes mmreplay-trace.txt
  mmreplay check mmreplay-trace.txt                ftrace, trace-cmd report or perf script text
Every rule in words:  mmreplay check --explain FILE
`;

/** Adds `demo` to the program. */
export function defineDemo(program: Command, session: Session): void {
  program
    .command("demo")
    .description("check a real recording of a kernel that crashed, and show why it did")
    .option("--width <columns>", "width of the two-column table", natural(40), 75)
    .action(session.action((flags: { width: number }) => demo(flags.width, session)));
}

async function demo(width: number, { io }: Session): Promise<number> {
  const [{ checkBytes }, { openInput }, { demoText }] = await Promise.all([
    import("../recording/check.ts"),
    import("../input/open.ts"),
    import("../report/demo.ts"),
  ]);
  const file = fileURLToPath(new URL("../../demo/oops.txt.gz", import.meta.url));
  const report: FileReport = await checkBytes("oops.txt", openInput(file, io.stdin), {});
  const paint = paintFor(io.stdout, io.environment);
  await io.stdout.write(`${CAPTION}\n${demoText(report, { paint, width })}\n${NEXT}`);
  // The violation is what the demo shows, not its failure.
  return EXIT_OK;
}
