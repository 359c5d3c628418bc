import type { MmEvent } from "@mmreplay/events";
import { EVENT_TYPES } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { twoColumnTable } from "../../../../packages/replay/src/report/table/table.ts";
import { wordsOf } from "../../../../packages/replay/src/report/table/vocabulary.ts";
import { RACE, RACE_REPORT, STALE_STORE } from "./race.ts";

const input = { ...RACE_REPORT, finding: STALE_STORE };

describe("the two-column table", () => {
  it("shows the race as a commit message would", () => {
    expect(`\n${twoColumnTable(input).join("\n")}\n`).toBe(`
  CPU0 - gpu-worker-7 (device fault)   CPU1 - app-42 (UNMAP)
  -----------------------------------  -----------------------------------
  read_begin(sub) = 83
  hmm_range_fault(seq 83)
    [ 0x200000..0x211fff ]
                           [ ... 20 events ... ]
                                       invalidate_range_start()
                                         [ UNMAP page 0x208000 ]
                            [ ... 4 events ... ]
                                         invalidate(sub, cur_seq 85)
                                           lock(driver)
                                             set_seq(sub, 85)
                                             unmap 0x208000
                                           unlock(driver)
                                         invalidate() = true
                                       invalidate_range_end()
  hmm_range_fault() = 0
  lock(driver)
    store pages looked up at seq 83
      [ 0x200000..0x211fff ]
      [ sub->invalidate_seq = 85:
        retry was due ]
      <-- K-I14
    map 0x200000..0x211fff (18 pages)
  unlock(driver)

  (trace.txt:100-157, 32 of 58 events shown)
  sub is notifier0 (0xffff8881000563d8)
  Rule K-I14 violated: Pages are stored that were looked up before the
  UNMAP invalidation.
  The device maps a page that the CPU has taken away.
`);
  });

  it.each([40, 60, 75, 100])("keeps within %d columns of ASCII, without tabs", (width) => {
    const lines = twoColumnTable(input, { width });
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines.join("")).toMatch(/^[\x20-\x7e]*$/);
  });

  it("can stand in a comment of C, within the same width", () => {
    const lines = twoColumnTable(input, { frame: "comment" });
    expect(lines.every((line) => line === " *" || line.startsWith(" * "))).toBe(true);
    expect(lines.filter((line) => line.length > 75)).toEqual([]);
  });

  it("can be fenced for Markdown", () => {
    const lines = twoColumnTable(input, { frame: "markdown" });
    expect([lines[0], lines.at(-1)]).toEqual(["```", "```"]);
  });

  it("makes names of tasks harmless", () => {
    const taskNames = { 0: "gpu\u001b[2J\u00e9", 1: "app" };
    expect(twoColumnTable({ ...input, taskNames })[0]).toContain("CPU0 - gpu\\x1b[2J\\xe9");
  });

  it("says what was not called where the recording shows that its probe fires", () => {
    const quiet = RACE.filter(
      (event) => event.type !== "mmu_interval_set_seq" || event.task !== RACE[0]?.task,
    ).map((event) =>
      // The callback's own set_seq now belongs to somebody else.
      event.type === "mmu_interval_set_seq" ? { ...event, task: 2 as never } : event,
    );
    const text = twoColumnTable({ ...input, slice: quiet }).join("\n");
    expect(text.replace(/\s+/g, " ")).toContain("[? set_seq(sub, 85) not called ]");
  });

  it("leaves a second use of the same region id out", () => {
    const again = RACE.map((event) =>
      event.index === 2
        ? ({
            ...RACE.find(({ type }) => type === "mmu_notifier_invalidate_range_start"),
            index: 2,
            evidence: [102],
          } as MmEvent)
        : event,
    );
    const text = twoColumnTable({ ...input, slice: again }).join("\n");
    expect(text.match(/invalidate_range_start\(\)/g)).toHaveLength(1);
  });

  it("is empty when there is nothing to show", () => {
    expect(twoColumnTable({ ...input, slice: [] })).toEqual([]);
  });
});

describe("the vocabulary", () => {
  it("has words for every event, and falls back to its type", () => {
    const bare = new Set(["mmu_interval_notifier_insert_begin", "exit_mmap", "alloc_notifier"]);
    for (const type of EVENT_TYPES) {
      const words = wordsOf(fields(type), null);
      expect(words.text, type).not.toContain("undefined");
      expect(words.text.length, type).toBeGreaterThan(3);
      if (bare.has(type)) expect(words.text).toMatch(/^[a-z_]+\(\)$/);
    }
  });
});

/** An event of a type with a value for every field that any type has. */
function fields(type: string): MmEvent {
  const address = "0x0000000000001000";
  return {
    index: 0,
    task: 0,
    type,
    mm: 0,
    notifier: 0,
    mirror: 0,
    plain: 0,
    of: "fault",
    why: "not_live",
    region: 0,
    seq: 1,
    rc: 0,
    result: type === "device_fault_return" ? "stored" : true,
    start: address,
    end: "0x0000000000003000",
    length: "0x0000000000002000",
    event: "UNMAP",
    entries: [[1, 1, true]],
    startPage: 1,
    endPageExclusive: 2,
    variables: { count: 1 },
    operation: "release",
    refused: false,
    count: 1,
    cpu: 0,
    pages: 1,
  } as never;
}
