/** The table of a run: what its arrows point at, and whose names its messages have. */
import { describe, expect, it } from "vitest";
import { tableOfSchedule } from "../../../../packages/replay/src/explore/table-of-schedule.ts";
import { wrapped } from "../../../../packages/replay/src/report/table/layout.ts";
import { peer } from "../../../support/explored.ts";

const RUN = "v1:peer/1F1I:2*5122";

describe("the table of a run", () => {
  it("points at both ends of a loop", () => {
    const fails = { rule: "no-progress", message: "It goes round." };
    const lines = tableOfSchedule(peer("1F1I"), RUN, { fails, stem: 5 });
    const arrows = lines.filter((line) => line.includes("<-- "));
    expect(arrows.map((line) => line.replace(/.*<-- /, ""))).toEqual([
      "the loop begins",
      "and leads back to there",
    ]);
  });

  it("calls tasks, notifiers and regions in a message as its columns and rows do", () => {
    const message = "task1 holds notifier0 inside region0, and task2 waits.";
    const lines = tableOfSchedule(peer("1F1I"), RUN, { fails: { rule: "K-I14", message } });
    expect(lines).toContain("  K-I14: F1 holds sub0 inside the CLEAR of I1, and I1 waits.");
  });

  it("has no arrow where nothing fails, and says so", () => {
    const lines = tableOfSchedule(peer("1F1I"), RUN);
    expect(lines.filter((line) => line.includes("<-- "))).toEqual([]);
    expect(lines.at(-1)).toBe("  No rule is broken in this run.");
  });
});

describe("a name that is wider than its column", () => {
  it("is broken after one of its parts", () => {
    expect(wrapped("interval_notifier_insert(sub1) = 0", 24, 2)).toEqual([
      "interval_notifier_",
      "  insert(sub1) = 0",
    ]);
    expect(wrapped("mn_hlist_invalidate_range_start()", 32, 2)).toEqual([
      "mn_hlist_invalidate_range_",
      "  start()",
    ]);
  });
});
