/**
 * The crash, explained (docs/crash.md): what a search finds on the driver of 6.1 is what was recorded of the kernel
 * that oopsed, step for step; the repaired driver does not get there.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { NamedScenario } from "@mmreplay/core";
import { SCENARIOS } from "@mmreplay/core";
import { decodeEvent, endPageExclusive, type MmEvent, pageOf, type TaskId } from "@mmreplay/events";
import { importBytes } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { runSchedule } from "../../packages/replay/src/explore/run-schedule.ts";
import { inChunks } from "../support/recordings.ts";

const OOPS = join(import.meta.dirname, "../../packages/replay/demo/oops.txt.gz");
const named = (name: string): NamedScenario =>
  SCENARIOS.find((one) => one.name === name) as NamedScenario;

async function recorded(): Promise<MmEvent[]> {
  let text = "";
  await importBytes("oops.txt", inChunks(gunzipSync(readFileSync(OOPS))), {}, (line) => {
    text += line;
  });
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line, index) => decodeEvent(line, "oops.txt", index));
}

/**
 * The steps of the race before a check that passes: the reader's, and those of a task that migrates one of its
 * pages since its read_begin and whose callback leaves the sequence alone.
 */
function raceBefore(events: readonly MmEvent[], check: number): string[] | undefined {
  const retry = events[check];
  if (retry?.type !== "mmu_interval_read_retry" || retry.result) return undefined;
  const { task: reader, notifier, seq } = retry;
  const begun = events.findLastIndex(
    (event, at) => at < check && event.type === "mmu_interval_read_begin" && event.task === reader,
  );
  const between = events.slice(begun, check + 1);
  const looked = between.find((event) => event.type === "hmm_range_fault" && event.task === reader);
  if (looked?.type !== "hmm_range_fault") return undefined;
  const moved = between.findLast(
    (event) =>
      event.type === "mmu_notifier_invalidate_range_start" &&
      event.event === "MIGRATE" &&
      event.owner !== null &&
      event.task !== reader &&
      pageOf(event.start) < endPageExclusive(looked.end) &&
      pageOf(looked.start) < endPageExclusive(event.end),
  );
  if (moved === undefined) return undefined;
  const setUp = between.findLastIndex(
    (event) =>
      event.type === "migrate_vma_setup" && event.task === moved.task && event.index < moved.index,
  );
  const told = between.some(
    (event) => event.type === "mmu_interval_set_seq" && event.notifier === notifier,
  );
  const steps = between.flatMap((event, at) => {
    if (event.task !== reader && at < setUp) return [];
    return stepOf(event, { reader, mover: moved.task }) ?? [];
  });
  return [
    ...steps.filter((step, at) => steps.indexOf(step) === at),
    `told: ${told}`,
    `same: ${seq === seqOf(between)}`,
  ];
}

const seqOf = ([begun]: readonly MmEvent[]) =>
  begun?.type === "mmu_interval_read_begin" ? begun.seq : undefined;

function stepOf(event: MmEvent, { reader, mover }: Record<"reader" | "mover", TaskId>) {
  if (event.task === reader) {
    switch (event.type) {
      case "mmu_interval_read_begin":
      case "hmm_range_fault":
        return `reader: ${event.type}`;
      case "mmu_interval_read_retry":
        return `reader: read_retry ${event.result}`;
      default:
        return undefined;
    }
  }
  if (event.task !== mover) return undefined;
  if (event.type === "migrate_vma_setup") return "mover: migrate_vma_setup";
  if (event.type === "mmu_notifier_invalidate_range_start" && event.event === "MIGRATE") {
    return "mover: MIGRATE starts";
  }
  return event.type === "invalidate_return" ? `mover: callback ${event.result}` : undefined;
}

const RACE = [
  "reader: mmu_interval_read_begin",
  "reader: hmm_range_fault",
  "mover: migrate_vma_setup",
  "mover: MIGRATE starts",
  "mover: callback true",
  "reader: read_retry false",
  "told: false",
  "same: true",
];

/** The line of the check that passed in the recording (traces/README.md, hole 1). */
const PASSED_LINE = 36_574;

describe("the crash", () => {
  it("was recorded as a check that passes after a migration of which the reader was not told", async () => {
    const events = await recorded();
    const check = events.findIndex(
      ({ type, evidence }) =>
        type === "mmu_interval_read_retry" && evidence?.includes(PASSED_LINE) === true,
    );
    expect(raceBefore(events, check)).toEqual(RACE);
  });

  it("is found by a search of the driver of 6.1 as the same steps in the same order", () => {
    const [finding] = explore({ named: named("mm/to-ram-read-6.1") }).findings;
    expect(finding).toMatchObject({ rule: "K-I13", certified: true });
    const { events } = runSchedule(named("mm/to-ram-read-6.1"), finding?.schedule ?? "").run;
    expect(raceBefore(events, events.length - 1)).toEqual(RACE);
  });

  it.each(["mm/to-ram-read", "K-P12", "mm/migrate-write", "mm/migrate-dontneed"])(
    "is not reached by the repaired driver: the search of %s is complete and finds nothing",
    (name) => {
      expect(explore({ named: named(name) })).toMatchObject({ complete: true, findings: [] });
    },
  );
});
