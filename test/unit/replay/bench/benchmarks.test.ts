import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Observation } from "@mmreplay/events";
import { beforeAll, describe, expect, it } from "vitest";
import { bareLoop } from "../../../../packages/replay/src/bench/baselines/bare-loop.ts";
import { importByRegExp } from "../../../../packages/replay/src/bench/baselines/regexp-importer.ts";
import { spinLacks } from "../../../../packages/replay/src/bench/baselines/spin.ts";
import {
  BENCHMARKS,
  type LeftOut,
  type Row,
  rowsOf,
} from "../../../../packages/replay/src/bench/bench.ts";
import { eventMix } from "../../../../packages/replay/src/bench/event-mix.ts";
import {
  type BenchSize,
  createInputs,
  observationsOf,
  QUICK,
} from "../../../../packages/replay/src/bench/inputs.ts";
import { isInstalled } from "../../../../packages/replay/src/bench/workshop.ts";
import { WHOLE } from "../../../support/sample.ts";

const TINY: BenchSize = {
  ...QUICK,
  seed: 3,
  events: 2_000,
  immutableEvents: 300,
  lines: 1_500,
  schedules: 200,
  simulatedSchedules: 10,
  scenarios: { ...QUICK.scenarios, states: "peer/1F1I1R", "verdict-deep": "peer/2F2I" },
  runs: 1,
};
const ROOT = join(import.meta.dirname, "../../../..");
const NO_SPIN = { spinModel: "/nowhere", signal: new AbortController().signal };
const PEERS_SPIN = { ...NO_SPIN, spinModel: join(ROOT, "../shared/peers/spin") };

/** What runs in this process, and what runs as processes of its own. */
const HERE = BENCHMARKS.filter(({ lacks }) => lacks === undefined);
const CHILDREN = BENCHMARKS.filter(({ lacks }) => lacks !== undefined);
const built = existsSync(join(ROOT, "packages/replay/dist/cli.js"));
const hasGcc = await isInstalled("gcc");
const hasSpin = hasGcc && (await spinLacks(PEERS_SPIN.spinModel)) === undefined;

/** Time goes by, but how much is not looked at. */
function watch() {
  let now = 0;
  const next = () => ++now;
  return { now: next, cpu: next, before: async () => true };
}

const rows = new Map<string, Row>();
beforeAll(async () => {
  for await (const row of rowsOf(HERE, TINY, NO_SPIN, watch)) rows.set(row.name, row as Row);
}, 60_000);
const row = (name: string): Row => rows.get(name) as Row;

describe("each benchmark does its work", () => {
  it("there is a row for each, with a named baseline", () => {
    expect([...rows.keys()]).toEqual([
      ...["in-place", "in-place-rules", "immutable"],
      ...["ftrace", "ftrace-regexp", "trace-cmd", "perf", "bpftrace"],
      ...["journal", "lowering", "check"],
      ...["open", "seek", "step-back"],
      ...["random", "pct", "fuzz", "fuzz-steps"],
    ]);
    for (const { baseline, unit } of rows.values()) {
      expect(baseline).not.toBe("");
      expect(unit).toMatch(/^(events|lines|schedules|seeks|steps)\/s$/);
    }
  });

  it("the rules look at every event and lead to the same state as the engine alone", () => {
    const [, events, state] = /^(\d+) events, state (\w{16})$/.exec(row("in-place").work) ?? [];
    expect(Number(events)).toBe(row("in-place").amount);
    const pattern = `^${events} events, (\\d+) cases held, 0 violated, state ${state}$`;
    const [, cases] = new RegExp(pattern).exec(row("in-place-rules").work) ?? [];
    expect(Number(cases)).toBeGreaterThan(Number(events));
    expect(row("in-place-rules").baselineWork).toBe(row("in-place").work);
  });

  it("the immutable engine makes patches and the state that plain Immer makes", () => {
    const [, events, state] =
      /^(\d+) events, state (\w{16})$/.exec(row("immutable").baselineWork) ?? [];
    expect(Number(events)).toBe(TINY.immutableEvents);
    const [, patches] =
      new RegExp(`^${events} events, (\\d+) patches, state ${state}$`).exec(
        row("immutable").work,
      ) ?? [];
    expect(Number(patches)).toBeGreaterThan(TINY.immutableEvents);
  });

  it.each(["ftrace", "ftrace-regexp", "trace-cmd", "perf", "bpftrace"])(
    "%s and its baseline read the same",
    (name) => {
      expect(row(name).work).toMatch(new RegExp(`^${TINY.lines} events, sum \\d{9,}$`));
      expect(row(name).baselineWork).toBe(row(name).work);
    },
  );

  it("the journal and the lowering do what their baselines do", () => {
    expect(row("journal").work).toMatch(/^\d{4} events, sum \d{6,}$/);
    expect(row("journal").baselineWork).toBe(row("journal").work);
    expect(row("lowering").work).toMatch(/^\d{4} events, state \w{16}$/);
    expect(row("lowering").baselineWork).toBe(row("lowering").work);
  });

  it("check comes to a verdict about every line", () => {
    const lines = TINY.lines + 12;
    expect(row("check").work).toBe(`held: ${lines} lines, ${TINY.lines} events`);
    expect(row("check").baselineWork).toBe(`${lines} lines`);
  });
});

describe("drawn schedules", () => {
  it("are drawn again for the baseline of PCT, and fewer are simulated", () => {
    expect(row("random").work).toMatch(/^200 schedules, 0 fail, \d{4} steps$/);
    expect(row("random").baselineWork).toMatch(/^10 schedules, \d{3} steps$/);
    expect(row("pct").work).toMatch(/^200 schedules, 0 fail, \d{4} steps$/);
    expect(row("pct").baselineWork).toBe(row("random").work);
  });

  it("are drawn by the portfolio beside those that fast-check's scheduler draws", () => {
    for (const name of ["fuzz", "fuzz-steps"]) {
      expect(row(name).work).toMatch(/^200 schedules, \d{4} steps$/);
      expect(row(name).baselineWork).toMatch(/^10 schedules, \d{3} steps$/);
    }
    expect(row("fuzz").work).toBe(row("fuzz-steps").work);
    expect(row("fuzz").baselineWork).toBe(row("fuzz-steps").baselineWork);
  });
});

describe("searches as processes of their own", () => {
  const measured = async (name: string, surroundings = PEERS_SPIN): Promise<Row | LeftOut> => {
    const chosen = CHILDREN.filter((one) => one.name === name);
    const only: (Row | LeftOut)[] = [];
    for await (const row of rowsOf(chosen, TINY, surroundings, watch)) only.push(row);
    return only[0] as Row | LeftOut;
  };

  it("are left out where something is lacking, which is said", async () => {
    const beside = CHILDREN.filter(({ baseline }) => baseline.startsWith("Spin"));
    expect(beside.map(({ name }) => name)).toEqual(["states", "verdict", "verdict-large"]);
    for (const { name } of beside) {
      const { why } = (await measured(name, NO_SPIN)) as LeftOut;
      expect(why).toMatch(/^(gcc|spin) is not installed \(|^there is no \/nowhere\/.*--spin DIR/);
    }
  });

  it.runIf(built && hasGcc)("tell the time and the memory of each search", async () => {
    const deep = (await measured("verdict-deep", NO_SPIN)) as Row;
    expect(deep).toMatchObject({ unit: "s", amount: 1, memoryRatio: expect.any(Number) });
    const [reduced, whole] = [deep.work, deep.baselineWork].map((work) => {
      return Number(/^peer\/2F2I: (\d+) states, \d+ transitions$/.exec(work)?.[1]);
    });
    expect(reduced).toBeLessThan(whole ?? 0);
    for (const megabytes of [deep.memoryMb, deep.baselineMemoryMb]) {
      expect(megabytes).toBeGreaterThan(20);
      expect(megabytes).toBeLessThan(1_000);
    }
    expect(deep.cpuMedian).toBeGreaterThan(0.05);
  });

  // Spin compiles its program first, which takes as long as ten other tests: CI does.
  it.runIf(built && hasSpin && WHOLE)(
    "visit the states and make the steps that Spin does",
    async () => {
      const states = (await measured("states")) as Row;
      expect(states.work).toBe("peer/1F1I1R: 1371 states, 3044 transitions");
      expect(states.baselineWork).toBe(states.work);
      expect(states.amount).toBe(1_371);
    },
  );
});

describe("the baselines", () => {
  it("regular expressions give the importer's observations, field by field", () => {
    const chunks = createInputs({ ...TINY, lines: 5_000 }, NO_SPIN).recording("ftrace");
    const expected = observationsOf("ftrace", chunks).filter(({ kind }) => kind === "probe");
    const found: Observation[] = [];
    importByRegExp(chunks, (observation) => void found.push(observation));
    expect(found).toHaveLength(5_000);
    expect(found).toEqual(expected);
  });

  it("the bare loop reads every event", () => {
    const { events } = eventMix(500, 1);
    const half = events.slice(0, events.length / 2);
    expect(bareLoop(events)).toBeGreaterThan(bareLoop(half));
    expect(bareLoop([])).toBe(0);
  });
});

describe("the mix", () => {
  const { events, setUp } = eventMix(20_000, 1);
  const count = (type: string) => events.filter((event) => event.type === type).length;

  it("begins with 1,000 notifiers and the pages of the process", () => {
    const begin = events.slice(0, setUp);
    const inserted = begin.filter(({ type }) => type === "mmu_interval_notifier_insert");
    expect(inserted).toHaveLength(1000);
    const first = begin.find((event) => event.type === "handle_mm_fault");
    expect(first?.type === "handle_mm_fault" && first.entries.length).toBe(4096);
    expect(events.length - setUp).toBe(20_000);
  });

  it("has invalidations of many sizes", () => {
    const sizes = new Set(
      events.flatMap((event) =>
        event.type === "mmu_notifier_invalidate_range_start"
          ? [(Number(event.end) - Number(event.start)) / 4096]
          : [],
      ),
    );
    expect(Math.min(...sizes)).toBe(1);
    expect(Math.max(...sizes)).toBeGreaterThan(128);
    expect(sizes.size).toBeGreaterThan(30);
  });

  it("has faults, retries, callbacks, refusals, removals and deferred insertions", () => {
    for (const type of [
      "device_map",
      "device_unmap",
      "mmu_interval_read_begin",
      "read_begin_wake",
      "mmu_interval_read_retry",
      "mmu_interval_set_seq",
      "driver_trylock_fail",
      "mmu_interval_notifier_remove",
      "deferred_list_apply",
      "wake_up_all",
    ]) {
      expect(count(type), type).toBeGreaterThan(0);
    }
  });

  it("is the same for the same seed", () => {
    expect(eventMix(500, 9)).toEqual(eventMix(500, 9));
    expect(eventMix(500, 9)).not.toEqual(eventMix(500, 8));
  });
});

describe("rows", () => {
  it("come one by one, so that those before an interruption are known", async () => {
    let begun = 0;
    const watchOf = () => {
      begun += 1;
      const last = begun;
      return { ...watch(), before: async () => last === 1 };
    };
    const names: string[] = [];
    for await (const { name } of rowsOf(HERE, TINY, NO_SPIN, watchOf)) names.push(name);
    expect(names).toEqual(["in-place"]);
    expect(begun).toBe(2);
  });
});
