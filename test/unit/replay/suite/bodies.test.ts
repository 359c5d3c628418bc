/**
 * A body fails where it cannot go on, where a rule is broken, and where any interleaving of it breaks one.
 */
import { ZOO } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import {
  type Part,
  placeOf,
  type Step,
  type TestBody,
} from "../../../../packages/replay/src/suite/body.ts";
import {
  CLOSE,
  fill,
  filled,
  finds,
  map,
  OPEN,
  unmap,
} from "../../../../packages/replay/src/suite/commands.ts";
import { exploreBody } from "../../../../packages/replay/src/suite/explore-body.ts";
import { HMM_TESTS } from "../../../../packages/replay/src/suite/hmm-tests.ts";
import { SUITE } from "../../../../packages/replay/src/suite/run-suite.ts";
import { runTest, scenarioOfBody } from "../../../../packages/replay/src/suite/run-test.ts";

const SMALL = { page: 1, np: 2 };

const PARTS = ["setUp", "steps", "thread", "child"] as const;

/** What nothing gives. */
const ABSURD = { rc: { rc: 99 }, cpages: { cpages: 99 }, values: { values: () => -1 } } as const;

/** A body of these steps. */
const body = (steps: TestBody["steps"]): TestBody => ({
  name: "test",
  steps,
});

const run = (steps: TestBody["steps"]) => runTest(body(steps), SMALL);

function known(name: string): TestBody {
  const found = HMM_TESTS.find((test) => test.name === name);
  if (found === undefined) throw new Error(`no body ${name}`);
  return found;
}

const bug = (id: string) => {
  const found = ZOO.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no mutant ${id}`);
  return found;
};

describe("a body", () => {
  const whole: TestBody["steps"] = (buffer) => [
    OPEN,
    map(buffer, "read_write"),
    fill(buffer, 5),
    finds(buffer, (index) => 5 + index),
    unmap(buffer),
    ...CLOSE,
  ];

  it("passes that comes to its end and finds what it must", () => {
    expect(run(whole)).toMatchObject({ passed: true, message: "" });
  });

  it("fails where an event of it cannot happen", () => {
    const { passed, message } = run((buffer) => [map(buffer, "read"), map(buffer, "read")]);
    expect([passed, message]).toEqual([
      false,
      expect.stringContaining("a mapping over another one"),
    ]);
  });

  it("fails where it waits for ever", () => {
    const waits: Step = { run: { op: "wait_child", child: 1 as never } };
    expect(run(() => [waits])).toMatchObject({
      passed: false,
      message: expect.stringContaining("deadlock"),
    });
  });

  it("fails where the CPU is refused what it must find", () => {
    const { message } = run((buffer) => [map(buffer, "none"), finds(buffer, () => 0)]);
    expect(message).toBe("cpu_access: 0 of 2 pages are read");
  });

  it("fails where it leaves a command out", () => {
    const [, ...withoutOpen] = known("anon_write").steps(SMALL, placeOf({}, SMALL));
    expect(run(() => withoutOpen.slice(0, -2))).toMatchObject({
      passed: false,
      message: "dmirror: rc is none, expected 0",
    });
  });
});

describe("every interleaving of a body", () => {
  it("is searched where it has two threads or two processes, and only there", () => {
    const searched = HMM_TESTS.filter(({ thread, child }) => thread ?? child).map(
      ({ name }) => name,
    );
    expect(searched).toEqual(["anon_write_child", "anon_write_child_shared", "anon_teardown"]);
    expect(exploreBody(known("anon_write"))).toBeUndefined();
  });

  it("keeps the rules in anon_teardown", () => {
    const explored = exploreBody(known("anon_teardown"));
    expect(explored?.message).toBe("");
    expect(explored?.states).toBeGreaterThan(200);
  });

  it.each([
    ["hmm-store-unchecked", "K-I26"],
    ["K-Z19", "M-I1"],
  ])("shows the bug %s in anon_teardown, as %s", (id, rule) => {
    const explored = exploreBody(known("anon_teardown"), { mutant: bug(id) });
    expect(explored?.message).toMatch(new RegExp(`^${rule}: `));
  });

  it("is said to be incomplete where the search is stopped", () => {
    const explored = exploreBody(known("anon_teardown"), { stopped: () => true });
    expect(explored?.message).toMatch(/^the search is not complete: /);
  });

  /** Each expectation of a body made absurd by itself. */
  const absurd = (test: TestBody): TestBody[] => {
    const all = PARTS.flatMap((name) =>
      (test[name]?.(SMALL, placeOf(test, SMALL)) ?? []).flatMap((step, at) =>
        (["rc", "cpages", "values"] as const)
          .filter((field) => step.expect?.[field] !== undefined)
          .map((field) => ({ name, at, field })),
      ),
    );
    expect(all.length).toBeGreaterThan(0);
    return all.map(({ name, at, field }) => ({
      ...test,
      [name]: (...args: Parameters<Part>) =>
        test[name]?.(...args).map((step, index) =>
          index === at ? { ...step, expect: { ...step.expect, ...ABSURD[field] } } : step,
        ),
    }));
  };

  const searched = SUITE.filter(({ thread, child }) => thread ?? child);

  it.each(searched.map((test) => [test.name, test] as const))(
    "of %s fails where any of its expectations is absurd",
    { timeout: 60_000 },
    (_, test) => {
      for (const one of absurd(test)) {
        expect(exploreBody(one)?.message).toMatch(/^expectation: task\d: \w+: .*, expected -?\d+$/);
      }
    },
  );

  it("is asked for values that the one schedule of a single run does not show", () => {
    const waits = known("anon_write_child_shared");
    const hasty: TestBody = {
      ...waits,
      steps: (buffer, place) =>
        waits.steps(buffer, place).flatMap((step) => {
          if (step.run.op === "wait_child") return [];
          const reads = step.run.op === "cpu_access" && !step.run.write;
          return [reads ? finds(buffer, filled) : step];
        }),
    };
    expect(runTest(hasty, SMALL)).toMatchObject({ passed: true });
    expect(exploreBody(hasty)?.message).toBe(
      "expectation: task1: cpu_access: page 1 holds 2000000, expected 1000000",
    );
  });

  it.each([
    [
      "leaves a command out",
      (step: Step) => step.run.op !== "insert",
      "dmirror is left out: not live",
    ],
    ["refuses an access", (step: Step) => step.run.op !== "mmap", "cpu_access: page 1 is refused"],
  ])("fails where it %s", (_, keeps, message) => {
    const test = known("anon_write_child");
    const without: TestBody = {
      ...test,
      steps: (...args) => test.steps(...args).filter((step) => keeps(step)),
      child: (...args) => test.child?.(...args).filter((step) => keeps(step)) ?? [],
    };
    expect(exploreBody(without)?.message).toContain(`expectation: task2: ${message}`);
  });

  it("of coherent memory may find a page on the device whose other process has gone before", () => {
    const test = SUITE.find(({ name }) => name === "hmm_cow_in_device");
    if (test === undefined) throw new Error("no body");
    const strict: TestBody = {
      ...test,
      steps: (...args) =>
        test.steps(...args).map(({ run, expect: { inAnotherOrder, ...asks } = {} }) => ({
          run,
          expect: asks,
        })),
    };
    const variant = "device_coherent";
    expect(exploreBody(test, { variant })?.message).toBe("");
    expect(exploreBody(strict, { variant })?.message).toMatch(/holds 66, expected 2$/);
    expect(exploreBody(strict)?.message).toBe("");
  });

  it("runs over the buffer that it is given", () => {
    const { scenario } = scenarioOfBody(known("anon_teardown"), SMALL).named;
    expect(scenario.programs.flat().every((step) => !("np" in step) || step.np <= 3)).toBe(true);
  });
});
