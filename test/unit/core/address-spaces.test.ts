/**
 * Several address spaces in one state: cut into parts and seen as a whole, asked for what fork makes, and
 * whose tasks are alike.
 */
import {
  countsOf,
  emptyState,
  layoutOf,
  likeTasks,
  mmOf,
  type NamedScenario,
  partOf,
  peekMm,
  reduceInPlace,
  SCENARIOS,
  type State,
  taskOwning,
  wholeOf,
} from "@mmreplay/core";
import {
  type EventBody,
  eventIndex,
  type MappingKind,
  type MmEvent,
  mmId,
  taskId,
} from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { isForked } from "../../../packages/core/src/address-space/fork.ts";
import { insert, litmus, M, N } from "../../../packages/core/src/scenarios/litmus.ts";
import { explore } from "../../../packages/replay/src/explore/explore.ts";
import { ScenarioRun } from "../../../packages/replay/src/explore/scenario-run.ts";
import { pick, seededChoices } from "../../support/random.ts";

const PAGE = { page: 0, np: 1 };
const [PARENT, CHILD] = [mmId(0), mmId(1)];
const FORKS = SCENARIOS.filter(({ scenario }) => scenario.processes !== undefined);

/** A state as plain data, of whatever it is made. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The state seen through its parts. */
function whole({ scenario }: Pick<NamedScenario, "scenario">, state: State): State {
  const layout = layoutOf(countsOf(scenario));
  const parts = layout.map((part) => structuredClone(partOf(state, part)));
  return wholeOf(layout, state.seqModulus, (place) => parts[place] as (typeof parts)[number]);
}

/** Whether a whole shows what the state holds; of what no event has named yet the state holds nothing. */
function expectSame(seen: State, state: State): void {
  for (const field of ["mms", "notifiers", "mirrors", "tasks"] as const) {
    expect(plain(seen[field].slice(0, state[field].length)), field).toEqual(plain(state[field]));
  }
  expect(plain([seen.frames, seen.srcu])).toEqual(plain([state.frames, state.srcu]));
  expect(plain(peekMm(seen, CHILD))).toEqual(plain(peekMm(state, CHILD)));
  expect(isForked(seen, CHILD)).toBe(isForked(state, CHILD));
}

describe.each(FORKS)("a state of $name", (named) => {
  it("is itself, cut into parts and seen as a whole, before and after the fork", () => {
    const choices = seededChoices(20_261_126);
    const forked = new Set<boolean>();
    const run = new ScenarioRun(named, undefined, []);
    for (let can = run.choices(); can.length > 0; can = run.choices()) {
      expectSame(whole(run, run.state), run.state);
      forked.add(isForked(run.state, CHILD));
      run.step(pick(choices, can));
    }
    expectSame(whole(run, run.state), run.state);
    expect([...forked]).toEqual([false, true]);
  });

  it("is the same after every event, reduced as a state and as a whole", () => {
    const choices = seededChoices(7);
    const run = new ScenarioRun(named, undefined, []);
    const seen = whole(run, run.state);
    for (let can = run.choices(); can.length > 0; can = run.choices()) {
      for (const event of run.step(pick(choices, can))) reduceInPlace(seen, event);
      expectSame(seen, run.state);
    }
    expect(seen.mms.length).toBe(2);
  });
});

describe("fork", () => {
  const apply = (state: State, ...bodies: EventBody[]): void => {
    for (const body of bodies) {
      reduceInPlace(state, { ...body, index: eventIndex(0) } as MmEvent);
    }
  };
  const task = taskId(0);
  const forks = (child: number): EventBody => ({
    type: "dup_mmap",
    task,
    mm: PARENT,
    child: mmId(child),
  });
  const returns = (child: number): EventBody => ({
    type: "dup_mmap_return",
    task,
    mm: PARENT,
    child: mmId(child),
  });

  it("makes the address space that it names, and none of those before it", () => {
    const state = emptyState();
    apply(state, { type: "mm_create", task, mm: PARENT }, forks(2), returns(2));
    expect([0, 1, 2].map((mm) => isForked(state, mmId(mm)))).toEqual([false, false, true]);
    apply(state, forks(1));
    expect(isForked(state, CHILD)).toBe(true);
  });

  it("does not make one a second time, or the parent", () => {
    const state = emptyState();
    apply(state, { type: "mm_create", task, mm: PARENT }, forks(1), returns(1));
    expect(() => apply(state, forks(1))).toThrow("a second mm1");
    expect(() => apply(mmed(), forks(0))).toThrow("a second mm0");
  });

  const mmed = (): State => {
    const state = emptyState();
    mmOf(state, PARENT);
    return state;
  };
});

describe("what fork tells the parent's devices", () => {
  const write = (value: number) => ({ op: "cpu_access", write: true, ...PAGE, value }) as const;

  /** Invalidations of a fork, and what the parent reads after the child has written 2. */
  function forked(kind: MappingKind, file?: number) {
    const named = litmus({
      name: "test/fork",
      title: "fork, and the child writes",
      source: "protocol.md 5.3",
      memory: true,
      pages: 4,
      setUp: [
        insert(N, 0, 4),
        { op: "mmap", ...PAGE, prot: "read_write", kind, ...(file === undefined ? {} : { file }) },
        write(1),
      ],
      processes: { child: CHILD },
      tasks: {
        parent: [{ op: "fork", child: CHILD }],
        child: [{ op: "child" }, write(2)],
        reader: [{ op: "cpu_access", write: false, ...PAGE }],
      },
    });
    const scenario = { ...named.scenario, pmdOrder: 0 };
    const run = new ScenarioRun({ ...named, scenario });
    const before = run.events.length;
    const steps = (task: number): void => {
      const choice = { task, branch: "default" } as const;
      while (run.canMove(choice)) run.step(choice);
    };
    steps(1);
    const told = run.events
      .slice(before)
      .flatMap((one) => (one.type === "mmu_notifier_invalidate_range_start" ? [one.event] : []));
    steps(2);
    steps(3);
    expect([run.stuck(), run.findings]).toEqual([[], []]);
    const [read] = run.events.flatMap((one) => (one.type === "cpu_read" ? one.entries : []));
    return { told, read: read?.[2] };
  }

  it("is PROTECTION_PAGE of a private mapping, whose page the parent keeps", () => {
    expect(forked("private")).toEqual({ told: ["PROTECTION_PAGE"], read: 1 });
  });

  it("is CLEAR of a hugetlb mapping, which is private, too", () => {
    expect(forked("hugetlb")).toEqual({ told: ["CLEAR"], read: 1 });
  });

  it("is nothing of a shared mapping, in which the parent finds what the child has written", () => {
    expect(forked("shared", 0)).toEqual({ told: [], read: 2 });
  });
});

describe("tasks and regions of two processes", () => {
  const write = { op: "cpu_access", write: true, ...PAGE, value: 2 } as const;
  const named = litmus({
    name: "test/processes",
    title: "Two writers of each process",
    source: "mmreplay",
    memory: true,
    pages: 4,
    setUp: [insert(N, 0, 4), { op: "mmap", ...PAGE, prot: "read_write" }],
    processes: { c: CHILD, d: CHILD },
    tasks: { a: [write], b: [write], c: [write], d: [write] },
  });

  it("are alike only inside one process", () => {
    expect(likeTasks(named.scenario)).toEqual([0, 1, 1, 3, 3]);
  });

  it("have the same ids in two address spaces, each a part of its own", () => {
    const exit = { op: "mm_exit" } as const;
    const { scenario } = litmus({
      ...named,
      setUp: [],
      memory: true,
      processes: { c: CHILD },
      tasks: { a: [exit], c: [exit] },
    });
    const layout = layoutOf(countsOf(scenario));
    const released = layout.filter(({ owner, id }) => owner === "region" && id === 1_000_000);
    expect(released.map((part) => [part.mm, taskOwning(scenario, part)])).toEqual([
      [PARENT, 1],
      [CHILD, 2],
    ]);
  });
});

describe("like tasks that hold the mmap lock for reading", () => {
  const write = { op: "cpu_access", write: true, ...PAGE, value: 2 } as const;
  const named = litmus({
    name: "test/like-readers",
    title: "Two threads fault one page",
    source: "mmreplay",
    memory: true,
    pages: 4,
    setUp: [insert(N, 0, 4), insert(M, 0, 4), { op: "mmap", ...PAGE, prot: "read_write" }],
    tasks: { a: [write], b: [write] },
  });

  it("give it back also where they have changed places", () => {
    const [merged, plain] = [explore({ named }), explore({ named }, { symmetry: false })];
    expect([merged.complete, merged.findings, plain.findings]).toEqual([true, [], []]);
    expect(merged.states).toBeLessThan(plain.states);
  });
});
