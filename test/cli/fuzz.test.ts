import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { jsonOf, mmreplay } from "./terminal.ts";

const fuzz = (...args: string[]) => mmreplay(["fuzz", ...args]);
const peer8 = (...args: string[]) =>
  fuzz("--scenario", "peer/1F2I1R", "--mutant", "peer-8", ...args);

interface Report {
  readonly runs: number;
  readonly path: string | null;
  readonly findings: readonly {
    readonly rule: string;
    readonly length: number;
    readonly certified: boolean;
    readonly schedule: string;
    readonly scenario: string;
    readonly path: string;
  }[];
  readonly reached: Readonly<Record<string, number>>;
}
const reportOf = async (...args: string[]): Promise<Report> =>
  jsonOf(await fuzz(...args, "--json")) as unknown as Report;

describe("fuzz", () => {
  it("exits with 0 when no drawn run fails, and says what was never reached", async () => {
    const { exit, stdout } = await fuzz("--scenario", "peer/1F1I", "--runs", "100");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^peer\/1F1I: 100 schedules in 1 round, \d+ steps, seed 1$/m);
    expect(stdout).toMatch(/^no run fails$/m);
    expect(stdout).toMatch(/^rare paths reached: \d+ of \d+: reader-sleeps \d+, /m);
  });

  it("says which rare paths no drawn workload took", async () => {
    const { stdout } = await fuzz("--runs", "100");
    expect(stdout).toMatch(/^drawn workloads: 100 schedules in 1 round, \d+ steps, seed 1/m);
    expect(stdout).toMatch(/^rare paths reached: \d+ of \d+; never: /m);
  });

  it("exits with 1 and the certified shortest run of each rule, and how to meet it again", async () => {
    const { exit, stdout } = await peer8("--runs", "2000");
    expect(exit).toBe(1);
    expect(stdout).toMatch(
      /^peer\/1F2I1R: K-I14 violated after 22 steps, and no shorter run fails$/m,
    );
    expect(stdout).toMatch(/^replay: mmreplay scenario run peer\/1F2I1R --schedule v1:/m);
    expect(stdout).toMatch(
      /^again: {2}mmreplay fuzz --scenario peer\/1F2I1R --mutant peer-8 --seed 1 --path 0:\d+$/m,
    );
  });

  it("meets a finding again by its seed and path, and only it", async () => {
    const args = ["--scenario", "peer/1F2I1R", "--mutant", "peer-8"];
    const whole = await reportOf(...args, "--runs", "2000");
    expect(whole.findings.length).toBe(2);
    expect(whole.path).toBe(whole.findings[0]?.path);
    for (const finding of whole.findings) {
      const again = await reportOf(...args, "--path", finding.path);
      expect(again.findings).toEqual([finding]);
      const [replayed] = await scheduled(finding.scenario, finding.schedule);
      expect(replayed).toBe(finding.rule);
    }
  });

  it("says that nothing fails at a path where nothing does: exit 2", async () => {
    const { exit, stderr } = await peer8("--path", "0:0");
    expect(exit).toBe(2);
    expect(stderr).toBe(
      "--path: E_PATH: found 0:0, where nothing fails, expected the path of a finding. Give the seed, scenario, mutant and version with which it was found, too.\n",
    );
  });

  it("meets any failing schedule by its path, not only the first of its rule", async () => {
    const args = ["--scenario", "peer/1F1I", "--mutant", "peer-1", "--path"];
    const met = await Promise.all(
      Array.from({ length: 30 }, (_, schedule) => fuzz(...args, `0:${schedule}`)),
    );
    const failing = met.filter(({ exit }) => exit === 1);
    expect(failing.length).toBeGreaterThan(5);
    expect(met.length - failing.length).toBeGreaterThan(5);
    expect(new Set(met.map(({ exit }) => exit))).toEqual(new Set([1, 2]));
  });

  it("takes what fails without a rule for a rule", async () => {
    const args = ["--scenario", "peer/1F1I1R", "--mutant", "peer-5", "--runs", "500"];
    const { findings } = await reportOf(...args, "--rules", "deadlock");
    expect(findings.map(({ rule }) => rule)).toEqual(["deadlock"]);
  });

  it("asks only the rules that are named", async () => {
    const { findings } = await reportOf("--mutant", "peer-8", "--runs", "2000", "--rules", "K-I14");
    expect(findings.map(({ rule }) => rule)).toEqual(["K-I14"]);
    const unknown = await peer8("--rules", "K-I99");
    expect(unknown.exit).toBe(2);
    expect(unknown.stderr).toMatch(/^--rules: E_RULE: found "K-I99", expected one of K-I14, K-I17/);
  });

  it("takes a mutant's own scenario first when none is named", async () => {
    const { findings } = await reportOf("--mutant", "peer-1", "--runs", "2000");
    expect(findings).toMatchObject([{ rule: "K-I14", scenario: "peer/1F1I", certified: true }]);
  });

  it.each([
    [["--path", "0"], "Expected ROUND:SCHEDULE, as a finding's path says it."],
    [["--path", "0:1", "--runs", "5"], "--path and --runs do not go together"],
    [["--path", "4294967296:3"], "Expected ROUND:SCHEDULE, as a finding's path says it."],
    [["--path", "0:200"], "expected a schedule below 200: the round has no more"],
    [["--rules", ""], "--rules names no rule"],
    [["--seed", "9007199254740993"], "Expected a whole number from 0 to 9007199254740991."],
    [["--resume"], "--resume goes on where --corpus FOLDER says: name the folder, too"],
    [["--json", "--reporter", "md"], "--json and --reporter do not go together"],
    [["--shard", "3/2"], "Expected i/n, as 1/4 to 4/4."],
  ])("refuses %j", async (args, why) => {
    const { exit, stderr } = await fuzz(...args);
    expect(exit).toBe(2);
    expect(stderr).toContain(why);
  });
});

const campaignIn = (corpus: string): string =>
  readdirSync(corpus).find((name) => name.startsWith("campaign-")) ?? "";
const failuresIn = (corpus: string): string[] =>
  readdirSync(corpus).filter((name) => !name.startsWith("campaign-"));

describe("a corpus", () => {
  it("keeps each failure as a journal and the lines that run it again, once", async () => {
    const corpus = scratch("corpus");
    expect((await peer8("--runs", "2000", "--corpus", corpus)).exit).toBe(1);
    const entries = failuresIn(corpus);
    expect(entries.map((name) => name.slice(0, 5)).sort()).toEqual(["K-I14", "K-I17"]);
    for (const entry of entries) {
      const checked = await mmreplay(["check", join(corpus, entry, "journal.jsonl")]);
      expect(checked.exit).toBe(1);
      const [replay = ""] = readFileSync(join(corpus, entry, "replay.txt"), "utf8").split("\n");
      const { stdout } = await mmreplay([...replay.split(" ").slice(1), "--json"]);
      expect(stdout).toContain(entry.slice(0, 5));
    }
    // Other schedules lead to the same failures.
    await peer8("--runs", "2000", "--seed", "2", "--corpus", corpus);
    expect(failuresIn(corpus)).toEqual(entries);
  });

  it("tells failures of another mutant, and of another shape, apart", async () => {
    const corpus = scratch("apart");
    const rules = ["--rules", "K-I14", "--runs", "500", "--corpus", corpus];
    await fuzz("--scenario", "peer/1F1I", "--mutant", "peer-1", ...rules);
    await fuzz("--scenario", "peer/1F1I", "--mutant", "peer-2", ...rules);
    await fuzz("--scenario", "peer/2F1I", "--mutant", "peer-1", ...rules);
    expect(failuresIn(corpus).length).toBe(3);
  });

  it.each([2_000, 100, 3_000])(
    "is gone on with after %i schedules: the report is that of one campaign",
    async (first) => {
      const corpus = scratch(`resumed-${first}`);
      await peer8("--runs", String(first), "--corpus", corpus);
      const resumed = await peer8("--runs", "5000", "--corpus", corpus, "--resume", "--json");
      expect(resumed).toEqual(await peer8("--runs", "5000", "--json"));
    },
  );

  it("loses nothing when somebody forgets to go on, and serves several seeds", async () => {
    const corpus = scratch("forgotten");
    await peer8("--runs", "4000", "--corpus", corpus);
    await peer8("--runs", "2000", "--corpus", corpus);
    await peer8("--runs", "2000", "--seed", "2", "--corpus", corpus);
    const resumed = await peer8("--runs", "4000", "--corpus", corpus, "--resume", "--json");
    expect(resumed).toEqual(await peer8("--runs", "4000", "--json"));
    expect(readdirSync(corpus).filter((name) => name.startsWith("campaign-")).length).toBe(2);
  });

  it.each([
    [["--seed", "2"], "seed"],
    [["--rules", "K-I14"], "rules"],
    [["--max-steps", "50"], "maxSteps"],
    [["--max-states", "50"], "maxStates"],
    [["--shard", "1/2"], "shard"],
    [["--mutant", "peer-9"], "mutant"],
    [["--scenario", "peer/1F1I"], "scenario"],
  ])("is not gone on with by another campaign: %j", async (args, field) => {
    const corpus = scratch(`other-${field}`);
    await peer8("--runs", "100", "--corpus", corpus);
    const other = await peer8("--corpus", corpus, "--resume", ...args);
    expect(other.exit).toBe(2);
    expect(other.stderr).toContain(`E_RESUME: found a campaign with ${field} `);
  });

  it("is not gone on with from a file that was changed, or where there is none", async () => {
    const corpus = scratch("changed");
    await peer8("--runs", "2000", "--corpus", corpus);
    const file = join(corpus, campaignIn(corpus));
    writeFileSync(file, readFileSync(file, "utf8").replace('"runs":2000', '"runs":9999'));
    const changed = await peer8("--corpus", corpus, "--resume");
    expect(changed.exit).toBe(2);
    expect(changed.stderr).toMatch(/E_RESUME: found a file that was changed after it was written/);
    const none = await peer8("--corpus", scratch("none"), "--resume");
    expect(none.exit).toBe(2);
    expect(none.stderr).toMatch(/E_RESUME: found no campaign/);
    expect(existsSync(scratch("none"))).toBe(false);
  });

  it("is a folder: a file in its place is said to be one", async () => {
    const { exit, stderr } = await peer8("--runs", "5", "--corpus", scratch("file", "text"));
    expect(exit).toBe(2);
    expect(stderr).toMatch(/file: E_WRITE: found a file, expected a folder\./);
  });

  it.runIf(existsSync("/proc/self"))("is refused where no folder can be made", async () => {
    const { exit, stderr } = await peer8("--runs", "5", "--corpus", "/proc/no/such");
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^\/proc\/no: E_WRITE: /);
  });
});

describe("a bound", () => {
  it("of steps cuts schedules: where all were cut, nothing is decided", async () => {
    const cut = ["--runs", "50", "--max-steps", "1", "--scenario", "peer/1F1I"];
    const { exit, stdout } = await fuzz(...cut);
    expect(exit).toBe(3);
    expect(stdout).toMatch(
      /^peer\/1F1I: 50 schedules in 1 round, 50 steps, seed 1; 50 cut for their\n {2}length$/m,
    );
    expect(stdout).toMatch(/^undecided: no schedule came to its end$/m);
    expect((await fuzz(...cut, "--reporter", "ktap")).stdout).toMatch(
      /^ok 1 peer\/1F1I # SKIP no schedule came to its end$/m,
    );
    expect((await fuzz(...cut, "--reporter", "junit")).stdout).toContain('skipped="2"');
  });

  it("of states leaves a finding uncertified: the drawn schedule with fewer switches", async () => {
    const args = ["--runs", "2000", "--rules", "K-I14", "--max-states", "20"];
    const { stdout } = await peer8(...args);
    expect(stdout).toMatch(/^peer\/1F2I1R: K-I14 violated after \d+ steps$/m);
    const { findings } = jsonOf(await peer8(...args, "--json")) as unknown as Report;
    expect(findings.map(({ certified }) => certified)).toEqual([false]);
    const [{ scenario = "", schedule = "", length = 0 } = {}] = findings;
    expect(await scheduled(scenario, schedule)).toContain("K-I14");
    expect(length).toBeGreaterThanOrEqual(22);
  });
});

describe("shards", () => {
  it("draw together what one campaign draws", async () => {
    const args = ["--scenario", "peer/1F2I1R", "--runs", "9000"];
    const whole = await reportOf(...args);
    const parts = await Promise.all([1, 2, 3].map((i) => reportOf(...args, "--shard", `${i}/3`)));
    expect(parts.map(({ runs }) => runs)).toEqual([4000, 3000, 2000]);
    for (const [name, count] of Object.entries(whole.reached)) {
      expect(parts.reduce((sum, { reached }) => sum + (reached[name] ?? 0), 0)).toBe(count);
    }
  });
});

describe("the reporters", () => {
  const report = async (reporter: string, ...args: string[]): Promise<string> => {
    return (await fuzz("--runs", "200", "--scenario", "peer/1F1I", "--reporter", reporter, ...args))
      .stdout;
  };
  it("ktap: a test for each rule", async () => {
    expect(await report("ktap")).toMatch(/^ {2}ok 1 K-I14\n {2}ok 2 K-I17\nok 1 peer\/1F1I$/m);
    const failing = await report("ktap", "--mutant", "peer-1");
    expect(failing).toMatch(
      /^ {2}not ok 1 K-I14\n {2}ok 2 K-I17\nnot ok 1 peer\/1F1I with peer-1$/m,
    );
  });
  it("junit: a case for each rule", async () => {
    const failing = await report("junit", "--mutant", "peer-1");
    expect(failing).toContain('tests="2" failures="1" errors="0" skipped="0"');
    expect(failing).toContain('<failure type="K-I14" message="peer/1F1I: K-I14 violated');
  });
  it("github: an error for each finding", async () => {
    expect(await report("github", "--mutant", "peer-1")).toMatch(/^::error title=K-I14 violated::/);
    expect(await report("github")).toMatch(/^::notice title=peer\/1F1I::/);
  });
  it("md: the table in a fence", async () => {
    expect(await report("md", "--mutant", "peer-1")).toMatch(
      /^## peer\/1F1I with peer-1: violated\n/,
    );
  });
});

async function scheduled(scenario: string, schedule: string): Promise<string[]> {
  const outcome = await mmreplay(["scenario", "run", scenario, "--schedule", schedule, "--json"]);
  const { findings } = jsonOf(outcome) as unknown as { findings: { rule: string }[] };
  return findings.map(({ rule }) => rule);
}
