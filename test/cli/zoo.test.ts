import { changesIn, ZOO } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { WHOLE } from "../support/sample.ts";
import { jsonOf, mmreplay } from "./terminal.ts";

interface Entry {
  readonly id: string;
  readonly equivalent: boolean;
  readonly equivalence: "states" | "observations" | null;
  readonly found: boolean;
  readonly rule: string | null;
}

describe("zoo", () => {
  it.runIf(WHOLE)(
    "finds every mutant or proves that it breaks nothing, and the model is clean",
    // 32 s of CPU time: on a machine that is shared the minute of a usual test is too short.
    { timeout: 300_000 },
    async () => {
      const outcome = await mmreplay(["zoo", "--json"]);
      const { mutants, changes, clean } = jsonOf(outcome) as unknown as {
        mutants: Entry[];
        changes: number;
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
      expect(changes).toBeLessThan(mutants.length);
      expect(clean.scenarios).toBeGreaterThanOrEqual(20);
      expect(clean.violations).toBe(0);
    },
  );

  it("tells of one mutant what is claimed and how to see it", async () => {
    const { exit, stdout } = await mmreplay(["zoo", "K-Z29"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^K-Z29 {2}K-I14 after 8 steps in race\/migrate/);
    expect(stdout).toContain("claim: Reachable in the model of Linux 6.1");
    const line = /replay: mmreplay (.*)$/m.exec(stdout)?.[1] ?? "";
    expect((await mmreplay(line.split(" "))).exit).toBe(1);
  });

  it("counts a change that several rows make once, and none for what the model itself breaks", () => {
    const rows = changesIn(ZOO).map((mutants) => mutants.map(({ id }) => id));
    expect(rows.filter(({ length }) => length > 1)).toEqual([
      ["peer-1", "K-S1"],
      ["peer-2", "K-S2"],
      ["peer-7", "K-S13"],
      ["K-Z4", "K-S15"],
      ["K-S12", "K-S12-hang"],
      ["K-S14", "K-S14-reader"],
      ["K-Z25", "K-Z31"],
      ["K-Z2", "K-Z3"],
      ["dmirror-own-migrate-stale", "dmirror-own-migrate-loses-write"],
    ]);
    const changing = rows.flat();
    expect(ZOO.flatMap(({ id }) => (changing.includes(id) ? [] : [id]))).toEqual([
      "K-Z28",
      "K-Z28-hang",
    ]);
  });

  it("prints what is known when it is interrupted, and exits with 130", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    const { exit, stdout } = await mmreplay(["zoo", "--json"], { signal: controller.signal });
    const report = JSON.parse(stdout) as { mutants: Entry[]; interrupted: boolean };
    expect([exit, report.interrupted]).toEqual([130, true]);
    expect(report.mutants.length).toBeLessThan(ZOO.length);
    for (const one of report.mutants) expect(one).toMatchObject({ expected: true });
  });

  it("does not know any mutant", async () => {
    const { exit, stderr } = await mmreplay(["zoo", "K-Z292"]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/E_MUTANT: found "K-Z292".*Did you mean "K-Z29"/);
  });
});
