/**
 * `explore NAME`: the interleavings of a scenario, by one of the strategies, until one fails.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { ExploreFlags, Shard } from "./explore-flags.ts";
import { natural, type Session } from "./session.ts";

/** Adds `explore` to the program. */
export function defineExplore(program: Command, session: Session): void {
  const command = program
    .command("explore")
    .description("search every interleaving of a scenario for a run that fails")
    .argument("[name]", "a scenario (mmreplay scenario list names them), or a file in JSON (.json)")
    .addOption(
      new Option("--strategy <name>", "bfs (default) and dfs visit every state").choices([
        "bfs",
        "dfs",
        "random",
        "pct",
        "bounded",
      ]),
    )
    .option("--mutant <id>", "search with this bug in the model; mmreplay zoo names them")
    .option(
      "--no-symmetry",
      "visit also states that differ only by an exchange of tasks with the same program",
    )
    .option(
      "--no-por",
      "visit also the states before steps that commute with all steps of other tasks",
    )
    .option("--max-states <n>", "store at most n states", natural(1))
    .option("--max-lasso-states <n>", "look for endless runs in at most n states", natural())
    .option("--max-preemptions <n>", "bounded: leave a task that could go on n times", natural())
    .option("--runs <n>", "random, pct: draw n schedules", natural(1))
    .option("--max-steps <n>", "random, pct: cut a schedule after n steps", natural(1))
    .option("--pct-depth <d>", "pct: d - 1 changes of priority (default: 3)", natural(1))
    .option("--seed <n>", "random, pct: what the schedules are drawn from (default: 1)", natural());
  command
    .option("--workers <n>", "bfs: search on n threads (default: 1)", natural(1))
    .option("--shard <i/n>", "search one of n shards; --json or -o keeps it", shard)
    .option("--merge <file...>", "join shards to one report")
    .option("--resume <file>", "bfs: go on from this file, and write it if a bound cuts the search")
    .option("-o, --output <file>", "write the failing run as a journal; with --shard the shard")
    .option("--timing", "say also what the search took")
    .option("--json", "print one JSON object")
    .action(
      session.action(async (name: string | undefined, flags: ExploreFlags) => {
        const { runExplore } = await import("./explore-run.ts");
        return runExplore(name, flags, session.io);
      }),
    );
}

/** Reads `i/n`, from 1 on. */
export function shard(text: string): Shard {
  const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const [index, of] = [Number(i) - 1, Number(n)];
  if (!(index >= 0 && index < of)) {
    throw new InvalidArgumentError("Expected i/n, as 1/4 to 4/4.");
  }
  return { index, of };
}
