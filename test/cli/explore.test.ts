import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { jsonOf, mmreplay } from "./terminal.ts";

const explore = (...args: string[]) => mmreplay(["explore", ...args]);

describe("explore", () => {
  it("exits with 0 when every state was visited and nothing fails", async () => {
    const outcome = await explore("peer/1F1I", "--no-por", "--json");
    expect(outcome.exit).toBe(0);
    expect(jsonOf(outcome)).toEqual({
      schemaVersion: 1,
      scenario: "peer/1F1I",
      strategy: "bfs",
      complete: true,
      states: 68,
      transitions: 99,
      depth: 14,
      deadlocks: 0,
      reductions: { symmetry: false, por: false },
      lassos: true,
      findings: [],
    });
  });

  it("says when runs without end were not looked for", async () => {
    const args = ["peer/1F1I", "--max-lasso-states"];
    const { exit, stdout } = await explore(...args, "20");
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /; every state visited; runs without end not looked for: --max-lasso-states\)$/m,
    );
    expect((await explore(...args, "1000")).stdout).toMatch(/; every state visited\)$/m);
    expect(jsonOf(await explore(...args, "0", "--json"))).toMatchObject({ lassos: false });
  });

  it("exits with 1 when a run fails: its table, its order, the line that replays it", async () => {
    const { exit, stdout } = await explore("peer/1F1I", "--mutant", "peer-1");
    expect(exit).toBe(1);
    expect(stdout).toMatch(
      /^peer\/1F1I: K-I14 violated after 12 steps, and no shorter run fails$/m,
    );
    expect(stdout).toMatch(
      /^order that matters:\n {2}I1: unlock\(driver\), then F1: lock\(driver\)$/m,
    );
    expect(stdout).toMatch(
      /^replay: mmreplay scenario run peer\/1F1I --schedule v1:peer\/1F1I\+peer-1:\S+\n$/m,
    );
  });

  it.each([
    [["--max-states", "20"], "max-states"],
    [["--strategy", "dfs", "--max-states", "20"], "max-states"],
    [["--strategy", "random", "--runs", "10"], "runs"],
    [["--strategy", "pct", "--max-steps", "3"], "max-steps"],
    [["--strategy", "bounded", "--max-preemptions", "1"], "max-preemptions"],
    [["--shard", "1/2"], "shard"],
  ])("exits with 3 when a bound cut the search, and names it: %j", async (args, bound) => {
    const outcome = await explore("peer/1F1I", "--json", ...args);
    expect(outcome.exit).toBe(3);
    expect(jsonOf(outcome)).toMatchObject({ complete: false, bound, findings: [] });
    expect((await explore("peer/1F1I", ...args)).stdout).toContain(`; cut by ${bound})`);
  });

  it("says what a search took only when asked", async () => {
    const args = ["peer/1F1I", "--strategy", "random", "--runs", "100", "--json"];
    expect(jsonOf(await explore(...args))).not.toHaveProperty("timing");
    const { timing } = jsonOf(await explore(...args, "--timing")) as Record<string, object>;
    expect(Object.keys(timing ?? {})).toEqual([
      "searchSeconds",
      "processSeconds",
      "statesPerSecond",
      "runsPerSecond",
      "memoryMb",
    ]);
    expect((await explore("peer/1F1I", "--timing")).stdout).toMatch(
      /s of CPU time, .* states\/s; /,
    );
  });

  it("visits everything with enough preemptions", async () => {
    const args = ["--strategy", "bounded", "--max-preemptions", "20"];
    expect((await explore("peer/1F1I", ...args)).exit).toBe(0);
  });

  it("joins shards to the report of one search", async () => {
    const whole = await explore("peer/2F2I", "--json");
    const files: string[] = [];
    for (const i of [1, 2, 3]) {
      const file = scratch(`shard-${i}.json`, "");
      const { exit } = await explore("peer/2F2I", "--shard", `${i}/3`, "-o", file);
      expect(exit).toBe(3);
      files.push(file);
    }
    expect(await explore("--json", "--merge", ...files)).toEqual(whole);
    expect((await explore("--merge", ...files.slice(1))).exit).toBe(3);
    expect((await explore("--merge", "/nowhere")).stderr).toMatch(/^\/nowhere: E_NOT_FOUND: /);
  });

  it("goes on from the file of a search that was cut", async () => {
    const file = scratch("resume.json", "").replace(/resume\.json$/, "new.json");
    const cut = await explore("peer/2F2I", "--resume", file, "--max-states", "100");
    expect(cut.exit).toBe(3);
    expect(await explore("peer/2F2I", "--resume", file)).toEqual(await explore("peer/2F2I"));
    const { exit, stderr } = await explore("peer/1F1I", "--resume", file);
    expect(exit).toBe(2);
    expect(stderr).toContain('E_RESUME: found a search with scenario "peer/2F2I"');
  });

  it("writes the failing run as a journal, which replays", async () => {
    const file = scratch("run.jsonl", "");
    await explore("peer/1F1I1R", "--mutant", "peer-5", "-o", file);
    expect(readFileSync(file, "utf8")).toMatch(
      /^\{"mmreplay":"journal",.*"scenario":"peer\/1F1I1R"/,
    );
    expect((await mmreplay(["replay", file])).exit).toBe(0);
  });

  it("that stops at a broken contract says how to see what comes of it", async () => {
    const hint = /^what comes of it: mmreplay zoo K-S15 asks only for deadlock$/m;
    const { stdout } = await explore("K-P8", "--mutant", "K-S15");
    expect(stdout).toMatch(/^K-P8: K-I3 violated/);
    expect(stdout).toMatch(hint);
    expect((await mmreplay(["zoo", "K-S15"])).stdout).toMatch(/^K-S15 +deadlock after/);
    expect((await explore("peer/1F1I", "--mutant", "peer-1")).stdout).not.toMatch(hint);
  });

  it("says that a journal is not written where no run fails", async () => {
    const file = scratch("none.jsonl");
    const { exit, stderr } = await explore("peer/1F1I", "-o", file);
    expect([exit, stderr]).toEqual([0, `mmreplay: no run fails, so ${file} is not written\n`]);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    [[], "explore takes a scenario, or --merge FILE... and none"],
    [["peer/1F1I", "--merge", "a"], "explore takes a scenario, or --merge FILE... and none"],
    [["peer/1F1I", "--shard", "0/2"], "Expected i/n, as 1/4 to 4/4"],
    [["peer/1F1I", "--shard", "1/2", "--workers", "2"], "--workers and --shard do not go together"],
    [["peer/1F1I", "--strategy", "dfs", "--workers", "2"], "--workers is for --strategy bfs"],
    [
      ["peer/1F1I", "--strategy", "dfs", "--shard", "1/2"],
      "E_SHARD: found --shard with --strategy",
    ],
    [["peer/1F1I", "--runs", "5"], "--runs is for --strategy random, pct"],
    [["peer/1F1I", "--max-preemptions", "3"], "--max-preemptions is for --strategy bounded"],
    [["peer/1F1I", "--seed", "1"], "--seed is for --strategy random, pct"],
    [["peer/1F1I", "--strategy", "dfs", "--pct-depth", "4"], "--pct-depth is for --strategy pct"],
    [["peer/1F1I", "--strategy", "random", "--no-por"], "--no-por is for --strategy bfs, dfs"],
    [["peer/1F1I", "--strategy", "pct", "--no-symmetry"], "--no-symmetry is for --strategy bfs,"],
    [["peer/1F1I", "--strategy", "random", "--max-states", "9"], "--max-states is for --strategy"],
    [["--merge", "a", "--strategy", "bfs"], "--strategy is said by the shards: leave it out with"],
    [["--merge", "a", "--mutant", "peer-1"], "--mutant is said by the shards"],
    [["--merge", "a", "--no-por"], "--no-por is said by the shards"],
    [["peer/none"], "E_SCENARIO"],
    [["peer/1F1I", "--mutant", "none"], "E_MUTANT"],
  ])("refuses %j", async (args, message) => {
    const { exit, stderr } = await explore(...args);
    expect(exit).toBe(2);
    expect(stderr).toContain(message);
  });

  it("prints what is known when it is interrupted, and exits with 130", async () => {
    const controller = new AbortController();
    controller.abort();
    const { signal } = controller;
    const outcome = await mmreplay(["explore", "peer/2F2I", "--json"], { signal });
    expect(outcome.exit).toBe(130);
    expect(jsonOf(outcome)).toMatchObject({ complete: false, bound: "interrupted" });
  });
});
