/** Every store of a correct driver is a case of the collision rules, and holds. */
import { expect, test } from "vitest";
import {
  checkRecording,
  expectedVerdicts,
  hasShared,
  recordingBytes,
} from "../support/recordings.ts";

const OWN = ["cust61-good-stress_tiny.txt.gz", "cust61-good-mrelease.txt.gz"];
const SHARED = hasShared
  ? expectedVerdicts()
      .filter(({ verdict, file }) => verdict === "good" && !/core|LOST|OVERRUN/.test(file))
      .map(({ file }) => file)
  : [];

test.each([...new Set([...OWN, ...SHARED])])(
  "the stores of %s are cases of K-I12, K-I13, K-I14 and K-I26",
  async (file) => {
    const text = recordingBytes(file).toString("latin1");
    const faults = text.match(/ do_fault: /g)?.length ?? 0;
    const entries = text.match(/ pte_store: /g)?.length ?? 0;
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
