/**
 * Every named scenario of up to four tasks, searched whole: the unchanged model breaks no rule and
 * nobody waits for ever; where it does, the scenario says so.
 *
 * A usual run searches mm/fork as far as 20,900 states and everything else whole, and without merging like tasks
 * one scenario of each family; MMREPLAY_WHOLE leaves nothing out.
 */
import { likeTasks, SCENARIOS } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { runSchedule } from "../../packages/replay/src/explore/run-schedule.ts";
import { cleanScenarios } from "../../packages/replay/src/explore/zoo.ts";
import { familyOf, ofEachKind, WHOLE } from "../support/sample.ts";

const CLEAN = cleanScenarios();
/** The largest, mm/fork, has 118,168; `mmreplay zoo` searches it whole, too. */
const STATES_MAX = WHOLE ? 1_000_000 : 20_900;

/** Without merging these would take seconds, and say the same. */
const LARGE = new Set(["peer/2F1I1R", "peer/1F2I1R"]);
/** Where no tasks are alike the other search would be the same one. */
const ALIKE = CLEAN.filter(({ name, scenario }) => {
  return !LARGE.has(name) && new Set(likeTasks(scenario)).size < scenario.programs.length;
});
const UNMERGED = ofEachKind(ALIKE, familyOf);
const shown = SCENARIOS.filter(({ shows }) => shows !== undefined);

describe("the unchanged model", () => {
  it("is asked in more than twenty scenarios, each with a name of its own", () => {
    expect(CLEAN.length).toBeGreaterThanOrEqual(20);
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it.each(CLEAN)("breaks no rule in $name: $title", (named) => {
    const clean = { deadlocks: 0, findings: [] };
    const report = explore({ named }, { bounds: { maxStates: STATES_MAX } });
    expect(report).toMatchObject(clean);
    expect(report.complete || report.states === STATES_MAX).toBe(true);
    if (UNMERGED.includes(named))
      expect(explore({ named }, { symmetry: false })).toMatchObject({ ...clean, complete: true });
  });

  it.each(shown)("breaks the rule that $name names, and says what is claimed", (named) => {
    expect(explore({ named }).findings[0]?.rule).toBe(named.shows?.rule);
    expect(named.shows?.claim).toMatch(/model|K-P9/);
  });

  it("lets a task wait for ever in K-P9", () => {
    const named = shown.find(({ name }) => name === "K-P9") as (typeof SCENARIOS)[number];
    expect(explore({ named: { ...named, rules: [] } }).findings[0]?.rule).toBe("deadlock");
  });
});

describe("K-P15", () => {
  it("has a run in which the reader sleeps over two ends and goes on after the third", () => {
    const named = SCENARIOS.find(({ name }) => name === "K-P15") as (typeof SCENARIOS)[number];
    // A tells N; the reader falls asleep; B begins before A ends, and C before B does.
    const chained = "22222" + "1" + "33333" + "22" + "44444" + "33";
    const asleep = runSchedule(named, `v1:K-P15:${chained}`).run;
    expect(asleep.canMove({ task: 1, branch: "default" })).toBe(false);
    const woken = runSchedule(named, `v1:K-P15:${chained}44`).run;
    expect(woken.canMove({ task: 1, branch: "default" })).toBe(true);
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
