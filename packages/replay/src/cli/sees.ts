/**
 * `sees [OPERATION...]`: what a driver gets of each operation on a process's memory, from a run of it.
 */
import type { Command } from "commander";
import { EXIT_OK, EXIT_VIOLATED } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { jsonText } from "./json-output.ts";
import type { Session } from "./session.ts";

interface Flags {
  readonly json?: boolean;
  readonly mutant?: string;
}

/** Adds `sees` to the program. */
export function defineSees(program: Command, session: Session): void {
  program
    .command("sees")
    .description("show what a driver sees of each operation on a process's memory")
    .argument("[operation...]", "these in detail; without any: all, a line each")
    .option("--mutant <id>", "run the model with this bug of the zoo")
    .option("--json", "print one JSON object")
    .action(session.action((names: string[], flags: Flags) => sees(names, flags, session)));
}

async function sees(names: readonly string[], flags: Flags, { io }: Session): Promise<number> {
  const [{ SEEN_OPERATIONS }, { mutantNamed }, { sightOf }, text] = await Promise.all([
    import("@mmreplay/core"),
    import("../explore/named.ts"),
    import("../sees/sight.ts"),
    import("../report/sees/text.ts"),
  ]);
  const known = SEEN_OPERATIONS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const quoted = JSON.stringify(unknown.slice(0, 60));
    throw new UsageError(`no operation is called ${quoted}. There are: ${known.join(", ")}.`);
  }
  const mutant = flags.mutant === undefined ? undefined : mutantNamed(flags.mutant);
  const wanted = SEEN_OPERATIONS.filter(({ name }) => names.length === 0 || names.includes(name));
  const sights = wanted.map((seen) => sightOf(seen, mutant));
  // A bug may have no part in what is asked for; the model as it is must not be taken for it.
  const plain = mutant === undefined ? [] : wanted.map((seen) => sightOf(seen));
  if (flags.json) {
    const same = mutant === undefined ? {} : { unchanged: text.unchangedIn(sights, plain) };
    await io.stdout.write(jsonText({ operations: sights.map(text.recordOf), ...same }));
  } else {
    const told = names.length === 0 ? text.summaryOf : text.detailsOf;
    const same = mutant === undefined ? [] : text.unchangedLines(mutant.id, sights, plain, told);
    await io.stdout.write(`${[...told(sights), ...same].join("\n")}\n`);
  }
  return sights.some(text.isBroken) ? EXIT_VIOLATED : EXIT_OK;
}
