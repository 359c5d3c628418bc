/**
 * A campaign's ledger, with workers that give prepared rounds: in whatever order they come back, the report is one.
 */

import { setTimeout } from "node:timers/promises";
import { changeOfDriver, type NamedScenario, PEERS } from "@mmreplay/core";
import { fuzz } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { createGenerator } from "../../../../packages/replay/src/explore/generator.ts";
import { type CampaignWorker, campaign } from "../../../../packages/replay/src/fuzz/campaign.ts";
import type { FuzzFinding } from "../../../../packages/replay/src/fuzz/finish.ts";
import type { RoundFailure, RoundResult } from "../../../../packages/replay/src/fuzz/round.ts";

import { myDriver } from "../../../fixtures/drivers/my-driver-1.ts";

const failureIn = (round: number, rule: string): RoundFailure => {
  return { rule, message: "", choices: [], round, schedule: 0, strategy: "random" };
};

/** A round in which these rules fail. */
function drawn(round: number, schedules: number, rules: readonly string[]): RoundResult {
  return {
    round,
    schedules,
    steps: schedules,
    cut: 0,
    cutFair: 0,
    shares: Array.from({ length: 5 }, () => ({ schedules: 0, hits: 0 })),
    marks: [],
    failures: rules.map((rule) => failureIn(round, rule)),
  };
}

function finished({ rule, round }: RoundFailure, shape: string): FuzzFinding {
  const path = `${round}:0`;
  return {
    ...{ rule, path, shape, message: "", length: 1, certified: true, schedule: "", scenario: "" },
    ...{ strategy: "random", drawnLength: 1, stateHash: "", order: [] },
  };
}

/** A worker that takes its time, as the generator says. */
function worker(
  rulesOf: (round: number) => readonly string[],
  shapeOf: (round: number) => string,
  seed: number,
  followed: number[] = [],
): CampaignWorker {
  const generator = createGenerator(seed, 0);
  return {
    async round({ round, schedules }) {
      await setTimeout(generator.below(4));
      return drawn(round, schedules, rulesOf(round));
    },
    async finish(failure) {
      await setTimeout(generator.below(4));
      followed.push(failure.round);
      return finished(failure, shapeOf(failure.round));
    },
    async end() {},
  };
}

const rules = (round: number): string[] => (round % 3 === 0 ? ["A"] : round % 5 === 0 ? ["B"] : []);
const shape = (round: number): string => `shape ${round % 2}`;

describe("a campaign of drawn workloads", () => {
  it("says the same with one worker and with many, however long each takes", async () => {
    const options = { subject: { seed: 1 }, runs: 8_000 };
    const one = await campaign(options, [worker(rules, shape, 1)]);
    for (let seed = 2; seed < 6; seed++) {
      const workers = Array.from({ length: 4 }, (_, at) => worker(rules, shape, seed * 10 + at));
      expect(await campaign(options, workers)).toEqual(one);
    }
    expect(one.totals.runs).toBe(8_000);
  });

  it("tells failures of one rule and one shape once, those of the earliest round", async () => {
    const options = { subject: { seed: 1 }, runs: 8_000 };
    const { findings, failures } = await campaign(options, [worker(rules, shape, 1)]);
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual([
      ["A", "0:0"],
      ["A", "3:0"],
      ["B", "5:0"],
      ["B", "10:0"],
    ]);
    expect(failures).toEqual({ A: 14, B: 5 });
  });

  it("follows the first eight failing rounds of a rule; of a named scenario the first", async () => {
    const followed: number[] = [];
    await campaign({ subject: { seed: 1 }, runs: 8_000 }, [
      worker(() => ["A"], shape, 1, followed),
    ]);
    expect(followed).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const once: number[] = [];
    const subject = { seed: 1, named: PEERS[0] as NamedScenario };
    await campaign({ subject, runs: 8_000 }, [worker(() => ["A"], shape, 1, once)]);
    expect(once).toEqual([0]);
  });

  it("begins no round any more when its time is over, and follows what has failed", async () => {
    let rounds = 0;
    const over = (): boolean => ++rounds > 5;
    const state = await campaign({ subject: { seed: 1 }, over }, [worker(() => ["A"], shape, 1)]);
    expect(state.nextRound).toBeGreaterThan(0);
    expect(state.nextRound).toBeLessThan(6);
    expect(state.findings.length).toBeGreaterThan(0);
  });

  it("ends at once when it is stopped, with workers that have nothing to do", async () => {
    let stopped = false;
    const slow: CampaignWorker = {
      ...worker(rules, shape, 1),
      async round(job) {
        await setTimeout(20);
        stopped = true;
        return drawn(job.round, job.schedules, []);
      },
    };
    const options = { subject: { seed: 1 }, runs: 100, stopped: () => stopped };
    const state = await campaign(options, [slow, worker(rules, shape, 2), worker(rules, shape, 3)]);
    expect(state.totals.runs).toBe(0);
  });

  it("passes on what goes wrong in a worker", async () => {
    const broken: CampaignWorker = {
      ...worker(rules, shape, 1),
      round: () => Promise.reject(new Error("broken")),
    };
    await expect(campaign({ subject: { seed: 1 }, runs: 100 }, [broken])).rejects.toThrow("broken");
  });
});

describe("a campaign with a driver of the user's own", () => {
  it("finds what is wrong with it, in drawn workloads", async () => {
    const mutant = changeOfDriver(myDriver);
    const { findings } = await fuzz({ seed: 3, mutant }, { runs: 3_000 });
    expect(findings.length).toBeGreaterThan(0);
    for (const { scenario, certified } of findings) {
      expect(scenario).toMatch(/^drawn\/3\//);
      expect(certified).toBe(true);
    }
  });
});
