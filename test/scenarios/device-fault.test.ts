/**
 * Faults on pages of private device memory as 6.1 and later kernels take them, the eviction on close, and drivers
 * that insist on their own memory (K-Z9, K-Z10, K-Z21).
 */
import { entryOf, frameOfCpu, kindOf, type NamedScenario, SCENARIOS } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { ScenarioRun } from "../../packages/replay/src/explore/scenario-run.ts";

/** Scenarios in which faults and migrations meet; those of 6.1 show what they show. */
const MEETING = [
  ...["mm/to-ram", "mm/to-ram-read", "mm/to-ram-dontneed", "mm/to-ram-close", "mm/close", "K-P11"],
  ...["mm/migrate-cpu", "mm/migrate-both-ways", "mm/migrate-fork", "mm/pin-private"],
];

function named(name: string): NamedScenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

type Fault = NonNullable<NamedScenario["scenario"]["deviceFault"]>;

function withFault(name: string, deviceFault: Fault): NamedScenario {
  const one = named(name);
  return { ...one, scenario: { ...one.scenario, deviceFault } };
}

/** A run after the set-up. */
function begun(one: NamedScenario): ScenarioRun {
  const run = new ScenarioRun(one, undefined, []);
  while (canMove(run, 0)) step(run, 0);
  return run;
}

const canMove = (run: ScenarioRun, task: number): boolean =>
  run.choices().some((one) => one.task === task);
const step = (run: ScenarioRun, task: number): unknown => run.step({ task, branch: "default" });

/** The task goes on up to an event of a type, or until it cannot. */
function goTo(run: ScenarioRun, task: number, type?: string): void {
  const from = run.events.length;
  while (canMove(run, task)) {
    step(run, task);
    if (run.events.slice(from).some((event) => event.type === type)) return;
  }
}

const REFERENCES = ["lock_page", "get_page", "migrate_to_ram", "unlock_page", "put_page"];
const references = (run: ScenarioRun, task: number): string[] =>
  run.events.flatMap(({ type, task: by }) => {
    return by === task && REFERENCES.includes(type) ? [type] : [];
  });

const entry = ({ state }: ScenarioRun): number => entryOf(state.mms[0]?.cpu ?? { leaves: {} }, 0);

describe("a CPU fault on a page of private device memory", () => {
  it("locks it, refers to it, and lets go of both after the migration", () => {
    const run = begun(named("mm/to-ram"));
    goTo(run, 1);
    expect(references(run, 1)).toEqual(REFERENCES);
    expect(kindOf(entry(run))).toBe("writable");
    const held = run.state.frames.slice(2).filter(({ locked, pins }) => locked || pins > 0);
    expect(held).toEqual([]);
  });

  it("refers to it without its lock in 6.1", () => {
    const run = begun(named("mm/to-ram-6.1"));
    goTo(run, 1);
    expect(references(run, 1)).toEqual(["get_page", "migrate_to_ram", "put_page"]);
  });

  it("holds the lock that its migration needs, and the migration says so", () => {
    const run = begun(named("mm/to-ram"));
    const frame = frameOfCpu(entry(run));
    goTo(run, 1, "migrate_vma_collect");
    const collects = run.events.findLast(({ type }) => type === "migrate_vma_collect");
    expect(collects).toMatchObject({ fault: frame, pages: [[0, frame, true]] });
    expect(run.state.tasks[1]?.held?.pages[0]?.locked).toBe(false);
    goTo(run, 1, "migrate_vma_finalize_return");
    expect(run.state.frames[frame]).toMatchObject({ locked: true, pins: 1, maps: 0 });
  });

  it("sleeps while another one has the lock, and finds the page brought back", () => {
    const run = begun(named("mm/to-ram"));
    goTo(run, 1, "get_page");
    goTo(run, 2);
    expect(canMove(run, 2)).toBe(false);
    expect(references(run, 2)).toEqual([]);
    goTo(run, 1);
    goTo(run, 2);
    expect(references(run, 2)).toEqual([]);
    expect(run.choices()).toEqual([]);
    expect(run.stuck()).toEqual([]);
  });

  it("tries again at once where it does not sleep", () => {
    const run = begun(withFault("mm/to-ram", "retry"));
    goTo(run, 1, "get_page");
    for (let round = 0; round < 3; round += 1) goTo(run, 2, "mmap_unlock");
    expect(
      run.events.filter(({ type, task }) => type === "exc_page_fault" && task === 2),
    ).toHaveLength(3);
    expect(references(run, 2)).toEqual([]);
  });

  it.each(
    MEETING.flatMap(
      (name) =>
        [
          [name, "retry"],
          [name, "wait"],
        ] as const,
    ),
  )("breaks nothing in %s when it locks the page (%s)", (name, deviceFault) => {
    const { complete, findings } = explore({ named: withFault(name, deviceFault) });
    expect({ complete, findings }).toEqual({ complete: true, findings: [] });
  });
});

describe("a fault that tries again at once", () => {
  const spins = withFault("mm/to-ram-one-cpu", "retry");

  it("goes round for ever on the CPU that the holder of the lock needs, alone", () => {
    const [finding] = explore({ named: spins }).findings;
    expect(finding).toMatchObject({ rule: "no-progress" });
    const run = begun(spins);
    goTo(run, 1, "get_page");
    const from = run.events.length;
    for (let steps = 0; steps < 40; steps += 1) step(run, 2);
    const walks = run.events.slice(from).filter(({ type }) => type === "hmm_vma_fault");
    expect(walks.length).toBeGreaterThan(5);
  });

  it("ends where each task gets its turn some time", () => {
    const { oneCpu: _, ...fair } = spins;
    const { complete, lassos, findings } = explore({ named: fair });
    expect({ complete, lassos, findings }).toEqual({ complete: true, lassos: true, findings: [] });
  });
});

describe("the eviction on close", () => {
  it("waits for a page that a fault has locked, and frees the instance afterwards", () => {
    const run = begun(named("mm/to-ram-close"));
    goTo(run, 1, "get_page");
    goTo(run, 2);
    expect(canMove(run, 2)).toBe(false);
    expect(run.state.mirrors[0]?.freed).toBe(false);
    goTo(run, 1, "put_page");
    goTo(run, 2);
    expect(run.state.mirrors[0]?.freed).toBe(true);
    expect(run.outcome()).toEqual([]);
  });

  it("makes another pass where the first left a page", () => {
    const run = begun(withFault("mm/to-ram-close", "reference"));
    const passes = () => run.events.filter(({ type }) => type === "migrate_device_range").length;
    goTo(run, 1, "get_page");
    goTo(run, 2, "migrate_device_range");
    goTo(run, 1, "migrate_vma_collect");
    goTo(run, 2);
    expect([passes(), canMove(run, 2), run.state.mirrors[0]?.freed]).toEqual([1, false, false]);
    goTo(run, 1, "put_page");
    goTo(run, 2);
    expect([passes(), run.state.mirrors[0]?.freed]).toEqual([2, true]);
    expect(kindOf(entry(run))).toBe("writable");
  });

  it("is one pass in 6.1, which leaves the page", () => {
    const run = begun(named("mm/to-ram-close-6.1"));
    goTo(run, 1, "get_page");
    goTo(run, 2);
    expect(run.state.mirrors[0]?.freed).toBe(true);
    expect(kindOf(entry(run))).toBe("device_writable");
  });
});

describe("a driver that insists on its own memory", () => {
  it("migrates alone, and takes the page from who has it", () => {
    const run = begun(named("mm/migrate-two-devices"));
    step(run, 1);
    expect(canMove(run, 2)).toBe(false);
    goTo(run, 1);
    expect(run.state.frames[frameOfCpu(entry(run))]).toMatchObject({ device: 0, mirror: 0 });
    goTo(run, 2);
    expect(run.state.frames[frameOfCpu(entry(run))]).toMatchObject({ device: 1, mirror: 1 });
    const setUps = run.events.filter(
      ({ type, task }) => type === "migrate_vma_setup" && task === 2,
    );
    expect(
      setUps,
      "the first finds the other's page, then it is evicted, then it moves",
    ).toHaveLength(3);
  });
});
