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
  const { runSuite } = await import("../suite/run-suite.ts");
  const tests: SuiteResult[] = [];
  for (const result of runSuite(() => io.signal.aborted)) {
    if (io.signal.aborted) break;
    tests.push(result);
    if (!json) await io.stdout.write(lineOf(result));
  }
  const failed = tests.filter(({ passed }) => !passed).length;
  const passed = tests.length - failed;
  await io.stdout.write(json ? jsonText({ tests }) : `${passed} passed, ${failed} failed\n`);
  if (io.signal.aborted) return EXIT_INTERRUPTED;
  return failed > 0 ? EXIT_VIOLATED : EXIT_OK;
}

function lineOf({ name, variant, passed, message, states }: SuiteResult): string {
  const result = `${passed ? "ok  " : "FAIL"}  ${variant.padEnd("device_coherent".length)}`;
  const searched = states === undefined ? "" : ` (all interleavings of 2 pages: ${states} states)`;
  return `${result}  ${name}${message === "" ? searched : `: ${message}`}\n`;
}
