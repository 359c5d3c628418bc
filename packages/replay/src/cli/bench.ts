/**
 * `bench [NAME]`: the benchmark table.
 *
 * Rates are wall-clock, so this command alone prints other figures each time. A row is printed when it
 * is known; after Ctrl-C the rows so far stand.
 */
import type { Command } from "commander";
import type { Row } from "../bench/bench.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { jsonText } from "./json-output.ts";
import { progressOn } from "./progress.ts";
import { natural, type Session } from "./session.ts";

interface Flags {
  readonly seed: number;
  readonly runs?: number;
  readonly quick?: boolean;
  readonly json?: boolean;
}

/** Adds `bench` to the program. */
export function defineBench(program: Command, session: Session): void {
  program
    .command("bench")
    .description("measure the product beside named baselines in the same run")
    .argument("[name]", "one benchmark; without it, all")
    .option("--seed <n>", "what the input is made from", natural(), 1)
    .option("--runs <n>", "measured runs of each side", natural(1))
    .option("--quick", "small inputs: whether it runs, not how fast")
    .option("--json", "print one JSON object")
    .action(
      session.action((name: string | undefined, flags: Flags) => bench(name, flags, session)),
    );
}

async function bench(name: string | undefined, flags: Flags, session: Session): Promise<number> {
  const { io } = session;
  const [{ BENCHMARKS, rowsOf }, { QUICK, SIZE }] = await Promise.all([
    import("../bench/bench.ts"),
    import("../bench/inputs.ts"),
  ]);
  const chosen = BENCHMARKS.filter((one) => name === undefined || one.name === name);
  if (chosen.length === 0) {
    const names = BENCHMARKS.map((one) => one.name).join(", ");
    throw new UsageError(`no benchmark ${JSON.stringify(name)}: known are ${names}`);
  }
  const { seed, runs } = flags;
  const size = { ...(flags.quick ? QUICK : SIZE), seed, ...(runs === undefined ? {} : { runs }) };
  const progress = progressOn(io.stderr);
  const rows: Row[] = [];
  const measuring = rowsOf(chosen, size, (one) => ({
    now: () => performance.now(),
    cpu: cpuMilliseconds,
    async before(run) {
      progress.show(`bench: ${one.name}, run ${run} of ${size.runs}`);
      // Ctrl-C is heard only when the event loop turns.
      await new Promise((resolve) => setImmediate(resolve));
      return !io.signal.aborted;
    },
  }));
  if (!flags.json) await io.stdout.write(HEAD);
  for await (const row of measuring) {
    progress.clear();
    rows.push(row);
    if (!flags.json) await io.stdout.write(lineOf(row));
  }
  progress.clear();
  if (flags.json) await io.stdout.write(jsonText({ rows }));
  else await io.stdout.write(noteOf(rows));
  if (!io.signal.aborted) return EXIT_OK;
  await io.stderr.write("mmreplay: interrupted\n");
  return EXIT_INTERRUPTED;
}

const HEAD = lineWith("benchmark", "median", "(slowest, fastest)", "baseline", ["ratio", "by CPU"]);

function lineOf(row: Row): string {
  const { name, unit, median, slowest, fastest, baseline, baselineMedian } = row;
  const spread = `(${rate(slowest)}, ${rate(fastest)})`;
  return lineWith(name, `${rate(median)} ${unit}`, spread, `${rate(baselineMedian)}  ${baseline}`, [
    `${row.ratio} x`,
    `${row.cpuRatio} x`,
  ]);
}

function lineWith(
  name: string,
  median: string,
  spread: string,
  baseline: string,
  ratios: readonly string[],
): string {
  const columns = [name.padEnd(14), median.padStart(15), spread.padStart(18)];
  columns.push(...ratios.map((ratio) => ratio.padStart(8)));
  return `${columns.join("  ")}  of ${baseline}\n`;
}

/** Below this share of the processor rates say little. */
const CPU_SHARE_LEAST = 0.8;

function noteOf(rows: readonly Row[]): string {
  const least = Math.min(...rows.map((row) => row.cpuShare));
  if (!(least < CPU_SHARE_LEAST)) return "";
  const percent = Math.round(least * 100);
  return `The machine was busy: down to ${percent} % of the processor. Rates are too low: look at the ratios.\n`;
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Three digits: `1.23 M`, `45.6 k`. */
function rate(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  if (value >= 1e3) return `${(value / 1e3).toPrecision(3)} k`;
  return String(value);
}
