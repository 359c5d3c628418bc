import { describe, expect, it } from "vitest";
import { jsonOf, mmreplay } from "./terminal.ts";

interface Entry {
  readonly id: string;
  readonly equivalent: boolean;
  readonly equivalence: "states" | "observations" | null;
  readonly found: boolean;
  readonly rule: string | null;
}

describe("zoo", () => {
  it("finds every mutant or proves that it breaks nothing, and the model is clean", async () => {
    const outcome = await mmreplay(["zoo", "--json"]);
    const { mutants, clean } = jsonOf(outcome) as unknown as {
      mutants: Entry[];
      clean: { scenarios: number; violations: number };
    };
    expect(outcome.exit).toBe(0);
    for (const one of mutants) {
      for (const field of "id source equivalent found rule length states".split(" ")) {
        expect(one).toHaveProperty(field);
      }
      expect([one.found, one.equivalent].filter(Boolean), one.id).toEqual([true]);
      expect(one.equivalence !== null).toBe(one.equivalent);
      expect(one.found).toBe(one.rule !== null);
    }
    expect(mutants.length).toBeGreaterThanOrEqual(30);
    expect(clean.scenarios).toBeGreaterThanOrEqual(20);
    expect(clean.violations).toBe(0);
  });

  it("tells of one mutant what is claimed and how to see it", async () => {
    const { exit, stdout } = await mmreplay(["zoo", "K-Z29"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^K-Z29 {2}K-I14 after 8 steps in K-P12/);
    expect(stdout).toContain("claim: Reachable in the model of Linux 6.1");
    const line = /replay: mmreplay (.*)$/m.exec(stdout)?.[1] ?? "";
    expect((await mmreplay(line.split(" "))).exit).toBe(1);
  });

  it("does not know any mutant", async () => {
    const { exit, stderr } = await mmreplay(["zoo", "K-Z292"]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/E_MUTANT: found "K-Z292".*Did you mean "K-Z29"/);
  });
});
