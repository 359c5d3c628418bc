/**
 * Benchmarks of the searches: each whole search is a process of its own, beside Spin or beside the same
 * search done otherwise; schedules are drawn in this process.
 */
import { fileURLToPath } from "node:url";
import { assert } from "@mmreplay/events";
import { type ExploreReport, explore } from "../explore/explore.ts";
import { scenarioNamed } from "../explore/named.ts";
import { walkAtRandom } from "../explore/random-walk.ts";
import { ScenarioRun } from "../explore/scenario-run.ts";
import { Rounds } from "../fuzz/round.ts";
import { scheduleSimulator, scheduleSpace } from "./baselines/fast-check-scheduler.ts";
import { spinLacks, spinSearch } from "./baselines/spin.ts";
import type { Benchmark, ChildRun, Side } from "./benchmark.ts";
import type { Inputs } from "./inputs.ts";
import { isInstalled, type Workshop } from "./workshop.ts";

const BIN = fileURLToPath(new URL("../../bin/mmreplay.js", import.meta.url));

/** `mmreplay explore`, from the start of node to its end. */
const exploring =
  (workshop: Workshop, scenario: string, flags: readonly string[] = []) =>
  async (): Promise<ChildRun> => {
    const args = [BIN, "explore", scenario, "--json", ...flags];
    const { stdout, usage } = await workshop.run(process.execPath, args);
    const { complete, states, transitions } = JSON.parse(stdout) as ExploreReport;
    assert(complete, "the search visits every state");
    return { work: `${scenario}: ${states} states, ${transitions} transitions`, usage };
  };

const gccLacks = async (): Promise<string | undefined> =>
  (await isInstalled("gcc")) ? undefined : "gcc is not installed (Debian: apt-get install gcc)";

const lacksForSpin = async ({ spinModel }: Inputs): Promise<string | undefined> =>
  (await gccLacks()) ?? (await spinLacks(spinModel));

const states: Benchmark = {
  name: "states",
  unit: "states/s",
  baseline: "Spin, breadth-first",
  lacks: lacksForSpin,
  async setUp(inputs) {
    const scenario = inputs.size.scenarios.states;
    const workshop = await inputs.workshop();
    const own = exploring(workshop, scenario, ["--no-symmetry", "--no-por"]);
    const { work } = await own();
    const [, amount] = /: (\d+) states/.exec(work) ?? [];
    const baseline = await spinSearch(workshop, inputs.spinModel, scenario, "breadth-first");
    return { amount: Number(amount), own, baseline };
  },
};

/** The time to a verdict, with reductions, beside Spin's fastest exact search. */
const besideSpin = (
  name: "verdict" | "verdict-large",
  more: Pick<Benchmark, "long"> = {},
): Benchmark => ({
  name,
  unit: "s",
  baseline: "Spin, depth-first",
  ...more,
  lacks: lacksForSpin,
  async setUp(inputs) {
    const scenario = inputs.size.scenarios[name];
    const workshop = await inputs.workshop();
    const baseline = await spinSearch(workshop, inputs.spinModel, scenario, "depth-first");
    return { amount: 1, own: exploring(workshop, scenario), baseline };
  },
});

const deep: Benchmark = {
  name: "verdict-deep",
  unit: "s",
  baseline: "the same without partial order",
  lacks: gccLacks,
  async setUp(inputs) {
    const scenario = inputs.size.scenarios["verdict-deep"];
    const workshop = await inputs.workshop();
    const baseline = exploring(workshop, scenario, ["--no-por"]);
    return { amount: 1, own: exploring(workshop, scenario), baseline };
  },
};

/** Draws schedules by a strategy. */
const drawing =
  ({ size }: Inputs, strategy: "random" | "pct"): Side =>
  () => {
    const named = scenarioNamed(size.scenarios.schedules);
    const bounds = { runs: size.schedules };
    const { runs, hits, transitions } = explore({ named }, { strategy, seed: size.seed, bounds });
    return () => `${runs} schedules, ${hits} fail, ${transitions} steps`;
  };

/** The simulator itself draws some, event by event. */
const simulating =
  ({ size }: Inputs): Side =>
  () => {
    const named = scenarioNamed(size.scenarios.schedules);
    let steps = 0;
    for (let run = 0; run < size.simulatedSchedules; run++) {
      steps += walkAtRandom(new ScenarioRun(named), size.seed + run).length;
    }
    return () => `${size.simulatedSchedules} schedules, ${steps} steps`;
  };

const random: Benchmark = {
  name: "random",
  unit: "schedules/s",
  baseline: "the simulator, event by event",
  setUp: (inputs) => ({
    amount: inputs.size.schedules,
    baselineAmount: inputs.size.simulatedSchedules,
    own: drawing(inputs, "random"),
    baseline: simulating(inputs),
  }),
};

const pct: Benchmark = {
  name: "pct",
  unit: "schedules/s",
  baseline: "random walk",
  setUp: (inputs) => ({
    amount: inputs.size.schedules,
    own: drawing(inputs, "pct"),
    baseline: drawing(inputs, "random"),
  }),
};

/** Draws a round of the portfolio. */
const portfolio =
  ({ size }: Inputs): Side =>
  () => {
    const rounds = new Rounds({ named: scenarioNamed(size.scenarios.schedules) });
    const [round, maxSteps] = [0, 10_000];
    const drawn = rounds.run({ seed: size.seed, round, schedules: size.schedules, maxSteps });
    return () => `${drawn.schedules} schedules, ${drawn.steps} steps`;
  };

/** The portfolio beside fast-check's scheduler, of which both ways to make a step are measured. */
const besideFastCheck = (
  name: string,
  baseline: string,
  draw: typeof scheduleSimulator,
): Benchmark => ({
  name,
  unit: "schedules/s",
  baseline,
  setUp: (inputs) => {
    const { scenarios, schedules, simulatedSchedules, seed } = inputs.size;
    return {
      amount: schedules,
      baselineAmount: simulatedSchedules,
      own: portfolio(inputs),
      async baseline() {
        const drawn = await draw(scenarios.schedules, simulatedSchedules, seed);
        return () => `${drawn.schedules} schedules, ${drawn.steps} steps`;
      },
    };
  },
});

/** Whole searches, and drawn schedules. */
export const SEARCH_BENCHMARKS: readonly Benchmark[] = [
  random,
  pct,
  besideFastCheck("fuzz", "fast-check's scheduler, event by event", scheduleSimulator),
  besideFastCheck("fuzz-steps", "fast-check's scheduler on our steps", scheduleSpace),
  states,
  besideSpin("verdict"),
  besideSpin("verdict-large", { long: true }),
  deep,
];
