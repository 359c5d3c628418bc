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
  readonly generation?: string;
}

/** Adds `record` to the program. */
export function defineRecord(program: Command, session: Session): void {
  program
    .command("record")
    .description("print a recorder script: mmreplay record > record.sh; sudo sh record.sh COMMAND")
    .addOption(
      new Option("--tool <name>", "what the script records with").choices(TOOLS).default("kprobe"),
    )
    .option("--driver <name>", "also record this driver (test_hmm); none: the core only")
    .option("--kernel <release>", "use this kernel's layout where the target has no pahole")
    .option("--generation <version>", "bpftrace: write for this version, such as 0.24 (0.17)")
    .action(session.action((flags: Flags) => record(flags, session)));
}

async function record(flags: Flags, session: Session): Promise<number> {
  const { RECORDED_DRIVERS } = await import("../recorder/kprobe-script.ts");
  const { tool } = flags;
  const driver = flags.driver === "none" ? undefined : flags.driver;
  if (tool === "fprobe") {
    throw new UsageError(`--tool ${tool} is not there yet: use --tool kprobe or --tool bpftrace`);
  }
  if (driver !== undefined && !RECORDED_DRIVERS.includes(driver)) {
    throw new UsageError(
      `no probes for driver ${JSON.stringify(driver)}: known are ${RECORDED_DRIVERS.join(", ")}; leave --driver out to record the notifier core`,
    );
  }
  const write = tool === "kprobe" ? kprobe : bpftrace;
  await session.io.stdout.write(await write({ ...flags, driver }));
  return EXIT_OK;
}

type Checked = Omit<Flags, "driver"> & { readonly driver: string | undefined };

async function kprobe({ driver, kernel, generation }: Checked): Promise<string> {
  if (generation !== undefined) throw new UsageError("--generation is for --tool bpftrace");
  if (kernel !== undefined && !/^\d+\.\d+[\w.+-]*$/.test(kernel)) {
    throw new UsageError(`--kernel ${JSON.stringify(kernel)} is no release such as 6.1 or 6.12.9`);
  }
  const { kprobeScript } = await import("../recorder/kprobe-script.ts");
  return kprobeScript({
    ...(driver === undefined ? {} : { driver }),
    ...(kernel === undefined ? {} : { kernel }),
  });
}

async function bpftrace({ driver, kernel, generation }: Checked): Promise<string> {
  if (kernel !== undefined) {
    throw new UsageError("--kernel is for --tool kprobe: bpftrace asks the running kernel");
  }
  const { bpftraceScript, isBpftraceGeneration } = await import("../recorder/bpftrace-script.ts");
  if (generation !== undefined && !isBpftraceGeneration(generation)) {
    throw new UsageError(
      `--generation ${JSON.stringify(generation)} is no version of bpftrace from 0.17 on, such as 0.24`,
    );
  }
  return bpftraceScript({
    ...(driver === undefined ? {} : { driver }),
    ...(generation === undefined ? {} : { generation }),
  });
}
