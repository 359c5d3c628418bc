/** How read sections come out, what made them retry, and what lost events leave unknown. */
import { describe, expect, it } from "vitest";
import { recordedOf } from "./recorded.ts";

const begin = {
  type: "mmu_interval_read_begin",
  task: 0,
  mm: 0,
  notifier: 0,
  seq: 1,
  waits: false,
};
const retry = (result: boolean) => ({
  type: "mmu_interval_read_retry",
  task: 0,
  notifier: 0,
  seq: 1,
  result,
});
const callback = { type: "invalidate", task: 1, mm: 0, region: 0, notifier: 0, seq: 3 };
const store = { type: "device_map", task: 0, mirror: 0, notifier: 0, entries: [] };

function outcomes(events: readonly Readonly<Record<string, unknown>>[], violating: number[] = []) {
  const recorded = recordedOf(events);
  recorded.finish(violating);
  return recorded.sections.spans.map(({ start, end, outcome }) => [start, end, outcome]);
}

describe("a read section", () => {
  it("is kept to its last store when its check finds nothing changed", () => {
    expect(outcomes([begin, retry(false), store, store])).toEqual([[0, 3, "kept"]]);
  });

  it("is retried where its check, or hmm_range_fault, says so; the next one is its own", () => {
    const busy = { type: "hmm_range_fault_return", task: 0, notifier: 0, rc: -16 };
    expect(outcomes([begin, retry(true), begin, busy, begin, retry(false)])).toEqual([
      [0, 1, "retried"],
      [2, 3, "retried"],
      [4, 5, "kept"],
    ]);
  });

  it("is stale where a rule is violated by what it stores", () => {
    expect(outcomes([begin, retry(false), callback, store], [3])).toEqual([[0, 3, "stale"]]);
  });

  it("is not stale for what its notifier's invalidation violates in another task", () => {
    expect(outcomes([begin, callback, retry(false), store], [1])).toEqual([[0, 3, "kept"]]);
  });

  it("stores of a migration, outside any section, do not belong to it", () => {
    expect(outcomes([begin, retry(false), { ...store, notifier: null }])).toEqual([[0, 1, "kept"]]);
  });

  it("is unknown without a check, and where events were lost inside it", () => {
    expect(outcomes([begin, store])).toEqual([[0, 1, "unknown"]]);
    const lost = { type: "lost_events", task: 0, cpu: 0, count: 3, since: 2, evidence: [3] };
    const lines = [
      { ...begin, evidence: [1] },
      { ...store, evidence: [2] },
      lost,
      { ...retry(false), evidence: [4] },
    ];
    expect(outcomes(lines)).toEqual([[0, 1, "unknown"]]);
  });
});

describe("an arrow", () => {
  const ends = (events: readonly Readonly<Record<string, unknown>>[]) =>
    recordedOf(events).sections.arrows.map(({ from, to, fromTask, toTask }) => [
      from,
      to,
      fromTask,
      toTask,
    ]);

  it("leads from the first callback of its notifier in the section to the retry", () => {
    const other = { ...callback, notifier: 5 };
    expect(ends([callback, begin, other, callback, callback, retry(true)])).toEqual([[3, 5, 1, 0]]);
  });

  it("leads from the last callback before it where none came in it", () => {
    expect(ends([callback, callback, begin, retry(true)])).toEqual([[1, 3, 1, 0]]);
  });

  it("is not drawn where no invalidation was seen", () => {
    expect(recordedOf([begin, retry(true)]).sections.arrows).toEqual([]);
  });
});

describe("bands", () => {
  const start = (region: number) => ({
    type: "mmu_notifier_invalidate_range_start",
    task: region,
    mm: 0,
    region,
    event: "CLEAR",
  });
  const end = (region: number) => ({
    type: "mmu_notifier_invalidate_range_end_return",
    task: region,
    mm: 0,
    region,
  });

  it("invalidations that overlap are one, those that do not are two", () => {
    const recorded = recordedOf([start(0), start(1), end(0), end(1), begin, start(2), end(2)]);
    expect(recorded.invalidations.covers.get(0)).toEqual([
      { start: 0, end: 3 },
      { start: 5, end: 6 },
    ]);
  });

  it("an invalidation that never ends reaches to the last event", () => {
    const recorded = recordedOf([start(0), begin, retry(false)]);
    recorded.finish([]);
    expect(recorded.invalidations.covers.get(0)).toEqual([{ start: 0, end: 2 }]);
  });
});

describe("a gap", () => {
  it("reaches from the processor's last line before the loss to its report", () => {
    const recorded = recordedOf([
      { ...begin, evidence: [10] },
      { ...store, evidence: [20] },
      { ...store, evidence: [30] },
      { type: "lost_events", task: 0, cpu: 1, count: 0, since: 20, evidence: [40] },
    ]);
    expect(recorded.gaps).toEqual([{ from: 1, to: 3, cpu: 1 }]);
  });
});
