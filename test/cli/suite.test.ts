/**
 * The suite: every body passes over 64 pages, in each variant. The command itself takes a minute over as many pages
 * as the kernel; MMREPLAY_WHOLE runs it, here and for the page docs/memory.md.
 */
import { describe, expect, it } from "vitest";
import { placeOf, VARIANTS } from "../../packages/replay/src/suite/body.ts";
import { HMM_TESTS } from "../../packages/replay/src/suite/hmm-tests.ts";
import { SUITE } from "../../packages/replay/src/suite/run-suite.ts";
import { runTest } from "../../packages/replay/src/suite/run-test.ts";
import { WHOLE } from "../support/sample.ts";
import { jsonOf, mmreplay } from "./terminal.ts";

interface Test {
  readonly name: string;
  readonly variant: string;
  readonly passed: boolean;
  readonly skipped: boolean;
  readonly message: string;
}

/** What the device reads and writes at once, 64 pages. */
const WINDOW = { page: 512 + 85, np: 64 };

describe("suite hmm-tests", () => {
  it.each(VARIANTS)("passes over one window of pages: %s", (variant) => {
    const failed = SUITE.flatMap((body) => {
      const buffer = body.buffer ?? WINDOW;
      const { name, passed, message } = runTest(body, buffer, placeOf(body, buffer, { variant }));
      return passed ? [] : [`${name}: ${message}`];
    });
    expect(SUITE.length).toBe(29);
    expect(failed).toEqual([]);
  });

  it.runIf(WHOLE)(
    "runs the 29 bodies of the kernel's file, each on private and on coherent memory",
    { timeout: 300_000 },
    async () => {
      const outcome = await mmreplay(["suite", "hmm-tests", "--json"]);
      const { tests } = jsonOf(outcome) as unknown as { tests: Test[] };
      expect(outcome.exit).toBe(0);
      for (const variant of ["device_private", "device_coherent"]) {
        const names = tests.filter((test) => test.variant === variant).map(({ name }) => name);
        expect(names.length).toBe(29);
        expect(new Set(names).size).toBe(29);
      }
      expect(tests.length).toBe(2 * 29);
      expect(tests.filter(({ passed }) => !passed)).toEqual([]);
      expect(tests.filter(({ skipped }) => skipped)).toEqual([]);
    },
  );

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
