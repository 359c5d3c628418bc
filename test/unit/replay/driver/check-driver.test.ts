import { DRIVER_SCENARIOS, type Driver, emptyState, reduceInPlace } from "@mmreplay/core";
import { decodeEvent, stateHash } from "@mmreplay/events";
import {
  assertDriver,
  checkDriver,
  DriverAssertionError,
  type DriverReport,
  replayDriver,
  textOfDriver,
} from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { mlx5 } from "../../../fixtures/drivers/mlx5.ts";
import { RIGHT, steps, TIRED } from "../../../support/driver-mistakes.ts";

const LARGE = DRIVER_SCENARIOS.filter(({ large }) => large === true).map(({ named }) => named.name);

/** Checks before it takes the lock. */
const EARLY = steps("early", {
  walk: { do: "look_up", next: "check" },
  check: { do: "read_retry", next: "lock", retry: "again" },
  lock: { do: "lock", next: "store" },
});

/** A counter without a bound, raised by whoever finds the lock busy. */
const COUNTS: Driver = steps("counts", {
  lock: { do: "trylock", next: "check", busy: "count" },
  count: ({ variables }) => ({
    ...{ do: "set", next: "lock" },
    variables: { mapped: (variables["mapped"] ?? 0) + 1 },
  }),
});

function thrownBy(check: () => void): DriverAssertionError {
  try {
    check();
  } catch (error) {
    if (error instanceof DriverAssertionError) return error;
    throw error;
  }
  throw new Error("nothing is thrown");
}

const ruleIn = ({ rules }: DriverReport, id: string) => rules.find(({ rule }) => rule === id);

describe("a driver's report", () => {
  it("has the rules that a shortest run breaks first, and what each search saw", () => {
    const report = checkDriver(EARLY, { scenarios: ["driver/clear", "driver/pages"] });
    expect(report).toMatchObject({ driver: "early", ok: false, searched: 2, stopped: false });
    const broken = report.rules.filter(({ outcome }) => outcome === "violated");
    expect(broken.map(({ rule, finding }) => [rule, finding?.length])).toEqual([
      ["K-I26", 6],
      ["K-I14", 11],
    ]);
    expect(ruleIn(report, "K-I12")).toMatchObject({ outcome: "held", held: 2 });
  });

  it("is the same each time, and plain data", () => {
    const options = { scenarios: ["driver/clear", ...LARGE], schedules: 40 };
    const report = checkDriver(EARLY, options);
    expect(checkDriver(EARLY, options)).toEqual(report);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it("says what a bound has left undecided, and the assertion does not pass over it", () => {
    const options = { scenarios: ["driver/two-faults"], maxStates: 2_000 };
    const report = checkDriver(COUNTS, options);
    expect(report).toMatchObject({ ok: false, whole: 0 });
    expect(ruleIn(report, "K-I14")).toMatchObject({ outcome: "undecided" });
    const { message } = thrownBy(() => assertDriver(COUNTS, options));
    expect(message).toContain(
      "undecided, as driver/two-faults has more than 2000 states (maxStates):",
    );
  });

  it("says which rules a deadlock has hidden", () => {
    const forgets = steps("forgets", { store: { do: "map", next: "done" } });
    const report = checkDriver(forgets, { scenarios: ["driver/clear"] });
    expect(report.rules[0]).toMatchObject({ rule: "deadlock", outcome: "violated" });
    expect(ruleIn(report, "K-I14")).toMatchObject({ outcome: "undecided" });
    expect(textOfDriver(report)).toMatch(
      /undecided, as driver\/clear was not searched past deadlock:[^.]* K-I14/,
    );
  });

  it("has what only schedules of a large scenario show, as the shortest run of it", () => {
    const small = DRIVER_SCENARIOS.filter(({ large }) => large !== true);
    const names = small.map(({ named }) => named.name);
    expect(checkDriver(TIRED, { scenarios: names }).ok).toBe(true);
    const report = checkDriver(TIRED, { scenarios: LARGE.slice(0, 1), schedules: 400 });
    const finding = ruleIn(report, "K-I14")?.finding;
    expect(LARGE).toContain(finding?.scenario);
    expect(finding?.drawn).toBeLessThan(400);
    const again = replayDriver(TIRED, finding?.schedule ?? "");
    expect(again.findings.map(({ rule }) => rule)).toContain("K-I14");
  });
});

describe("an assertion about a driver", () => {
  it("tells the shortest run, what comes of it and how to run it again", () => {
    const error = thrownBy(() => assertDriver(EARLY));
    expect(error).toMatchObject({ name: "AssertionError", code: "ERR_ASSERTION" });
    expect(error.report).toMatchObject({ stopped: true });
    expect(error.message).toMatch(/^early breaks K-I26 in driver\/clear: 6 steps, and no shorter/);
    expect(error.message).toContain("what comes of it:\nearly breaks K-I14");
    expect(error.message).toContain("CPU0 - R (device fault)              CPU1 - A (CLEAR)");
    expect(error.message).toContain('replay: replayDriver(driver, "v1:driver/clear+early:1*6")');
    const lines = error.message.split("\n").filter((line) => !line.startsWith("replay: "));
    expect(lines.filter((line) => !/^[ -~]{0,75}$/.test(line))).toEqual([]);
  });
});

describe("a schedule of a driver", () => {
  const SCHEDULE = "v1:driver/clear+mlx5:1*b2*7";

  it("is carried out again, and its journal replays to the same state", () => {
    const { journal, hash, findings, table } = replayDriver(mlx5, SCHEDULE);
    expect(findings).toEqual([]);
    expect(table.join("\n")).toContain("populated = 1");
    const [, ...lines] = journal.trimEnd().split("\n");
    const state = emptyState();
    for (const [index, line] of lines.entries()) {
      reduceInPlace(state, decodeEvent(line, "journal", index));
    }
    expect(journal).toContain('"driver_set"');
    expect(state.mirrors[0]?.variables).toEqual({ populated: 1 });
    expect(stateHash(state)).toBe(hash);
  });

  it("of another driver, of the model or of an unknown scenario is refused", () => {
    expect(() => replayDriver(RIGHT, SCHEDULE)).toThrow(
      'E_SCHEDULE: found a schedule of "mlx5", expected one of right.',
    );
    expect(() => replayDriver(mlx5, "v1:driver/clear:1")).toThrow(
      "found a schedule of the model, expected one of mlx5",
    );
    expect(() => replayDriver(mlx5, "v1:driver/cleer+mlx5:1")).toThrow(
      'E_SCENARIO: found "driver/cleer", expected a scenario that drivers are asked. Did you mean "driver/clear"',
    );
  });
});
