/**
 * Migration to device memory and back, and exclusive access: what each step tells, and what it leaves.
 */
import {
  entryOf,
  frameOfCpu,
  kindOf,
  type NamedScenario,
  SCENARIOS,
  type State,
} from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";

/** Runs a scenario's set-up and the task of a number alone. */
function alone(name: string, task: number): { state: State; events: readonly MmEvent[] } {
  const named = SCENARIOS.find((one) => one.name === name);
  if (named === undefined) throw new Error(`no scenario ${name}`);
  const run = new ScenarioRun(named, undefined, []);
  for (const mover of [0, task]) {
    for (;;) {
      const choice = run.choices().find((one) => one.task === mover);
      if (choice === undefined) break;
      run.step(choice);
    }
  }
  return { state: run.state, events: run.events };
}

const regions = (events: readonly MmEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === "mmu_notifier_invalidate_range_start"
      ? [`${event.event}${event.owner === null ? "" : ` of ${event.owner}`} mm${event.mm}`]
      : [],
  );

const kindAt = ({ mms }: State, mm: number): string | undefined =>
  kindOf(entryOf(mms[mm]?.cpu ?? { leaves: {} }, 0));

describe("a migration to the device", () => {
  it("tells once, MIGRATE with the device as owner, and finalize tells nobody", () => {
    const { state, events } = alone("K-P12", 2);
    expect(regions(events)).toEqual(["MIGRATE of 0 mm0"]);
    expect(kindAt(state, 0)).toBe("device_writable");
  });

  it("tells twice of a page that was not there", () => {
    const { state, events } = alone("mm/migrate-hole", 1);
    expect(regions(events)).toEqual(["MIGRATE of 0 mm0", "MIGRATE of 0 mm0"]);
    expect(kindAt(state, 0)).toBe("device_writable");
  });

  it("finds the page where a forked child has moved it, and moves it for both", () => {
    const named = SCENARIOS.find(({ name }) => name === "mm/migrate-mremap-child");
    const run = new ScenarioRun(named as NamedScenario, undefined, []);
    for (const mover of [0, 1, 2, 1]) {
      // The parent forks, the child moves the page, the parent migrates it.
      const isForked = (): boolean => run.events.some(({ type }) => type === "dup_mmap_return");
      const stops = (): boolean =>
        mover === 1 && isForked() && !run.choices().every(({ task }) => task === 1);
      for (;;) {
        const choice = run.choices().find((one) => one.task === mover);
        if (choice === undefined || stops()) break;
        run.step(choice);
      }
    }
    const clears = run.events.flatMap((event) => {
      const starts = event.type === "mmu_notifier_invalidate_range_start";
      return starts && event.event === "CLEAR" ? [`mm${event.mm} ${event.start}`] : [];
    });
    expect(clears).toEqual(["mm0 0x0000000000000000", "mm1 0x0000000000002000"]);
    const [parent, child] = run.state.mms;
    const moved = [
      entryOf(parent?.cpu ?? { leaves: {} }, 0),
      entryOf(child?.cpu ?? { leaves: {} }, 2),
    ];
    expect(moved.map(kindOf)).toEqual(["device_read_only", "device_read_only"]);
    expect(moved[0]).toBe(moved[1]);
  });

  it("keeps neither a reference nor a lock, and frees the page that was left", () => {
    const { state } = alone("K-P12", 2);
    const now = frameOfCpu(entryOf(state.mms[0]?.cpu ?? { leaves: {} }, 0));
    expect(state.frames.map(({ pins, locked }) => [pins, locked]).slice(2)).toEqual(
      state.frames.slice(2).map(() => [0, false]),
    );
    expect(state.frames.map(({ maps }) => maps).slice(2)).toEqual(
      state.frames.slice(2).map((_, at) => (at + 2 === now ? 1 : 0)),
    );
  });
});

describe("a CPU fault on a page of device memory", () => {
  it("brings it back in one MIGRATE, and the device maps it no more", () => {
    const { state, events } = alone("mm/to-ram", 1);
    expect(regions(events)).toEqual(["MIGRATE of 0 mm0", "MIGRATE of 0 mm0"]);
    expect(kindAt(state, 0)).toBe("writable");
    expect(state.mirrors[0]?.device.leaves).toEqual({});
  });
});

describe("exclusive access", () => {
  it("is granted inside an EXCLUSIVE of the page and revoked inside another, which has no owner", () => {
    const { state, events } = alone("mm/revoke", 1);
    expect(regions(events)).toEqual(["EXCLUSIVE of 0 mm0", "EXCLUSIVE mm0"]);
    expect(kindAt(state, 0)).toBe("writable");
  });

  it("asks without an owner in the test driver of 6.1", () => {
    const { state, events } = alone("K-P13-6.1", 1);
    expect(regions(events)).toEqual(["EXCLUSIVE mm0"]);
    expect(kindAt(state, 0)).toBe("exclusive");
  });
});

describe("the walk over a page's mappings", () => {
  it("clears the page in each address space that may have it, the caller's own among them", () => {
    const named = SCENARIOS.find(({ name }) => name === "mm/migrate-fork");
    if (named === undefined) throw new Error("no scenario");
    const run = new ScenarioRun(named, undefined, []);
    for (let choices = run.choices(); choices.length > 0; choices = run.choices()) {
      // The parent forks, then the child writes; the device reads last.
      const order = [0, 2, 3, 1];
      const [next] = choices.toSorted((a, b) => order.indexOf(a.task) - order.indexOf(b.task));
      if (next !== undefined) run.step(next);
    }
    const after = regions(run.events).slice(2);
    expect(after.slice(0, 3)).toEqual(["MIGRATE of 0 mm1", "CLEAR mm0", "CLEAR mm1"]);
    expect(kindAt(run.state, 1)).toBe("writable");
    expect(kindAt(run.state, 0)).toBe("read_only");
  });
});
