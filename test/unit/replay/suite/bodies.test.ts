/**
 * A body fails where it cannot go on, where a rule is broken, and where any interleaving of it breaks one.
 */
import { ZOO } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { placeOf, type Step, type TestBody } from "../../../../packages/replay/src/suite/body.ts";
import {
  CLOSE,
  fill,
  finds,
  map,
  OPEN,
  unmap,
} from "../../../../packages/replay/src/suite/commands.ts";
import { exploreBody } from "../../../../packages/replay/src/suite/explore-body.ts";
import { HMM_TESTS } from "../../../../packages/replay/src/suite/hmm-tests.ts";
import { runTest, scenarioOfBody } from "../../../../packages/replay/src/suite/run-test.ts";

const SMALL = { page: 1, np: 2 };

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

  it("runs over the buffer that it is given", () => {
    const { scenario } = scenarioOfBody(known("anon_teardown"), SMALL);
    expect(scenario.programs.flat().every((step) => !("np" in step) || step.np <= 3)).toBe(true);
  });
});
