/**
 * `fuzz`: schedules that a portfolio of strategies draws, of a scenario or of drawn workloads.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { FuzzPath } from "../fuzz/met-again.ts";
import { shard } from "./explore.ts";
import type { FuzzFlags } from "./fuzz-flags.ts";
import { list, natural, type Session } from "./session.ts";

/** Adds `fuzz` to the program. */
export function defineFuzz(program: Command, session: Session): void {
  program
    .command("fuzz")
    .description("draw workloads and schedules, and bring each failure to its shortest run")
    .option(
      "--scenario <name>",
      "schedules of this scenario or file; absent: drawn workloads, every second round the mutant's own",
    )
    .option("--mutant <id>", "with this bug in the model; mmreplay zoo names them")
    .option("--rules <ids>", "ask only these rules (K-I13,K-I14)", list)
    .option("--runs <n>", "draw n schedules (default: 20000, unless --seconds)", natural(1))
    .option("--seconds <t>", "begin no round after t seconds", natural(1))
    .option("--seed <n>", "what everything is drawn from (default: 1)", natural())
    .option("--path <round:schedule>", "meet one failure again, and only it", path)
    .option("--workers <n>", "draw on n threads (default: 1)", natural(1))
    .option("--shard <i/n>", "take every n-th round, from the i-th on", shard)
    .option("--corpus <folder>", "keep each failure there, and where the campaign stands")
    .option("--resume", "go on where the corpus says that the campaign stands")
    .option("--max-steps <n>", "cut a schedule after n steps (default: 2000)", natural(1))
    .option("--max-states <n>", "certify with at most n states (default: 1000000)", natural(1))
    .addOption(
      new Option("--reporter <name>", "how to print the results")
        .choices(["text", "ktap", "junit", "github", "md"])
        .default("text"),
    )
    .option("--timing", "say also what it took")
    .option("--json", "print one JSON object")
    .action(
      session.action(async (flags: FuzzFlags) => {
        const { runFuzz } = await import("./fuzz-run.ts");
        return runFuzz(flags, session.io);
      }),
    );
}

/** The last round that there is. */
const ROUND_MAX = 2 ** 31 - 2;

/** Reads `ROUND:SCHEDULE`, both from 0 on. */
function path(text: string): FuzzPath {
  const [, round, schedule] = /^(\d{1,12}):(\d{1,9})$/.exec(text) ?? [];
  if (round === undefined || Number(round) > ROUND_MAX) {
    throw new InvalidArgumentError("Expected ROUND:SCHEDULE, as a finding's path says it.");
  }
  return { round: Number(round), schedule: Number(schedule) };
}
