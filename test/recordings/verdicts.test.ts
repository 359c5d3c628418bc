/**
 * Verdicts on real recordings of booted kernels follow what is known of them. Each recording is checked
 * once, for all that is said of it here.
 */
import { checkBytes } from "@mmreplay/replay";
import { describe, expect, test } from "vitest";
import { occurrences } from "../support/counting.ts";
import {
  checkRecording,
  type Expected,
  expectedVerdicts,
  hasShared,
  inChunks,
  isUsual,
  knownPlaces,
  recordedTable,
  recordingBytes,
} from "../support/recordings.ts";

/** What is known of the recordings that ship with the repository. */
const OWN: readonly Expected[] = [
  ...["noretry_dropped-stress_delay", "noretry_ignored-stress_delay", "unlocked-stress_delay"].map(
    (bug): Expected => ({
      file: `cust61-BUG_${bug}.txt.gz`,
      verdict: "bad",
      rules: ["K-I26"],
    }),
  ),
  { file: "cust61-BUG_noseq-stress_nodelay.txt.gz", verdict: "bad", rules: ["K-I12"] },
  { file: "cust61-BUG_skiptrylock-mrelease.txt.gz", verdict: "bad", rules: ["K-I12", "K-I22"] },
  ...[
    "cust61-good-stress_tiny",
    "cust61-good-mrelease",
    "cust61-good-counterclock-lk-stress",
    "cust61-good-LOST-trace_pipe",
    "cust61-good-OVERRUN-stress",
    "deb61-good-core-stress_short",
    "deb612-good-core-stress_short",
  ].map((name): Expected => ({ file: `${name}.txt.gz`, verdict: "good", rules: [] })),
];

/** Correct drivers whose recordings lost events: what is missing is undecided. */
const INCOMPLETE: ReadonlySet<string> = new Set(
  ["LOST-trace_pipe", "OVERRUN-stress"].map((name) => `cust61-good-${name}.txt.gz`),
);

/**
 * Lines at which the recordings' README shows a violation; the first finding may lie there or at an
 * earlier place that is as true.
 */
const GROUND_TRUTH: Readonly<Record<string, number>> = {
  "cust61-BUG_noretry_dropped-stress_delay.txt.gz": 1379,
  "cust61-BUG_noretry_dropped-stress_nodelay.txt.gz": 10_704,
  "cust61-BUG_noretry_ignored-stress_delay.txt.gz": 1099,
  "cust61-BUG_noseq-stress_nodelay.txt.gz": 7384,
  "cust61-BUG_skiptrylock-mrelease.txt.gz": 2525,
  "cust61-BUG_unlocked-stress_delay.txt.gz": 865,
  "cust61-good-OOPS-converted.txt.gz": 36_574,
  "cust61-good-stress_mig_snap.txt.gz": 28_528,
};

async function follows({ file, verdict, rules }: Expected): Promise<void> {
  const report = await checkRecording(file);
  if (verdict === "good") {
    expect(report.findings, "a correct driver violates nothing").toEqual([]);
    expect(report.verdict).toBe(INCOMPLETE.has(file) ? "undecided" : "held");
    return;
  }
  for (const finding of report.findings) {
    expect(finding.evidence.length, "each finding is explained").toBeGreaterThan(0);
    expect(finding.message).not.toBe("");
  }
  if (verdict === "any") return;
  expect(report.verdict).toBe("violated");
  expect(rules).toContain(report.findings[0]?.rule);
  expect(report.findings[0]?.line ?? 0).toBeGreaterThan(0);
  expect(report.findings[0]?.line ?? 0).toBeLessThanOrEqual(GROUND_TRUTH[file] ?? 0);
}

describe("the recordings that ship with the repository", () => {
  test.each(OWN.map((one) => [one.file, one] as const))("%s", async (_, expected) => {
    await follows(expected);
  });
});

const TABLE = (hasShared ? recordedTable() : []).filter(({ file }) => isUsual(file));

describe.runIf(hasShared)("the full set of recordings", () => {
  const all = hasShared ? expectedVerdicts() : [];
  test.each(all.map((one) => [one.file, one] as const))("%s", async (_, expected) => {
    await follows(expected);
  });

  test.each((hasShared ? knownPlaces() : []).map((one) => [one.file, one] as const))(
    "every place that is known of %s is found by K-I14",
    async (_, { file, stores, survivals }) => {
      const bytes = inChunks(recordingBytes(file));
      const { findings } = await checkBytes(file, bytes, { rules: ["K-I14"] });
      expect(findings.map(({ line }) => line)).toEqual(expect.arrayContaining([...stores]));
      const shown = findings.flatMap(({ evidence }) => evidence.map(({ line }) => line));
      expect(shown).toEqual(expect.arrayContaining([...survivals]));
    },
  );

  test.each(TABLE.map((row) => [row.file, row] as const))(
    "the calls and results of %s are counted as its table has them",
    async (_, row) => {
      const report = await checkRecording(row.file);
      const { events, invalidations, busy, again } = report;
      expect({ events, invalidations, busy, again }).toEqual({
        events: row.events,
        invalidations: row.invalidations,
        busy: row.busy,
        again: row.again,
      });
      expect(report.retries).toBe(row.retries);
    },
  );
});

describe("every store of a correct driver is a case of the collision rules, and holds", () => {
  const own = ["cust61-good-stress_tiny.txt.gz", "cust61-good-mrelease.txt.gz"];
  const shared = (hasShared ? expectedVerdicts() : [])
    .filter(({ verdict, file }) => verdict === "good" && !/core|LOST|OVERRUN/.test(file))
    .map(({ file }) => file);

  test.each([...new Set([...own, ...shared])])(
    "the stores of %s are cases of K-I12, K-I13, K-I14 and K-I26",
    async (file) => {
      const bytes = recordingBytes(file);
      const faults = occurrences(bytes, " do_fault: ");
      const entries = occurrences(bytes, " pte_store: ");
      const { rules, verdict, unexplained } = await checkRecording(file);
      expect(verdict).toBe("held");
      for (const id of ["K-I12", "K-I13"]) {
        expect(rules[id]?.held, id).toBeGreaterThanOrEqual(Math.max(faults, entries));
        expect(rules[id]?.undecided, id).toBe(0);
      }
      expect(rules["K-I26"]?.held).toBe(faults + entries);
      expect(unexplained).toBeLessThanOrEqual(4);
    },
  );
});
