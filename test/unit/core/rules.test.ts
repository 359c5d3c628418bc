/**
 * The table of the rules.
 */
import { RULES, ruleOf } from "@mmreplay/core";
import { EVENT_TYPES } from "@mmreplay/events";
import { describe, expect, it } from "vitest";

describe("the table of rules", () => {
  it("holds K-I1 to K-I33 in the order of their numbers, then the product's own", () => {
    const numbers = Array.from({ length: 33 }, (_, index) => `K-I${index + 1}`);
    expect(RULES.map(({ id }) => id)).toEqual([
      ...numbers,
      ...Array.from({ length: 7 }, (_, index) => `M-I${index + 1}`),
    ]);
  });

  it.each(RULES)("$id is a sentence with a source, and names known events", (rule) => {
    expect(rule.statement).toMatch(/^\w.*\.$/s);
    expect(rule.source).not.toBe("");
    expect(rule.on.length).toBeGreaterThan(0);
    expect(rule.observes.length).toBeGreaterThan(0);
    const named = [...rule.on, ...rule.observes.flat()];
    expect(named.filter((type) => !EVENT_TYPES.includes(type))).toEqual([]);
    expect(new Set(rule.on).size, "event types named once").toBe(rule.on.length);
  });

  it.each(RULES)("$id makes a memory of its own for each run", (rule) => {
    const one = rule.start();
    if (typeof one === "object" && one !== null) expect(rule.start()).not.toBe(one);
    expect(rule.start()).toEqual(one);
  });

  it("is searched by id", () => {
    expect(ruleOf("K-I14")?.kind).toBe("monitor");
    expect(ruleOf("K-I0")).toBeUndefined();
  });
});
