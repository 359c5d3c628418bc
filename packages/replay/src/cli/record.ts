/**
 * `record`: prints the recorder script for the user's machine.
 */
import { type Command, Option } from "commander";
import { EXIT_OK } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import type { Session } from "./session.ts";

const TOOLS = ["kprobe", "fprobe", "bpftrace"] as const;

interface Flags {
  readonly tool: (typeof TOOLS)[number];
  readonly driver?: string;
  readonly kernel?: string;
}

/** Adds `record` to the program. */
export function defineRecord(program: Command, session: Session): void {
  program
    .command("record")
    .description("print a recorder script: mmreplay record > record.sh; sudo sh record.sh COMMAND")
    .addOption(
      new Option("--tool <name>", "what the script records with").choices(TOOLS).default("kprobe"),
    )
    .option("--driver <name>", "also record this driver (test_hmm)")
    .option("--kernel <release>", "use this kernel's layout where the target has no pahole")
    .action(session.action((flags: Flags) => record(flags, session)));
}

async function record(flags: Flags, session: Session): Promise<number> {
  const { kprobeScript, RECORDED_DRIVERS } = await import("../recorder/kprobe-script.ts");
  const { tool, driver, kernel } = flags;
  if (tool !== "kprobe") {
    throw new UsageError(`--tool ${tool} is not there yet: use --tool kprobe`);
  }
  if (driver !== undefined && !RECORDED_DRIVERS.includes(driver)) {
    throw new UsageError(
      `no probes for driver ${JSON.stringify(driver)}: known are ${RECORDED_DRIVERS.join(", ")}; leave --driver out to record the notifier core`,
    );
  }
  if (kernel !== undefined && !/^\d+\.\d+[\w.+-]*$/.test(kernel)) {
    throw new UsageError(`--kernel ${JSON.stringify(kernel)} is no release such as 6.1 or 6.12.9`);
  }
  const script = kprobeScript({
    ...(driver === undefined ? {} : { driver }),
    ...(kernel === undefined ? {} : { kernel }),
  });
  await session.io.stdout.write(script);
  return EXIT_OK;
}
