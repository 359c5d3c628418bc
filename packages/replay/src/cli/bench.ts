/**
 * `bench [NAME]`: the benchmark table.
 *
 * Rates are wall-clock, so this command alone prints other figures each time. A row is printed when it
 * is known; after Ctrl-C the rows so far stand.
 */
import type { Command } from "commander";
import type { LeftOut, Row } from "../bench/bench.ts";
import type { Benchmark, Unit } from "../bench/benchmark.ts";
import { EXIT_INTERRUPTED, EXIT_OK } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { jsonText } from "./json-output.ts";
import { progressOn } from "./progress.ts";
import { natural, type Session } from "./session.ts";

interface Flags {
  readonly seed: number;
  readonly runs?: number;
  readonly quick?: boolean;
  readonly spin?: string;
  readonly json?: boolean;
}

/** Adds `bench` to the program. */
export function defineBench(program: Command, session: Session): void {
  program
    .command("bench")
    .description("measure the product beside named baselines in the same run")
    .argument("[name]", "one benchmark; without it, all but those of minutes")
    .option("--seed <n>", "what the input is made from", natural(), 1)
    .option("--runs <n>", "measured runs of each side", natural(1))
    .option("--quick", "small inputs: whether it runs, not how fast")
    .option("--spin <dir>", `the folder of Spin's model (default: ${SPIN_MODEL}, if it is there)`)
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
  if (flags.spin !== undefined) await refuseOtherFolder(flags.spin);
  const chosen = chosenOf(BENCHMARKS, name);
  const { seed, runs } = flags;
  const asked = runs === undefined ? {} : { runs, longRuns: runs };
  const size = { ...(flags.quick ? QUICK : SIZE), seed, ...asked };
  const surroundings = { spinModel: flags.spin ?? SPIN_MODEL, signal: io.signal };
  const progress = progressOn(io.stderr);
  const rows: Row[] = [];
  const leftOut: LeftOut[] = name === undefined ? longOnes(BENCHMARKS) : [];
  const measuring = rowsOf(chosen, size, surroundings, (one) => ({
    now: () => performance.now(),
    cpu: cpuMilliseconds,
    async before(run) {
      progress.show(`bench: ${one.name}, run ${run} of ${one.long ? size.longRuns : size.runs}`);
      // Ctrl-C is heard only when the event loop turns.
      await new Promise((resolve) => setImmediate(resolve));
      return !io.signal.aborted;
    },
  }));
  for await (const row of measuring) {
    progress.clear();
    if ("why" in row) {
      if (name !== undefined) throw new UsageError(`${name} cannot be measured: ${row.why}`);
      leftOut.push(row);
      continue;
    }
    if (!flags.json) await io.stdout.write(`${rows.length === 0 ? HEAD : ""}${lineOf(row)}`);
    rows.push(row);
  }
  progress.clear();
  if (flags.json) await io.stdout.write(jsonText({ rows, leftOut }));
  else await io.stdout.write(noteOf(rows) + leftOutNote(leftOut));
  if (!io.signal.aborted) return EXIT_OK;
  await io.stderr.write("mmreplay: interrupted\n");
  return EXIT_INTERRUPTED;
}

/** Where the Promela model is beside a clone of the repository. */
const SPIN_MODEL = "../shared/peers/spin";

async function refuseOtherFolder(folder: string): Promise<void> {
  const { modelLacks } = await import("../bench/baselines/spin.ts");
  const lacks = modelLacks(folder);
  if (lacks !== undefined) throw new UsageError(lacks);
}

function chosenOf(benchmarks: readonly Benchmark[], name: string | undefined): Benchmark[] {
  if (name === undefined) return benchmarks.filter(({ long }) => !long);
  const chosen = benchmarks.filter((one) => one.name === name);
  if (chosen.length > 0) return chosen;
  const names = benchmarks.map((one) => one.name).join(", ");
  throw new UsageError(`no benchmark ${JSON.stringify(name)}: known are ${names}`);
}

const longOnes = (benchmarks: readonly Benchmark[]): LeftOut[] =>
  benchmarks
    .filter(({ long }) => long)
    .map(({ name }) => ({ name, why: `it takes minutes (mmreplay bench ${name})` }));

const HEAD = lineWith("benchmark", "median", "(slowest, fastest)", "baseline", ["ratio", "by CPU"]);

function lineOf(row: Row): string {
  const { name, unit, median, slowest, fastest, baseline, baselineMedian } = row;
  const text = (value: number): string => figure(value, unit);
  const spread = `(${text(slowest)}, ${text(fastest)})`;
  const against = `${text(baselineMedian)}  ${baseline}${memoryOf(row)}`;
  return lineWith(name, `${text(median)} ${unit}`, spread, against, [
    `${row.ratio} x`,
    `${row.cpuRatio} x`,
  ]);
}

function memoryOf({ memoryMb, baselineMemoryMb, memoryRatio }: Row): string {
  if (memoryMb === undefined) return "";
  return `; ${memoryMb} MB: ${memoryRatio} x of ${baselineMemoryMb}`;
}

function lineWith(
  name: string,
  median: string,
  spread: string,
  baseline: string,
  ratios: readonly string[],
): string {
  const columns = [name.padEnd(14), median.padStart(18), spread.padStart(18)];
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

/** One sentence for all rows that are left out for one reason. */
function leftOutNote(leftOut: readonly LeftOut[]): string {
  const reasons = new Set(leftOut.map(({ why }) => why));
  return [...reasons]
    .map((reason) => {
      const names = leftOut.filter(({ why }) => why === reason).map(({ name }) => name);
      return `Not measured: ${names.join(", ")}: ${reason}.\n`;
    })
    .join("");
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Three digits: `1.23 M`, `45.6 k`; seconds as they are. */
function figure(value: number, unit: Unit): string {
  if (unit === "s") return String(value);
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  if (value >= 1e3) return `${(value / 1e3).toPrecision(3)} k`;
  return String(value);
}
