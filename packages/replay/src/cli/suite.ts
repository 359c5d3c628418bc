/**
 * `suite hmm-tests`: the kernel's HMM selftests, run as scenarios.
 */
import { type Command, InvalidArgumentError } from "commander";
import type { SuiteResult } from "../suite/run-suite.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_VIOLATED } from "./exit-code.ts";
import { jsonText } from "./json-output.ts";
import type { Session } from "./session.ts";

const SUITES = ["hmm-tests"];

/** Adds `suite` to the program. */
export function defineSuite(program: Command, session: Session): void {
  program
    .command("suite")
    .description("run the kernel's HMM selftests as scenarios")
    .argument("<name>", SUITES.join(", "), (name: string) => {
      if (SUITES.includes(name)) return name;
      throw new InvalidArgumentError(`The suite is ${SUITES.join(" or ")}.`);
    })
    .option("--json", "print one JSON object")
    .action(session.action((_: string, flags: { json?: boolean }) => suite(flags, session)));
}

async function suite({ json }: { json?: boolean }, { io }: Session): Promise<number> {
  const [{ suiteRuns }, { atEaseUntil }] = await Promise.all([
    import("../suite/run-suite.ts"),
    import("../explore/at-ease.ts"),
  ]);
  const stopped = (): boolean => io.signal.aborted;
  const tests: SuiteResult[] = [];
  for (const running of suiteRuns()) {
    const result = await atEaseUntil(running, stopped);
    if (result === undefined) break;
    tests.push(result);
    if (!json) await io.stdout.write(lineOf(result));
  }
  await io.stdout.write(
    json
      ? jsonText({ tests, ...(stopped() ? { interrupted: true } : {}) })
      : summaryOf(tests, stopped()),
  );
  if (stopped()) return EXIT_INTERRUPTED;
  return tests.every(({ passed }) => passed) ? EXIT_OK : EXIT_VIOLATED;
}

function summaryOf(tests: readonly SuiteResult[], interrupted: boolean): string {
  const failed = tests.filter(({ passed }) => !passed).length;
  const head = interrupted ? "interrupted: only what had come to its end\n" : "";
  return `${head}${tests.length - failed} passed, ${failed} failed\n`;
}

function lineOf({ name, variant, passed, message, states }: SuiteResult): string {
  const result = `${passed ? "ok  " : "FAIL"}  ${variant.padEnd("device_coherent".length)}`;
  const searched = states === undefined ? "" : ` (all interleavings of 2 pages: ${states} states)`;
  return `${result}  ${name}${message === "" ? searched : `: ${message}`}\n`;
}
