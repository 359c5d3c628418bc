/**
 * What operations may give: found or not, alike with every reduction, on threads and in a replayed run.
 */
import { scenarioOfFile } from "@mmreplay/core";
import type { ScenarioFile, ScenarioFileOperation } from "@mmreplay/events";
import { describe, expect, it, test } from "vitest";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { leftOutAlways } from "../../packages/replay/src/explore/left-out.ts";
import { mutantNamed } from "../../packages/replay/src/explore/named.ts";
import { runSchedule } from "../../packages/replay/src/explore/run-schedule.ts";
import { atOnce } from "../../packages/replay/src/explore/search.ts";

const INSERT_N: ScenarioFileOperation = { insert: "N", pages: [0, 4] };
const FAULT: ScenarioFileOperation = { fault: "N", gives: ["stored"] };
const REAP: ScenarioFileOperation = {
  start: "A",
  pages: [0, 4],
  event: "UNMAP",
  nonblock: true,
  gives: [0],
};

type Case = readonly [
  string,
  Pick<ScenarioFile, "setUp" | "tasks"> & Partial<ScenarioFile>,
  RegExp | null,
];

const CASES: readonly Case[] = [
  [
    "a fault beside an UNMAP finds no page",
    { tasks: { R: [FAULT], A: [{ invalidate: "A", pages: [0, 4], event: "UNMAP" }] } },
    /^task1: the fault of notifier0 gives not_present; the scenario allows only stored\.$/,
  ],
  [
    "a fault beside a CLEAR stores, after however many retries",
    { tasks: { R: [FAULT], S: [FAULT], A: [{ invalidate: "A", pages: [0, 4] }] } },
    null,
  ],
  [
    "one of two like faults is left out after a removal",
    { tasks: { R: [FAULT], S: [FAULT], X: [{ remove: "N" }] } },
    /^task[12]: the fault of notifier0 gives skipped; the scenario allows only stored\.$/,
  ],
  [
    "a fault may be left out where the scenario says so",
    { tasks: { R: [{ fault: "N", gives: ["stored", "skipped"] }], X: [{ remove: "N" }] } },
    null,
  ],
  [
    "a start that may not sleep is refused while a fault holds the lock",
    { tasks: { R: [FAULT], A: [REAP, { end: "A" }] } },
    /^task2: the start of region0 gives -EAGAIN; the scenario allows only 0\.$/,
  ],
  [
    "a start that may sleep is not",
    { tasks: { R: [FAULT], A: [{ invalidate: "A", pages: [0, 4], gives: [0] }] } },
    null,
  ],
  [
    "an insertion comes to its end beside an exit, or is left out after it",
    {
      setUp: [],
      tasks: { I: [{ insert: "N", pages: [0, 4], gives: [0] }], E: [{ exit: true }] },
    },
    /^task1: the insertion of notifier0 gives skipped; the scenario allows only 0\.$/,
  ],
  [
    "a registration gives what it may, with the interval part registered beside it",
    {
      setUp: [],
      tasks: { P: [{ register: 0, gives: [0] }], I: [{ insert: "N", pages: [0, 4], gives: [0] }] },
    },
    null,
  ],
];

test("a step that a mutant leaves out is no call that was left out", () => {
  const named = scenarioOfFile(
    {
      mmreplay: "scenario",
      version: 1,
      title: "T",
      rules: ["outcome"],
      setUp: [INSERT_N],
      tasks: { A: [{ ...REAP, gives: ["-EAGAIN", 0] }] },
    },
    "t",
    "t.json",
  );
  const mutant = mutantNamed("K-Z4");
  expect(explore({ named, mutant }).findings).toEqual([]);
  expect(atOnce(leftOutAlways({ named, mutant }, {}))).toEqual([]);
});

describe.each(CASES)("%s", (_, more, said) => {
  const named = scenarioOfFile(
    {
      mmreplay: "scenario",
      version: 1,
      title: "T",
      rules: ["outcome"],
      setUp: [INSERT_N],
      ...more,
    },
    "t",
    "t.json",
  );
  const failures = [true, false].flatMap((por) =>
    [true, false].flatMap((symmetry) => explore({ named }, { por, symmetry }).findings),
  );

  it("is found with all reductions or with none", () => {
    expect(failures).toHaveLength(said === null ? 0 : 4);
    expect(new Set(failures.map(({ length }) => length)).size).toBeLessThanOrEqual(1);
    for (const { rule, message } of failures) {
      expect(rule).toBe("outcome");
      expect(message).toMatch(said as RegExp);
    }
  });

  it("is said of the run that its schedule makes", () => {
    for (const { schedule, message } of failures) {
      const outcome = runSchedule(named, schedule).run.outcome();
      expect(outcome.map((one) => one.message)).toContain(message);
    }
  });
});
