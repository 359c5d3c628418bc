/**
 * Damaged recordings: no false violation on a correct driver, no "held" on a wrong one, no crash.
 *
 * Each recording gets every kind of damage once, from a fixed seed. MMREPLAY_DAMAGE=200 makes it 200
 * variants of each recording, and adds larger recordings where the full set is there.
 */
import { checkBytes, type FileReport } from "@mmreplay/replay";
import { describe, expect, test } from "vitest";
import { DAMAGES, type Damage, notRecorded, PROBES } from "../support/damage.ts";
import { seededChoices } from "../support/random.ts";
import { hasShared, inChunks, recordingBytes } from "../support/recordings.ts";

const VARIANTS = Number(process.env["MMREPLAY_DAMAGE"] ?? DAMAGES.length);
const LARGER = VARIANTS > DAMAGES.length && hasShared;

const GOOD = ["stress_tiny", "counterclock-lk-stress", "mrelease"].map(
  (name) => `cust61-good-${name}.txt.gz`,
);
const BAD = ["noretry_dropped-stress_delay", "noseq-stress_nodelay", "skiptrylock-mrelease"].map(
  (name) => `cust61-BUG_${name}.txt.gz`,
);
const LARGER_GOOD = ["deb61-good-delay-lk-stress_short.txt.gz", "cust61-good-stress_nomig.txt.gz"];

/** The variants of a recording: the kinds in turn, each with a seed of its own. */
const variants = Array.from({ length: VARIANTS }, (_, seed) => ({
  seed,
  damage: DAMAGES[seed % DAMAGES.length] as Damage,
}));

const linesOf = (file: string): string[] => recordingBytes(file).toString("latin1").split("\n");

function checkLines(file: string, lines: readonly string[]): Promise<FileReport> {
  return checkBytes(file, inChunks(Buffer.from(lines.join("\n"), "latin1")), {});
}

function report(file: string, seed: number, { damage }: Damage): Promise<FileReport> {
  return checkLines(file, damage(linesOf(file), seededChoices(seed)));
}

describe.each([...GOOD, ...(LARGER ? LARGER_GOOD : [])])("%s, of a correct driver", (file) => {
  test("violates nothing, however it is damaged", { timeout: 3_600_000 }, async () => {
    const blamed: string[] = [];
    for (const { seed, damage } of variants) {
      const { findings } = await report(file, seed, damage);
      const [finding] = findings;
      if (finding === undefined || damage.lies) continue;
      blamed.push(
        `seed ${seed}, ${damage.name}: ${finding.line} ${finding.rule} ${finding.message}`,
      );
    }
    expect(blamed).toEqual([]);
  });
});

describe.each(BAD)("%s, of a driver with a bug", (file) => {
  test("is violated or undecided, however it is damaged", { timeout: 3_600_000 }, async () => {
    const cleared: string[] = [];
    for (const { seed, damage } of variants) {
      const { verdict } = await report(file, seed, damage);
      if (verdict !== "held") continue;
      cleared.push(`seed ${seed}, ${damage.name}`);
    }
    expect(cleared).toEqual([]);
  });
});

test.each(["stress_tiny", "mrelease"])(
  "%s violates nothing without any one probe",
  async (name) => {
    const file = `cust61-good-${name}.txt.gz`;
    const lines = linesOf(file);
    for (const probe of PROBES) {
      expect((await checkLines(file, notRecorded(lines, probe))).findings, probe).toEqual([]);
    }
  },
);
