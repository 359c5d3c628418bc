/**
 * Every rare-path mark is taken by some scenario with a name: one of the list, or a drawn one.
 *
 * What no scenario of the list has is registrations that fail or share, a notifier that is inserted again, and
 * mappings that cut huge pages; drawn workloads have them.
 */
import { MARKS, type NamedScenario, SCENARIOS } from "@mmreplay/core";
import { drawnWorkload } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { byPriority } from "../../packages/replay/src/explore/draw-pct.ts";
import { anyMove } from "../../packages/replay/src/explore/draw-random.ts";
import { createGenerator } from "../../packages/replay/src/explore/generator.ts";
import { scenarioNamed } from "../../packages/replay/src/explore/named.ts";
import { spaceOf } from "../../packages/replay/src/explore/prepare.ts";
import { MOVES } from "../../packages/replay/src/explore/space.ts";
import { Walk } from "../../packages/replay/src/explore/walk.ts";

const STEPS_MAX = 500;
const LENGTH = 40;

/** Adds the marks that some schedules take. */
function collect(named: NamedScenario, schedules: number, taken: Set<string>): void {
  const space = spaceOf({ named }, { drawn: true, marks: MARKS });
  const walk = new Walk(space);
  const pickers = [anyMove(space), byPriority(space, 3, () => LENGTH)] as const;
  const look = (): void => {
    for (const mark of space.marks) taken.add(MARKS[mark]?.name ?? "");
  };
  for (let run = 0; run < schedules; run++) {
    const picker = pickers[run % 2] as (typeof pickers)[number];
    picker.begin(createGenerator(1, run));
    walk.begin();
    while (walk.step(picker, look) && walk.path.length < STEPS_MAX);
  }
}

/** Scenarios of which many have the same marks, or that are large. */
const isLarge = ({ name }: NamedScenario): boolean => name.startsWith("peer/3");

const ONLY_DRAWN = [
  "get-shares",
  "huge-page-split",
  "inserted-again",
  "put-inside-walk",
  "put-leaves-users",
  "registration-failed",
  "registration-finds-subscriptions",
  "split-of-small-pages",
];

/** Rounds of seed 7 that take them. */
const ROUNDS = [7, 28, 32, 39, 44, 78, 105];
const HOURS = 24 * 3_600_000;

/** The marks that any state of a scenario has a step for. */
function takenAnywhere(named: NamedScenario): Set<string> {
  const space = spaceOf({ named }, { marks: MARKS });
  const taken = new Set<string>();
  const seen = new Set([space.initial.join()]);
  const rows = [space.initial];
  const next = space.initial.slice();
  for (let row = rows.pop(); row !== undefined; row = rows.pop()) {
    for (const move of space.moves.keys()) {
      if (space.step(row, move, next) !== MOVES) continue;
      for (const mark of space.marks) taken.add(MARKS[mark]?.name ?? "");
      if (seen.has(next.join())) continue;
      seen.add(next.join());
      rows.push(next.slice());
    }
  }
  return taken;
}

/** Scenarios in which pages move to a device, beside those of 6.1's driver. */
const moving = SCENARIOS.filter(({ name, scenario }) => {
  return name.startsWith("mm/migrate") && scenario.driver.ownMigrate !== "skipped";
});

describe("a mark that needs what drawn workloads have not", () => {
  it("is there, with the driver of 6.1", () => {
    const needing = MARKS.filter(({ needs }) => needs !== undefined).map(({ name }) => name);
    expect(needing).toEqual(["store-after-missed-callback"]);
    expect([...takenAnywhere(scenarioNamed("mm/to-ram-read-6.1"))]).toEqual(
      expect.arrayContaining(needing),
    );
  });

  it.each(moving.map((named) => [named.name, named] as const))(
    "is taken in no state of %s",
    (_, named) => {
      const taken = takenAnywhere(named);
      expect([...taken].filter((name) => MARKS.find((mark) => mark.name === name)?.needs)).toEqual(
        [],
      );
    },
  );
});

describe("every rare-path mark", () => {
  it("is taken by random schedules of some scenario", { timeout: HOURS }, () => {
    const taken = new Set<string>();
    for (const named of SCENARIOS.filter((one) => !isLarge(one))) collect(named, 24, taken);
    const rare = SCENARIOS.find(({ name }) => name === "mm/to-ram-read-6.1") as NamedScenario;
    collect(rare, 1_000, taken);
    const left = (): string[] => MARKS.map(({ name }) => name).filter((name) => !taken.has(name));
    expect(left().filter((name) => !ONLY_DRAWN.includes(name))).toEqual([]);
    for (const round of ROUNDS) collect(drawnWorkload(7, String(round)), 8, taken);
    expect(left()).toEqual([]);
  });
});
