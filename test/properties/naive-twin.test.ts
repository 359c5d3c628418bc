/**
 * Core beside a naive twin of interval notifiers: whatever is called, both have the same numbers, call the same
 * notifiers back, let the same readers sleep, and let the same ones store.
 */
import { type Mutant, ZOO } from "@mmreplay/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../support/fuzzing.ts";
import { TWIN_COMMANDS, twinSetUp } from "../support/twin-commands.ts";

const property = (mutant?: Mutant) =>
  fc.property(TWIN_COMMANDS, (commands) => {
    fc.modelRun(twinSetUp(mutant), commands);
  });

/** Bugs in the numbers, in insertion and removal, and in the reader's check. */
const NOTICED = [
  ...["peer-1", "peer-3", "peer-4", "peer-5", "peer-6", "peer-7", "peer-8"],
  ...["K-S9", "K-S11", "K-S12", "core-end-counts-twice", "core-start-leaves-even"],
  ...["core-read-begin-by-parity", "core-end-wakes-nobody"],
];

describe("the naive twin", () => {
  it("agrees with core after every call", () => {
    fc.assert(property(), runs(400));
  });

  it.each(NOTICED)("notices %s", (id) => {
    const mutant = ZOO.find((one) => one.id === id);
    expect(mutant).toBeDefined();
    const { failed } = fc.check(property(mutant), { ...runs(400), endOnFailure: true });
    expect(failed).toBe(true);
  });

  it("is led to few calls by what it notices", () => {
    const mutant = ZOO.find(({ id }) => id === "peer-6");
    const { counterexample } = fc.check(property(mutant), runs(400));
    const calls = String(counterexample?.[0]).match(/insert|remove|start|end|read|store/g);
    expect(calls?.length).toBeLessThanOrEqual(5);
  });
});
