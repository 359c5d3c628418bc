import { describe, expect, it } from "vitest";
import { HMM_TESTS } from "../../packages/replay/src/suite/hmm-tests.ts";
import { NOT_MODELLED } from "../../packages/replay/src/suite/not-modelled.ts";
import { runTest } from "../../packages/replay/src/suite/run-test.ts";
import { jsonOf, mmreplay } from "./terminal.ts";

interface Test {
  readonly name: string;
  readonly passed: boolean;
  readonly skipped: boolean;
  readonly message: string;
}

describe("suite hmm-tests", () => {
  it("names the 29 bodies of the kernel's file, and runs those that are modelled", async () => {
    const outcome = await mmreplay(["suite", "hmm-tests", "--json"]);
    const { tests } = jsonOf(outcome) as unknown as { tests: Test[] };
    expect(outcome.exit).toBe(0);
    expect(new Set(tests.map(({ name }) => name)).size).toBe(29);
    expect(tests.filter(({ passed }) => passed).length).toBe(HMM_TESTS.length);
    for (const test of tests.filter(({ skipped }) => skipped)) {
      expect(test.message).toMatch(/^not modelled yet: /);
    }
    expect(NOT_MODELLED.length + HMM_TESTS.length).toBe(29);
  });

  it("knows no other suite", async () => {
    const { exit, stderr } = await mmreplay(["suite", "kvm"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("The suite is hmm-tests.");
  });
});

describe("a body fails", () => {
  const [body] = HMM_TESTS.filter(({ name }) => name === "anon_write");
  if (body === undefined) throw new Error("no anon_write");

  it("where its command returns another code than it must", () => {
    const steps: typeof body.steps = (buffer, place) =>
      body
        .steps(buffer, place)
        .map((step) => (step.run.op === "dmirror" ? { ...step, expect: { rc: -14 } } : step));
    expect(runTest({ ...body, steps })).toMatchObject({
      passed: false,
      message: "dmirror: rc is 0, expected -14",
    });
  });

  it("where it finds another value than it must", () => {
    const steps: typeof body.steps = (buffer, place) =>
      body
        .steps(buffer, place)
        .map((step) =>
          step.run.op === "cpu_access" && !step.run.write
            ? { ...step, expect: { values: () => 0 } }
            : step,
        );
    expect(runTest({ ...body, steps }).message).toMatch(/page \d+ holds 2000000, expected 0$/);
  });
});
