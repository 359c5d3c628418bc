/**
 * The rows of hmm_range_fault's table: what each says that a snapshot may report is what snapshots report,
 * over random schedules: every byte, and no other.
 */
import { type NamedScenario, type Operation, SCENARIOS } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";
import { type Choices, pick, seededChoices } from "../support/random.ts";

const RUNS = 80;
const SEED = 20_261_126;

const ROWS = SCENARIOS.filter(({ name, scenario }) => {
  const isRow = name.startsWith("hmm/") && !name.startsWith("hmm/asks-");
  return isRow && scenario.programs.flat().some(isSnapshot);
});

function isSnapshot(operation: Operation): boolean {
  return operation.op === "dmirror" && operation.command === "SNAPSHOT";
}

/** The outcomes that a row allows its commands. */
function allowed({ scenario }: NamedScenario, command: string): unknown[] {
  return scenario.programs.flat().flatMap((operation) => {
    return operation.op === "dmirror" && operation.command === command
      ? [...(operation.gives ?? [])]
      : [];
  });
}

/** What the commands of one run give, each with its name. */
function given(named: NamedScenario, choices: Choices): (readonly [string, unknown])[] {
  const run = new ScenarioRun(named, undefined, []);
  for (let can = run.choices(); can.length > 0; can = run.choices()) run.step(pick(choices, can));
  expect(run.stuck()).toEqual([]);
  return run.events.flatMap((event): (readonly [string, unknown])[] => {
    if (event.type === "dmirror_range_snapshot") {
      return event.entries.map(([, byte]) => ["SNAPSHOT", `prot ${byte}`]);
    }
    if (event.type !== "dmirror_fops_unlocked_ioctl_return" || event.command === "SNAPSHOT")
      return [];
    return [[event.command, event.rc === 0 ? 0 : `rc ${event.rc}`]];
  });
}

describe("a row of hmm_range_fault's table", () => {
  it("is one of those of protocol.md 4.3, own and foreign device memory among them", () => {
    expect(ROWS.length).toBe(22);
    const names = ROWS.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["hmm/device-own", "hmm/device-foreign"]));
  });

  it.each(ROWS)("$name reports what it says, and nothing else", (named) => {
    const choices = seededChoices(SEED);
    const seen = new Map<string, Set<unknown>>();
    for (let run = 0; run < RUNS; run++) {
      for (const [command, outcome] of given(named, choices)) {
        seen.set(command, (seen.get(command) ?? new Set()).add(outcome));
      }
    }
    for (const command of ["SNAPSHOT", "READ", "WRITE"]) {
      expect(new Set(allowed(named, command)), command).toEqual(seen.get(command));
    }
  });
});

describe("requests for single pages", () => {
  it.each(SCENARIOS.filter(({ name }) => name.startsWith("hmm/asks-")))(
    "$name reports what it says",
    (named) => {
      const choices = seededChoices(SEED);
      const seen = new Set<unknown>();
      for (let run = 0; run < RUNS; run++) {
        const bytes = given(named, choices).map(([, outcome]) =>
          String(outcome).replace("prot ", ""),
        );
        seen.add(`prot ${bytes.join(" ")}`);
      }
      expect(seen).toEqual(new Set(allowed(named, "SNAPSHOT")));
    },
  );
});
