/**
 * The kernel's own C code and the simulator agree in every field of every recorded step.
 */
import { describe, expect, it } from "vitest";
import {
  COPIED_FILES,
  compare,
  copiedVectors,
  SHARED_FILES,
  SHARED_VECTORS,
  sharedVectors,
} from "../support/vectors.ts";

const total = { executions: 0, steps: 0, mismatches: 0, missed: 0, extra: 0, stale: 0 };

/** Seeded bugs, and callbacks that refuse where they must not (p30). */
const WRONG_DRIVER = /^p(2\d|30)-/;

describe("the copied vectors", () => {
  it("are a small part of the public ones", () => {
    expect(COPIED_FILES).toHaveLength(5);
    if (SHARED_VECTORS) expect(SHARED_FILES).toEqual(expect.arrayContaining([...COPIED_FILES]));
  });

  it.each(COPIED_FILES)("%s is run step by step without a difference", (name) => {
    const { counts, mismatches, unfinished } = compare(copiedVectors(name));
    expect(mismatches).toEqual([]);
    expect(unfinished).toBe(false);
    expect(counts.executions).toBeGreaterThan(0);
    expect(counts.staleMissed + counts.staleExtra).toBe(0);
  });

  it("show stale pages where the driver is wrong, and nowhere else", () => {
    const stale = COPIED_FILES.filter((name) => compare(copiedVectors(name)).counts.staleFound > 0);
    expect(stale).toEqual(["p20-bug-no-retry-check.jsonl.gz"]);
  });
});

describe.runIf(SHARED_VECTORS)("all public vectors", () => {
  it.each(SHARED_FILES)("%s is run step by step without a difference", (name) => {
    const { counts, mismatches, unfinished } = compare(sharedVectors(name));
    expect(mismatches).toEqual([]);
    expect(unfinished).toBe(false);
    total.executions += counts.executions;
    total.steps += counts.steps;
    total.mismatches += mismatches.length;
    total.missed += counts.staleMissed;
    total.extra += counts.staleExtra;
    total.stale += counts.staleFound;
    expect(counts.staleFound > 0, "stale pages").toBe(WRONG_DRIVER.test(name));
  });

  it("are 335 executions of 33,749 steps, with no stale page missed or made up", () => {
    const { stale, ...counts } = total;
    expect(counts).toEqual({
      executions: 335,
      steps: 33_749,
      mismatches: 0,
      missed: 0,
      extra: 0,
    });
    expect(stale).toBeGreaterThan(0);
  });
});
