import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { jsonOf, mmreplay, trace } from "./terminal.ts";

/** A driver that forgets the retry check. */
const FORGETS = JSON.stringify({
  mmreplay: "scenario",
  version: 1,
  title: "A reader whose driver forgets the retry check",
  driver: { bug: "no_retry_check" },
  setUp: [{ insert: "N", pages: [0, 4] }],
  tasks: { R: [{ fault: "N" }], A: [{ invalidate: "A", pages: [0, 4] }] },
});

interface Run {
  readonly schedule: string;
  readonly events: number;
  readonly stateHash: string;
  readonly findings: readonly { readonly rule: string; readonly index: number }[];
}

async function run(...args: string[]): Promise<Run & { exit: number }> {
  const outcome = await mmreplay(["scenario", "run", ...args, "--json"]);
  return { ...(jsonOf(outcome) as unknown as Run), exit: outcome.exit };
}

describe("scenario list", () => {
  it("names every scenario with its title, tasks and source", async () => {
    const outcome = await mmreplay(["scenario", "list", "--json"]);
    const scenarios = jsonOf(outcome)["scenarios"] as Record<string, unknown>[];
    expect(outcome.exit).toBe(0);
    expect(scenarios.length).toBeGreaterThan(40);
    for (const one of scenarios)
      expect(Object.keys(one)).toEqual("name title tasks source".split(" "));
    const { stdout } = await mmreplay(["scenario", "list"]);
    expect(stdout).toMatch(/^K-P1 +A reader and one CLEAR of its page$/m);
  });
});

describe("scenario show", () => {
  it("prints the programs as a litmus test", async () => {
    const { stdout, exit } = await mmreplay(["scenario", "show", "K-P7"]);
    expect(stdout).toMatch(
      /^names: interval notifiers N, M; invalidated regions A, B; \[a, b\) is /m,
    );
    expect(stdout).toMatch(/^pages: 0 to 11; present at the beginning: 0$/m);
    expect(exit).toBe(0);
    expect(stdout).toContain("set-up  insert M [8, 12)");
    expect(stdout).toContain("I       insert N [0, 4); remove N");
  });

  it("prints the run that a golden trace tells, and it can be pasted", async () => {
    const { stdout } = await mmreplay(["scenario", "show", "K-G1"]);
    const line = /^told: mmreplay (.*)$/m.exec(stdout)?.[1] ?? "";
    expect((await mmreplay(line.split(" "))).exit).toBe(0);
  });

  it("says what the model itself breaks", async () => {
    const { stdout } = await mmreplay(["scenario", "show", "K-P9"]);
    expect(stdout).toMatch(/the model breaks K-I3 here: .*No upstream report is known/);
  });
});

describe("scenario run", () => {
  it("makes the same run of the same seed, and another of another", async () => {
    const [one, same, other] = [
      await run("K-P6", "--seed", "1"),
      await run("K-P6"),
      await run("K-P6", "--seed", "2"),
    ];
    expect(one).toEqual(same);
    expect(one.exit).toBe(0);
    expect(other.schedule).not.toBe(one.schedule);
  });

  it("writes a journal that replays to the same hash, with equal bytes for equal schedules", async () => {
    const [first, second] = [scratch("first.jsonl"), scratch("second.jsonl")];
    const seeded = await run("K-P14", "--seed", "7", "-o", first);
    const repeated = await run("K-P14", "--schedule", seeded.schedule, "-o", second);
    expect(repeated).toEqual(seeded);
    expect(readFileSync(second, "utf8")).toBe(readFileSync(first, "utf8"));
    const replayed = jsonOf(await mmreplay(["replay", first, "--json"]));
    expect(replayed["stateHash"]).toBe(seeded.stateHash);
    expect(replayed["events"]).toBe(seeded.events);
  });

  it("writes a mutant's journal that replays to the same hash, by the mutant's recipes", async () => {
    const file = scratch("mutant.jsonl");
    const made = await run("K-P5", "--seed", "3", "--mutant", "K-S11", "-o", file);
    expect(made.exit).toBe(1);
    expect(made.findings[0]?.rule).toBe("K-I20");
    const replayed = jsonOf(await mmreplay(["replay", file, "--json"]));
    expect(replayed["stateHash"]).toBe(made.stateHash);
    const plain = readFileSync(file, "utf8").replace(',"mutant":"K-S11"', "");
    const other = jsonOf(await mmreplay(["replay", scratch("plain.jsonl", plain), "--json"]));
    expect(other["stateHash"]).not.toBe(made.stateHash);
  });

  it("prints the table of a run alone, framed to be pasted", async () => {
    const run = ["scenario", "run", "K-P1", "--schedule", "v1:K-P1:1*3"];
    const comment = (await mmreplay([...run, "--comment"])).stdout.trimEnd().split("\n");
    expect(comment.every((line) => /^ \*( |$)/.test(line) && line.length <= 75)).toBe(true);
    expect(comment.at(-1)).toBe(" *   No rule is broken in this run.");
    expect((await mmreplay([...run, "--markdown"])).stdout).toMatch(/^```\n[^`]*\n```\n$/);
    expect((await mmreplay([...run, "--rst", "--json"])).exit).toBe(2);
  });

  it("runs what explore found, and fails as it said", async () => {
    const explored = await mmreplay(["explore", "K-P1", "--mutant", "K-S7"]);
    expect(explored.exit).toBe(1);
    const line = /^replay: mmreplay (.*)$/m.exec(explored.stdout)?.[1] ?? "";
    const { exit, stdout } = await mmreplay(line.split(" "));
    expect(exit).toBe(1);
    expect(stdout).toContain("K-I14 at event");
  });

  it.each([
    [["K-P1", "--schedule", "v1:K-P2:1"], /E_SCHEDULE: found a schedule of "K-P2"/],
    [["K-P1", "--schedule", "K-P1:1"], /E_SCHEDULE: found "K-P1:1", expected v1:/],
    [["K-P1", "--schedule", "v1:K-P1:3"], /at step 1 task 3, which is not there/],
    [["K-P1", "--schedule", "v1:K-P1:1*9"], /at step 7 task 1, which has ended/],
    [["K-P1", "--schedule", "v1:K-P1:2*511"], /at step 7 task 1, which waits \(read_begin\)/],
    [["K-P1", "--schedule", "v1:K-P1:R"], /a refusal by task 1, which cannot refuse at fault/],
    [["K-P1", "--schedule", "v1:K-P1+K-X:1"], /E_MUTANT: found "K-X"/],
    [["K-P1", "--schedule", "v1:K-P1:1", "--seed", "1"], /leave the other out/],
    [
      [trace("cust61-good-stress_tiny.txt.gz")],
      /E_SCENARIO: found a file whose name does not end in/,
    ],
    [["K-P77"], /E_SCENARIO: found "K-P77".*Did you mean/],
    [["./noext"], /E_SCENARIO: found ".\/noext".*a file's name ends in \.json/],
    [["-"], /E_SCENARIO: found "-".*a file's name ends in \.json/],
    [["K-P1", "--seed", "-1"], /Expected a whole number/],
  ])("refuses %j in a sentence", async (args, pattern) => {
    const { exit, stderr } = await mmreplay(["scenario", "run", ...args]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(pattern);
  });
});

describe("a scenario from a file", () => {
  it("is searched, and its failing run can be pasted", async () => {
    const file = scratch("forgets.json", FORGETS);
    const { exit, stdout } = await mmreplay(["explore", file]);
    expect(exit).toBe(1);
    const line = /^replay: mmreplay (.*)$/m.exec(stdout)?.[1] ?? "";
    expect(line).toContain(`scenario run ${file} --schedule v1:forgets:`);
    expect((await mmreplay(line.split(" "))).exit).toBe(1);
  });

  it("that breaks a rule before it does harm tells how to ask for the harm", async () => {
    const file = scratch("harm.json", FORGETS);
    const hint = /^what comes of it: "rules": \["K-I14"\] in /m;
    const { stdout } = await mmreplay(["explore", file]);
    expect(stdout).toMatch(/K-I26 violated after 4 steps/);
    expect(stdout).toMatch(hint);
    scratch("harm.json", FORGETS.replace('"version"', '"rules":["K-I14"],"version"'));
    const harm = (await mmreplay(["explore", file])).stdout;
    expect(harm).toMatch(/K-I14 violated/);
    expect(harm).not.toMatch(hint);
  });

  it("is printed from a scenario that there is, and searched alike", async () => {
    const { stdout } = await mmreplay(["scenario", "show", "K-P4", "--file"]);
    const file = scratch("K-P4.json", stdout);
    expect(await mmreplay(["explore", file, "--json"])).toEqual(
      await mmreplay(["explore", "K-P4", "--json"]),
    );
    const refused = await mmreplay(["scenario", "show", "K-P16", "--file"]);
    expect(refused.stderr).toContain("E_SCENARIO_FILE: found its preset_seq in K-P16");
  });

  it("is shown and run like any other", async () => {
    const file = scratch("mine.json", FORGETS.replace("no_retry_check", "none"));
    expect((await mmreplay(["scenario", "show", file])).stdout).toContain("R       fault N");
    expect((await run(file, "--seed", "4")).exit).toBe(0);
    expect((await mmreplay(["explore", file])).exit).toBe(0);
  });

  it("is searched in shards, which hold it: the join needs no file", async () => {
    const text = FORGETS.replace("no_retry_check", "none");
    const whole = await mmreplay(["explore", scratch("whole.json", text), "--json"]);
    const files: string[] = [];
    for (const i of [1, 2]) {
      const file = scratch("whole.json", text);
      files.push(scratch(`part-${i}.json`));
      await mmreplay(["explore", file, "--shard", `${i}/2`, "-o", files.at(-1) as string]);
      rmSync(file);
    }
    expect(await mmreplay(["explore", "--json", "--merge", ...files])).toEqual(whole);
  });

  it("is told by its content in shards and cut searches: an edited one is another", async () => {
    const correct = FORGETS.replace("no_retry_check", "none");
    const [one, two, cut] = ["1.json", "2.json", "cut.json"].map((name) => scratch(name));
    const place = scratch("edited.json", correct);
    await mmreplay(["explore", place, "--shard", "1/2", "-o", one as string]);
    await mmreplay(["explore", place, "--resume", cut as string, "--max-states", "9"]);
    scratch("edited.json", correct.replace("[0,4]}]}", "[0,2]}]}"));
    await mmreplay(["explore", place, "--shard", "2/2", "-o", two as string]);
    const merged = await mmreplay(["explore", "--merge", one as string, two as string]);
    expect(merged.stderr).toContain("E_SHARD: found a shard of another search");
    const resumed = await mmreplay(["explore", place, "--resume", cut as string]);
    expect(resumed.stderr).toMatch(/E_RESUME: found a search with content "[0-9a-f]{16}"/);
  });

  it("with operations that no run carries out says so", async () => {
    const text = JSON.stringify({
      ...JSON.parse(FORGETS),
      driver: { nonblock: "refuse" },
      tasks: { A: [{ invalidate: "A", pages: [0, 4], nonblock: true }] },
    });
    const { stdout, exit } = await mmreplay(["explore", scratch("refused.json", text)]);
    expect(exit).toBe(0);
    expect(stdout.split("\n").slice(1)).toEqual([
      "left out in every run: A: change A (its region is not open)",
      "left out in every run: A: end A (its region is not open)",
      "",
    ]);
  });

  it("with an operation that only some runs leave out does not", async () => {
    const races = {
      ...JSON.parse(FORGETS),
      driver: {},
      tasks: { X: [{ remove: "N" }], Y: [{ remove: "N" }], R: [{ fault: "N" }] },
    };
    const file = scratch("races.json", JSON.stringify(races));
    expect((await mmreplay(["explore", file])).stdout).not.toContain("left out");
    const one = await mmreplay(["scenario", "run", file, "--seed", "2"]);
    expect(one.stdout).toMatch(/^left out: [XY]: remove N \(it is not there\)$/m);
    expect(
      jsonOf(await mmreplay(["scenario", "run", file, "--seed", "2", "--json"])),
    ).toMatchObject({
      leftOut: [
        { task: "X", operation: "remove N", why: "it is not there" },
        { task: "R", operation: "fault N", why: "it is not there" },
      ],
    });
  });

  it("says what its operations may give: shown, written, searched in shards", async () => {
    const text = JSON.stringify({
      ...JSON.parse(FORGETS),
      driver: {},
      setUp: [{ insert: "N", pages: [0, 4], gives: [0] }],
      tasks: {
        R: [{ fault: "N", gives: ["stored", "skipped"] }],
        A: [{ invalidate: "A", pages: [0, 4], event: "UNMAP", nonblock: true, gives: [0] }],
      },
    });
    const file = scratch("gives.json", text);
    const shown = (await mmreplay(["scenario", "show", file])).stdout;
    expect(shown).toContain("R       fault N gives stored or skipped\n");
    expect(shown).toContain("start A UNMAP [0, 4) nonblock gives 0; change A; end A\n");
    expect(shown).toMatch(/^rules: all that a search asks .*, and what operations may give$/m);
    const found = await mmreplay(["explore", file]);
    expect(found.stdout).toMatch(/^gives: an outcome that is not allowed after \d+ steps/);
    const shards = ["a.json", "b.json"].map((name) => scratch(name));
    for (const [i, shard] of shards.entries()) {
      await mmreplay(["explore", file, "--shard", `${i + 1}/2`, "-o", shard]);
    }
    expect(await mmreplay(["explore", "--merge", ...shards])).toEqual(found);
    const { stdout } = await mmreplay(["scenario", "show", file, "--file"]);
    scratch("gives.json", stdout);
    expect(await mmreplay(["explore", file])).toEqual(found);
  });

  it("with a region that nobody ends says so", async () => {
    const text = JSON.stringify({
      ...JSON.parse(FORGETS),
      tasks: { A: [{ start: "A", pages: [0, 4] }] },
    });
    const file = scratch("open.json", text);
    expect((await mmreplay(["explore", file])).stdout).toContain("\nnever ended: A; who waits");
    expect(jsonOf(await mmreplay(["explore", file, "--json"]))).toMatchObject({
      neverEnded: ["A"],
    });
  });

  it("tells what fails in its own names", async () => {
    const text = JSON.stringify({
      ...JSON.parse(FORGETS),
      driver: {},
      setUp: [{ insert: "wide", pages: [0, 4] }],
      tasks: { gpu: [{ fault: "wide" }], cpu: [{ start: "zap", pages: [0, 4] }] },
    });
    const file = scratch("own names.json", text);
    const { stdout } = await mmreplay(["explore", file]);
    expect(stdout).toContain(`\nreplay: mmreplay scenario run '${file}' --schedule v1:own_names:`);
    const { findings } = jsonOf(await mmreplay(["explore", file, "--json"])) as unknown as {
      findings: { message: string; schedule: string }[];
    };
    const [finding] = findings;
    expect(finding?.message).toMatch(/^Nobody can go on: gpu sleeps in mmu_interval_read_begin/);
    const again = await run(file, "--schedule", finding?.schedule ?? "");
    expect(again.findings).toMatchObject([{ message: finding?.message }]);
  });

  it("that waits in its set-up is refused", async () => {
    const text = JSON.stringify({
      ...JSON.parse(FORGETS),
      setUp: [{ insert: "N", pages: [0, 4] }, { start: "S", pages: [0, 4] }, { fault: "N" }],
    });
    const { exit, stderr } = await mmreplay(["explore", scratch("waits.json", text)]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/E_SET_UP: found that the set-up of waits waits for ever/);
  });

  it("that is not there, or wrong, is refused at its place", async () => {
    const missing = await mmreplay(["scenario", "run", scratch("nowhere.json")]);
    expect(missing.exit).toBe(2);
    expect(missing.stderr).toContain("E_NOT_FOUND");
    const wrong = scratch("wrong.json", FORGETS.replace('"fault"', '"falt"'));
    const { exit, stderr } = await mmreplay(["explore", wrong]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(
      /wrong\.json:1:\d+: "tasks\.R\.0": E_SCENARIO_FILE: .*Did you mean "fault"/,
    );
  });
});
