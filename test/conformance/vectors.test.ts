/**
 * The kernel's own C code and the simulator agree in every field of every recorded step.
 */
import type { Conformance } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import {
  COPIED_FILES,
  compare,
  copiedVectors,
  SHARED_FILES,
  SHARED_VECTORS,
  sharedVectors,
} from "../support/vectors.ts";

/** Seeded bugs, and callbacks that refuse where they must not (p30). */
const WRONG_DRIVER = /^p(2\d|30)-/;

const results = new Map<string, Conformance>();

/** A public file, compared once. */
function shared(name: string): Conformance {
  const known = results.get(name) ?? compare(sharedVectors(name));
  results.set(name, known);
  return known;
}

const sum = (of: (conformance: Conformance) => number): number =>
  SHARED_FILES.reduce((total, name) => total + of(shared(name)), 0);

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
    expect(counts.staleFound > 0, "stale pages").toBe(WRONG_DRIVER.test(name));
  });
});

describe.runIf(SHARED_VECTORS)("all public vectors", () => {
  it.each(SHARED_FILES)("%s is run step by step without a difference", (name) => {
    const { counts, mismatches, unfinished } = shared(name);
    expect(mismatches).toEqual([]);
    expect(unfinished).toBe(false);
    expect(counts.staleFound > 0, "stale pages").toBe(WRONG_DRIVER.test(name));
  });

  it("are 335 executions of 33,749 steps, with no stale page missed or made up", () => {
    expect(sum(({ counts }) => counts.executions)).toBe(335);
    expect(sum(({ counts }) => counts.steps)).toBe(33_749);
    expect(sum(({ mismatches }) => mismatches.length)).toBe(0);
    expect(sum(({ counts }) => counts.staleMissed)).toBe(0);
    expect(sum(({ counts }) => counts.staleExtra)).toBe(0);
    expect(sum(({ counts }) => counts.staleExpected)).toBeGreaterThan(0);
  });
});
