/** What stands in the search field, and what it finds. */
import { createReadStream } from "node:fs";
import { openTimeline } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { eventNumber, findAll, searchOf } from "../../../packages/replay/viewer/model/search.ts";
import { mmreplay } from "../../cli/terminal.ts";
import { scratch } from "../../support/scratch.ts";

const run = scratch("run.jsonl");
await mmreplay(["scenario", "run", "K-G1", "--seed", "1", "-o", run]);
const { timeline, summary } = await openTimeline(run, createReadStream(run));
const taskNames = Object.fromEntries(summary.taskNames);

async function found(text: string): Promise<string[]> {
  let all: number[] = [];
  const condition = searchOf(text, {
    violations: new Set([3]),
    violationsOf: (rule) => new Set(rule === "K-I14" ? [3] : []),
    taskNames,
    selected: null,
  });
  await findAll(
    timeline,
    condition,
    () => false,
    (matches) => {
      all = [...matches];
    },
  );
  return all.map((index) => timeline.eventAt(index).type);
}

describe("a search", () => {
  it("for a type finds the events of that type alone", async () => {
    expect(await found("type mmu_interval_read_begin")).toContain("mmu_interval_read_begin");
    expect(new Set(await found("type mmu_interval_read_begin")).size).toBe(1);
  });

  it("joins conditions with and", async () => {
    const all = await found("notifier 0");
    const some = await found("notifier 0 and type mmu_interval_set_seq");
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
    expect(new Set(some)).toEqual(new Set(["mmu_interval_set_seq"]));
  });

  it("for plain text looks into what the list prints", async () => {
    expect(await found("set_seq(")).toContain("mmu_interval_set_seq");
    expect(await found("no such words")).toEqual([]);
  });

  it("for a comparison finds where it becomes true, across the stretches", async () => {
    expect(await found("mms[0].subs.seq == 3")).toEqual(["mmu_notifier_invalidate_range_start"]);
  });

  it("knows violations by what check found", async () => {
    expect(await found("violation")).toEqual([timeline.eventAt(3).type]);
  });

  it("takes for text what goes on after a condition, and what the list prints", async () => {
    expect(await found("seq 3")).toEqual([timeline.eventAt(17).type]);
    expect(await found("0x0 -> frame 2")).toEqual([timeline.eventAt(28).type]);
    expect(await found("retry banana")).toEqual([]);
    expect(new Set(await found("read_begin(sub0) = 1"))).toEqual(
      new Set(["mmu_interval_read_begin"]),
    );
    expect(await found("seq 3 and type driver_lock")).toEqual([]);
  });

  it("knows the violations of a rule, and takes another word for text", async () => {
    expect(await found("violation K-I14")).toEqual([timeline.eventAt(3).type]);
    expect(await found("violation K-I13")).toEqual([]);
    expect(await found("violation of trust")).toEqual([]);
  });

  it.each(["mms[0].subs.seq === 3", "mms[0].subs.seq < banana", "mms[0].subs.seq =="])(
    "refuses the comparison %j",
    async (text) => {
      await expect(found(text)).rejects.toThrow("E_CONDITION");
    },
  );

  it("refuses a condition that is none", async () => {
    const context = { violations: new Set<number>(), taskNames, selected: null };
    expect(() => searchOf("changes ..", context)).toThrow("E_PATH");
    await expect(found("notifier x")).rejects.toThrow("E_CONDITION");
  });

  it("knows an event by its number", () => {
    expect([eventNumber("#18234"), eventNumber("18234"), eventNumber("#x")]).toEqual([
      18_234,
      undefined,
      undefined,
    ]);
  });
});
