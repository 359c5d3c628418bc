/**
 * Every named scenario of up to four tasks, searched whole: the unchanged model breaks no rule and
 * nobody waits for ever; where it does, the scenario says so.
 */
import { SCENARIOS } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { cleanScenarios } from "../../packages/replay/src/explore/zoo.ts";

const CLEAN = cleanScenarios();
/** Without merging these would take seconds, and say the same. */
const LARGE = new Set(["peer/2F1I1R", "peer/1F2I1R"]);
const shown = SCENARIOS.filter(({ shows }) => shows !== undefined);

describe("the unchanged model", () => {
  it("is asked in more than twenty scenarios, each with a name of its own", () => {
    expect(CLEAN.length).toBeGreaterThanOrEqual(20);
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it.each(CLEAN)("breaks no rule in $name: $title", (named) => {
    for (const symmetry of LARGE.has(named.name) ? [true] : [true, false]) {
      const { complete, deadlocks, findings } = explore(named, { symmetry });
      expect({ complete, deadlocks, findings }).toEqual({
        complete: true,
        deadlocks: 0,
        findings: [],
      });
    }
  });

  it.each(shown)("breaks the rule that $name names, and a task then waits for ever", (named) => {
    expect(explore(named).findings[0]?.rule).toBe(named.shows?.rule);
    const hangs = explore({ ...named, rules: [] });
    expect(hangs.findings[0]?.rule).toBe("deadlock");
    expect(named.shows?.claim).toMatch(/model|K-P9/);
  });
});

describe("a scenario", () => {
  it("names its tasks, one for each program but the set-up's", () => {
    for (const { tasks, scenario } of SCENARIOS) {
      expect(tasks.length).toBe(scenario.programs.length - 1);
      expect(new Set(tasks).size).toBe(tasks.length);
    }
  });
});
