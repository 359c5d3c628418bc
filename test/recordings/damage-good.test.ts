/**
 * Damaged recordings of a correct driver: no false violation, no crash (support/damaged.ts).
 */
import { describe, expect, test } from "vitest";
import { notRecorded, PROBES } from "../support/damage.ts";
import {
  checkLines,
  damagedReport,
  LARGER,
  linesOf,
  VARIANTS_OF_EACH,
} from "../support/damaged.ts";

const GOOD = ["stress_tiny", "counterclock-lk-stress", "mrelease"].map(
  (name) => `cust61-good-${name}.txt.gz`,
);
const LARGER_GOOD = ["deb61-good-delay-lk-stress_short.txt.gz", "cust61-good-stress_nomig.txt.gz"];

describe.each([...GOOD, ...(LARGER ? LARGER_GOOD : [])])("%s, of a correct driver", (file) => {
  test("violates nothing, however it is damaged", { timeout: 3_600_000 }, async () => {
    const blamed: string[] = [];
    for (const { seed, damage } of VARIANTS_OF_EACH) {
      const { findings } = await damagedReport(file, seed, damage);
      const [finding] = findings;
      if (finding === undefined || damage.lies) continue;
      blamed.push(
        `seed ${seed}, ${damage.name}: ${finding.line} ${finding.rule} ${finding.message}`,
      );
    }
    expect(blamed).toEqual([]);
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
