import { didYouMean, EVENT_TYPES, nearMatches } from "@mmreplay/events";
import { describe, expect, it } from "vitest";

describe("near matches", () => {
  it("a slip of the finger finds the word", () => {
    expect(nearMatches("mmgte", EVENT_TYPES)[0]).toBe("mmget");
    expect(nearMatches("mmu_interval_set_sequ", EVENT_TYPES)[0]).toBe("mmu_interval_set_seq");
  });

  it("a part of a kernel name finds names that hold it", () => {
    expect(nearMatches("subscriptions_destroy", EVENT_TYPES)).toContain(
      "mmu_notifier_subscriptions_destroy",
    );
  });

  it("the nearest comes first and at most three come", () => {
    expect(nearMatches("cat", ["bat", "cats", "cot", "car", "dog"])).toHaveLength(3);
    expect(nearMatches("insert", ["insert_lk", "inserts", "remove"])).toEqual([
      "inserts",
      "insert_lk",
    ]);
  });

  it("what resembles nothing, or is endless, finds nothing", () => {
    expect(didYouMean("zzzzzz", EVENT_TYPES)).toBe("");
    expect(didYouMean("", EVENT_TYPES)).toBe("");
    expect(nearMatches("x".repeat(1_000_000), EVENT_TYPES)).toEqual([]);
  });
});
