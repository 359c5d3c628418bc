/**
 * Each seeded bug of ../shared/peers is found, at the certified length, with and without reductions.
 */
import { describe, expect, it } from "vitest";
import { breadthFirst } from "../../packages/replay/src/explore/breadth-first.ts";
import { explore, searchOf } from "../../packages/replay/src/explore/explore.ts";
import { decodeSchedule, encodeSchedule } from "../../packages/replay/src/explore/schedule.ts";
import { atOnce } from "../../packages/replay/src/explore/search.ts";
import { failureOf, peerMutant, SHORTEST } from "../support/explored.ts";

const REDUCTIONS = [true, false].flatMap((symmetry) =>
  [true, false].map((por) => ({ symmetry, por })),
);

describe.each(SHORTEST)("%s", (id, length) => {
  const subject = peerMutant(id);
  const { rule } = subject.mutant;

  it.each(REDUCTIONS)(`fails after ${length} steps, with %o`, (options) => {
    const { findings, complete } = explore(subject, options);
    expect(complete).toBe(false);
    expect(findings).toMatchObject([{ rule, length, certified: true }]);
    const schedule = findings[0]?.schedule ?? "";
    expect(failureOf(subject, schedule)).toBe(rule);
    expect(encodeSchedule(decodeSchedule(schedule))).toBe(schedule);
  });

  it("is met by the reduced search itself, or breaks what the reduction assumes", () => {
    const search = searchOf(subject, {}, true);
    const { failures } = atOnce(breadthFirst(search));
    expect(search.space.broken || failures.length > 0).toBe(true);
  });

  it.each(["dfs", "bounded"] as const)("is found by %s", (strategy) => {
    const [finding] = explore(subject, { strategy }).findings;
    expect(finding?.certified).toBe(false);
    expect(finding?.length).toBeGreaterThanOrEqual(length);
    expect(failureOf(subject, finding?.schedule ?? "")).toBe(finding?.rule);
  });

  it("says which steps cannot change places", () => {
    const [finding] = explore(subject).findings;
    const { choices } = decodeSchedule(finding?.schedule ?? "");
    expect(finding?.order).not.toEqual([]);
    for (const at of finding?.order ?? []) {
      expect(choices[at]?.task).not.toBe(choices[at + 1]?.task);
    }
  });
});
