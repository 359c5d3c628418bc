/**
 * The golden traces K-G1 to K-G8 as schedules: each row of protocol.md part 12, value by value.
 *
 * The first column is the choices made since the row above, as in a schedule; a row without a choice
 * says who has to wait. `dev` is "N@v2" as 2, the version that the device's entry of page 0 was built from.
 */
import { type NamedScenario, peekNotifier, SCENARIOS, type State } from "@mmreplay/core";
import { notifierId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { runSchedule } from "../../packages/replay/src/explore/run-schedule.ts";
import type { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";

/** choices | step | S | A | tree | deferred | seqs | device map | PTE ver. */
const TABLES: Readonly<Record<string, string>> = {
  "K-G1": `
    |       | initial        | 2 | 0 | N   | - | N.q=1       | -    | v1 |
    | 1     | R read_begin   | 2 | 0 | N   | - | N.q=1       | -    | v1 |
    | 1     | R walk PTE     | 2 | 0 | N   | - | N.q=1       | -    | v1 |
    | 2     | A start        | 3 | 1 | N   | - | N.q=1       | -    | v1 |
    | 222   | A set_seq+zap  | 3 | 1 | N   | - | N.q=3       | -    | v1 |
    | 211   | R read_retry   | 3 | 1 | N   | - | N.q=3       | -    | v1 |
    | 11    | R read_begin   | 3 | 1 | N   | - | N.q=3       | -    | v1 |
    |       | 1 blocked      | 3 | 1 | N   | - | N.q=3       | -    | v1 |
    | 2     | A write PTE    | 3 | 1 | N   | - | N.q=3       | -    | v2 |
    | 2     | A END          | 4 | 0 | N   | - | N.q=3       | -    | v2 |
    | 11    | R walk PTE     | 4 | 0 | N   | - | N.q=3       | -    | v2 |
    | 111   | R store        | 4 | 0 | N   | - | N.q=3       | N@v2 | v2 |
    | 1     | R unlock       | 4 | 0 | N   | - | N.q=3       | N@v2 | v2 |`,
  "K-G2": `
    |       | initial        | 2 | 0 | N   | - | N.q=1       | -    | v1 |
    | 1     | R read_begin   | 2 | 0 | N   | - | N.q=1       | -    | v1 |
    | 1     | R walk PTE     | 2 | 0 | N   | - | N.q=1       | -    | v1 |
    | 2     | A start        | 3 | 1 | N   | - | N.q=1       | -    | v1 |
    | 111   | R store        | 3 | 1 | N   | - | N.q=1       | N@v1 | v1 |
    | 1222  | A set_seq+zap  | 3 | 1 | N   | - | N.q=3       | -    | v1 |
    | 22    | A write PTE    | 3 | 1 | N   | - | N.q=3       | -    | v2 |
    | 2     | A END          | 4 | 0 | N   | - | N.q=3       | -    | v2 |`,
  "K-G3": `
    |       | initial        | 2 | 0 | M,N | - | M.q=1 N.q=1 | -    | v1 |
    | 2     | A start        | 3 | 1 | M,N | - | M.q=1 N.q=1 | -    | v1 |
    | 222   | A set_seq+zap  | 3 | 1 | M,N | - | M.q=1 N.q=3 | -    | v1 |
    | 23    | B start        | 3 | 2 | M,N | - | M.q=1 N.q=3 | -    | v1 |
    | 333   | B set_seq+zap  | 3 | 2 | M,N | - | M.q=3 N.q=3 | -    | v1 |
    | 32    | A write PTE    | 3 | 2 | M,N | - | M.q=3 N.q=3 | -    | v2 |
    | 2     | A END          | 3 | 1 | M,N | - | M.q=3 N.q=3 | -    | v2 |
    | 1     | R read_begin   | 3 | 1 | M,N | - | M.q=3 N.q=3 | -    | v2 |
    |       | 1 blocked      | 3 | 1 | M,N | - | M.q=3 N.q=3 | -    | v2 |
    | 33    | B END          | 4 | 0 | M,N | - | M.q=3 N.q=3 | -    | v2 |
    | 11    | R walk PTE     | 4 | 0 | M,N | - | M.q=3 N.q=3 | -    | v2 |
    | 111   | R store        | 4 | 0 | M,N | - | M.q=3 N.q=3 | N@v2 | v2 |
    | 1     | R unlock       | 4 | 0 | M,N | - | M.q=3 N.q=3 | N@v2 | v2 |`,
  "K-G4": `
    |       | initial        | 2 | 0 | M   | - | M.q=1       | -    | v1 |
    | 1     | A start        | 3 | 1 | M   | - | M.q=1       | -    | v1 |
    | 2     | I start        | 3 | 1 | M   | N | M.q=1 N.q=3 | -    | v1 |
    | 2     | R read_begin   | 3 | 1 | M   | N | M.q=1 N.q=3 | -    | v1 |
    |       | 2 blocked      | 3 | 1 | M   | N | M.q=1 N.q=3 | -    | v1 |
    | 111   | A set_seq+zap  | 3 | 1 | M   | N | M.q=3 N.q=3 | -    | v1 |
    | 11    | A write PTE    | 3 | 1 | M   | N | M.q=3 N.q=3 | -    | v2 |
    | 1     | A END          | 4 | 0 | M,N | - | M.q=3 N.q=3 | -    | v2 |
    | 22    | R walk PTE     | 4 | 0 | M,N | - | M.q=3 N.q=3 | -    | v2 |
    | 222   | R store        | 4 | 0 | M,N | - | M.q=3 N.q=3 | N@v2 | v2 |
    | 2     | R unlock       | 4 | 0 | M,N | - | M.q=3 N.q=3 | N@v2 | v2 |`,
  "K-G5": `
    |       | initial        | 2 | 0 | M   | - | M.q=1       | -    | v1 |
    | 1     | A start        | 2 | 1 | M   | - | M.q=1       | -    | v1 |
    | 2     | I start        | 3 | 1 | M,N | - | M.q=1 N.q=3 | -    | v1 |
    | 2     | R read_begin   | 3 | 1 | M,N | - | M.q=1 N.q=3 | -    | v1 |
    |       | 2 blocked      | 3 | 1 | M,N | - | M.q=1 N.q=3 | -    | v1 |
    | 1     | A write PTE    | 3 | 1 | M,N | - | M.q=1 N.q=3 | -    | v2 |
    | 1     | A END          | 4 | 0 | M,N | - | M.q=1 N.q=3 | -    | v2 |
    | 22    | R walk PTE     | 4 | 0 | M,N | - | M.q=1 N.q=3 | -    | v2 |
    | 222   | R store        | 4 | 0 | M,N | - | M.q=1 N.q=3 | N@v2 | v2 |
    | 2     | R unlock       | 4 | 0 | M,N | - | M.q=1 N.q=3 | N@v2 | v2 |`,
  "K-G6": `
    |       | initial        | 2 | 0 | M,N | - | M.q=1 N.q=1 | -    | v1 |
    | 3     | B start        | 3 | 1 | M,N | - | M.q=1 N.q=1 | -    | v1 |
    | 1111  | X start        | 3 | 1 | M,N | N | M.q=1 N.q=1 | -    | v1 |
    |       | 1 blocked      | 3 | 1 | M,N | N | M.q=1 N.q=1 | -    | v1 |
    | 2     | A start        | 3 | 2 | M,N | N | M.q=1 N.q=1 | -    | v1 |
    | 222   | A set_seq+zap  | 3 | 2 | M,N | N | M.q=1 N.q=3 | -    | v1 |
    | 22    | A write PTE    | 3 | 2 | M,N | N | M.q=1 N.q=3 | -    | v2 |
    | 2     | A END          | 3 | 1 | M,N | N | M.q=1 N.q=3 | -    | v2 |
    |       | 1 blocked      | 3 | 1 | M,N | N | M.q=1 N.q=3 | -    | v2 |
    | 333   | B set_seq+zap  | 3 | 1 | M,N | N | M.q=3 N.q=3 | -    | v2 |
    | 333   | B END          | 4 | 0 | M   | - | M.q=3 N.q=3 | -    | v2 |
    | 1     | X return       | 4 | 0 | M   | - | M.q=3       | -    | v2 |`,
  "K-G7": `
    |       | initial        | 2 | 0 | N   | - | N.q=1       | -    | v1 |
    | 1     | R read_begin   | 2 | 0 | N   | - | N.q=1       | -    | v1 |
    | 1     | R walk PTE     | 2 | 0 | N   | - | N.q=1       | -    | v1 |
    | 12    | A start        | 3 | 1 | N   | - | N.q=1       | -    | v1 |
    | 2     | A refused      | 3 | 1 | N   | - | N.q=1       | -    | v1 |
    | 2     | A END          | 4 | 0 | N   | - | N.q=1       | -    | v1 |
    | 11    | R store        | 4 | 0 | N   | - | N.q=1       | N@v1 | v1 |
    | 122   | R unlock       | 4 | 0 | N   | - | N.q=1       | N@v1 | v1 |`,
  "K-G8": `
    |       | initial        | 2 | 0 | M   | - | M.q=1       | -    | v1 |
    | 1     | A start        | 2 | 1 | M   | - | M.q=1       | -    | v1 |
    | R2    | I start        | 3 | 1 | M,N | - | M.q=1 N.q=3 | -    | v1 |
    | 2     | R read_begin   | 3 | 1 | M,N | - | M.q=1 N.q=3 | -    | v1 |
    |       | 2 blocked      | 3 | 1 | M,N | - | M.q=1 N.q=3 | -    | v1 |`,
};

/** Notifiers in the order in which the tables print them. */
const PRINTED = [
  ["M", notifierId(1)],
  ["N", notifierId(0)],
] as const;

const names = (ids: readonly number[]): string =>
  PRINTED.filter(([, id]) => ids.includes(id))
    .map(([name]) => name)
    .join(",") || "-";

function seen(state: State): string[] {
  const subs = state.mms[0]?.subs;
  const device = state.mirrors[0]?.device.leaves["0"]?.[0] ?? 0;
  const seqs = PRINTED.map(([name, id]) => [name, peekNotifier(state, id)] as const)
    .filter(([, { phase }]) => phase !== "free")
    .map(([name, { seq }]) => `${name}.q=${seq}`);
  return [
    String(subs?.seq),
    String(subs?.active),
    names(subs?.tree ?? []),
    names(subs?.deferred ?? []),
    seqs.join(" "),
    device === 0 ? "-" : `N@v${device >> 1}`,
    `v${state.mms[0]?.cpu.leaves["0"]?.[0]}`,
  ];
}

const golden = SCENARIOS.filter(({ told }) => told !== undefined);
const after = (named: NamedScenario, choices: string): ScenarioRun =>
  runSchedule(named, `v1:${named.name}:${choices}`).run;

describe("the golden traces as schedules", () => {
  it("are eight", () => {
    expect(golden.map(({ name }) => name)).toEqual(Object.keys(TABLES));
  });

  it.each(golden)("$name: $title", (named) => {
    let made = "";
    for (const line of (TABLES[named.name] as string).trim().split("\n")) {
      const [choices = "", step = "", ...values] = line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      made += choices;
      const run = after(named, made);
      expect(seen(run.state), `${named.name} after ${made}: ${step}`).toEqual(values);
      const [waits] = /^\d(?= blocked)/.exec(step) ?? [];
      if (waits === undefined) continue;
      expect(run.canMove({ task: Number(waits), branch: "default" }), line).toBe(false);
    }
    expect(made).toBe(named.told);
    const left = after(named, made).choices();
    expect(left, "nothing is left to do").toEqual([]);
  });

  it("break no rule, but for the one that shows K-Z28", () => {
    for (const named of golden) {
      const rules = after(named, named.told as string)
        .outcome()
        .map(({ rule }) => rule);
      expect(rules).toEqual(named.name === "K-G8" ? ["K-I3", "K-I24", "deadlock"] : []);
    }
  });
});
