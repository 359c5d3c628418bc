import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createTimeMerge,
  HELD_MAX,
  HOLD_BACK_NS,
  SILENCE_MAX_NS,
} from "../../../../packages/events/src/import/bpftrace/time-merge.ts";
import type {
  Observation,
  ProbeObservation,
} from "../../../../packages/events/src/observation/observation.ts";
import { probesOf, type Reading, read } from "./reading.ts";

const MS = 1_000_000;

/** Lines that print one event each, of CPU and milliseconds; a number alone is a reported loss. */
function recording(...events: ([cpu: number, ms: number] | number)[]): Reading {
  const lines = events.map((event) =>
    typeof event === "number"
      ? `Lost ${event} events`
      : `${5_000_000_000 + event[1] * MS} cpu=${event[0]} app-1 p x=1`,
  );
  return read("bpftrace", `${lines.join("\n")}\n`, 50);
}

/** Line, and `late` or the loss, of each observation in the order in which they came. */
function order({ observations }: Reading): string[] {
  return observations.map((one) => {
    if (one.kind === "lost") return `lost ${one.count} on ${one.cpu}`;
    return one.kind === "probe" && one.late ? `${one.line} late` : String(one.line);
  });
}

describe("events of several CPUs", () => {
  it("come in the order of their times, and keep their lines", () => {
    const reading = recording([0, 10], [0, 30], [1, 5], [1, 20]);
    expect(order(reading)).toEqual(["3", "1", "4", "2"]);
    expect(probesOf(reading).map(({ place, at }) => [place, at])).toEqual([
      [1, 0],
      [2, 5 * MS],
      [3, 15 * MS],
      [4, 25 * MS],
    ]);
    expect(reading.baseText).toBe("5005000000");
  });

  it("of equal times come in the order of the lines", () => {
    expect(order(recording([1, 5], [0, 5], [2, 5]))).toEqual(["1", "2", "3"]);
  });

  it("a CPU that is behind is waited for, beyond the hold-back", () => {
    const reading = recording([1, 0], [0, 1], [0, 500], [0, 900], [1, 600], [1, 901]);
    expect(order(reading)).toEqual(["1", "2", "3", "5", "4", "6"]);
  });

  it("a line that comes after the silence that is waited for is passed on as late", () => {
    expect(order(recording([1, 0], [0, 1], [0, 500], [0, 2000], [1, 200]))).toEqual([
      "1",
      "2",
      "3",
      "5 late",
      "4",
    ]);
    expect(SILENCE_MAX_NS).toBeLessThan(2000 * MS);
  });

  it("of one CPU are never put in another order, even against their times", () => {
    const reading = recording([0, 10], [0, 9], [0, 11]);
    expect(order(reading)).toEqual(["1", "2 late", "3"]);
  });

  it("any recording whose CPUs lag less than the hold-back is put in its order", () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let ms = 0;
        const inOrder = steps.map(([cpu, gap]): [number, number] => {
          ms += gap;
          return [cpu, ms];
        });
        // Each CPU's buffer is emptied once in a while: blocks of 200 ms, CPU after CPU.
        const printed = inOrder
          .map((event, i) => ({ event, i, block: Math.floor(event[1] / 200) }))
          .sort((a, b) => a.block - b.block || a.event[0] - b.event[0] || a.i - b.i)
          .map(({ event }) => event);
        const times = probesOf(recording(...printed)).map(({ at }) => at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times.length).toBe(steps.length);
      }),
      { seed: 20261126, numRuns: 300 },
    );
  });
});

describe("what is held back", () => {
  const event = (cpu: number, at: number): ProbeObservation => ({
    ...{ kind: "probe", line: 1, task: 1, comm: "x", cpu, at },
    ...{ probe: "p", edge: "entry", fields: {}, rest: "" },
  });

  it("is bounded in time: nothing younger than the hold-back is passed on, nothing older kept", () => {
    const merge = createTimeMerge();
    const passed: Observation[] = [];
    const emit = (observation: Observation) => void passed.push(observation);
    for (let i = 0; i <= 1000; i += 1) merge.add(event(0, i * MS), emit);
    expect(passed.length).toBe(1000 - HOLD_BACK_NS / MS + 1);
  });

  it("is bounded in number, whatever the times", () => {
    const merge = createTimeMerge();
    let passed = 0;
    const emit = (): void => {
      passed += 1;
    };
    for (let i = 0; i < HELD_MAX + 100; i += 1) merge.add(event(i % 2, 5), emit);
    expect(passed).toBe(100);
    merge.end(emit);
    expect(passed).toBe(HELD_MAX + 100);
  });
});

describe("a loss, of which bpftrace tells neither the time nor the CPU", () => {
  it("is a loss of every CPU, after its last event and before its next one, and is counted once", () => {
    const reading = recording([0, 1], [1, 2], 7, [1, 3], [0, 4]);
    expect(order(reading)).toEqual([
      ...["1", "lost 7 on 0", "2", "lost 0 on 1"],
      ...["lost 0 on 1", "4", "lost 0 on 0", "5"],
    ]);
  });

  it("also concerns a CPU that shows itself later, and the end of the recording", () => {
    expect(order(recording([0, 1], 7, [1, 3]))).toEqual([
      ...["1", "lost 7 on 0", "lost 0 on 1", "3", "lost 0 on 0"],
    ]);
    expect(order(recording(3, 4))).toEqual(["lost 7 on 0"]);
  });

  it("is read from JSON, too", () => {
    const texts = ['{"events": 1362}', '{"events": 1362, "count": 1362}', '{"count": 1362}'];
    for (const data of texts) {
      const { observations } = read("bpftrace", `{"type": "lost_events", "data": ${data}}\n`);
      expect(observations).toMatchObject([{ kind: "lost", count: 1362, anywhere: true }]);
    }
  });
});
