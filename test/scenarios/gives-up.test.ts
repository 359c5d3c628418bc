/**
 * READ and WRITE of the test driver give up after a second of collisions, -EBUSY (protocol.md 6.4, 6.5): here after
 * `maxTries` passes.
 */
import type { NamedScenario, Operation } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { litmus } from "../../packages/core/src/scenarios/litmus.ts";
import { explore } from "../../packages/replay/src/explore/explore.ts";
import { codesIn, alone as run } from "../support/memory-run.ts";
import { insert, N } from "../support/operations.ts";

const PAGE = { page: 0, np: 1 };
const EBUSY = -16;

const device = (command: "READ" | "WRITE"): Operation => ({
  op: "dmirror",
  command,
  n: N,
  ...PAGE,
  value: 3,
});
const MAPPED: readonly Operation[] = [insert(N, 0, 4), { op: "mmap", ...PAGE, prot: "read_write" }];
const WRITTEN: readonly Operation[] = [
  ...MAPPED,
  { op: "cpu_access", write: true, ...PAGE, value: 1 },
];

/** A command against two changes of the page's protection, with so many passes. */
const against = (
  command: "READ" | "WRITE",
  maxTries: number | undefined,
  gives: readonly (0 | `rc ${number}`)[],
): NamedScenario =>
  litmus({
    name: "gives-up",
    title: "A command that may give up against two NUMA hints",
    source: "protocol.md 6.5",
    memory: true,
    pages: 4,
    ...(maxTries === undefined ? {} : { driver: { maxTries } }),
    setUp: WRITTEN,
    tasks: {
      D: [{ ...device(command), gives } as Operation],
      M: [
        { op: "change_prot_numa", ...PAGE },
        { op: "change_prot_numa", ...PAGE },
      ],
    },
  });

const whole = (named: NamedScenario) => {
  const { complete, findings } = explore({ named });
  return { complete, found: findings.map(({ rule, message }) => `${rule}: ${message}`) };
};

describe.each(["READ", "WRITE"] as const)("%s", (command) => {
  it.each([1, 2])("of %i passes gives 0 or -EBUSY, and breaks no rule in any order", (maxTries) => {
    const named = against(command, maxTries, [0, `rc ${EBUSY}`]);
    expect(whole(named)).toEqual({ complete: true, found: [] });
  });

  it.each([1, 2])("of %i passes can collide in all of them", (maxTries) => {
    expect(whole(against(command, maxTries, [0])).found).toEqual([
      "outcome: task1: the dmirror of notifier0 gives rc -16; the scenario allows only 0.",
    ]);
  });

  it("of a driver with time enough always comes to its end", () => {
    expect(whole(against(command, undefined, [0]))).toEqual({ complete: true, found: [] });
    expect(whole(against(command, 3, [0]))).toEqual({ complete: true, found: [] });
  });
});

describe("a write to the zero page", () => {
  const codes = (maxTries: number): number[] =>
    codesIn(
      run([...MAPPED, device("READ"), device("WRITE")], {
        driver: { bug: "none", nonblock: "trylock", earlyCheck: false, maxTries },
      }),
    );

  it("collides with itself once, so one pass is not enough and two are", () => {
    expect(codes(1)).toEqual([0, EBUSY]);
    expect(codes(2)).toEqual([0, 0]);
  });
});
