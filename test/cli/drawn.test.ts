/**
 * Drawn workloads are scenarios: whatever takes a name takes theirs.
 */
import { describe, expect, it } from "vitest";
import { jsonOf, mmreplay } from "./terminal.ts";

describe("a drawn workload", () => {
  it("is shown by its name", async () => {
    const { exit, stdout } = await mmreplay(["scenario", "show", "drawn/7/2"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^drawn\/7\/2: A workload that was drawn\.\nsource: mmreplay fuzz\n/);
    expect(stdout).toMatch(/^ {2}task1 /m);
  });

  it("is one task smaller after one step of shrinking", async () => {
    const shown = async (name: string) => (await mmreplay(["scenario", "show", name])).stdout;
    const tasks = (text: string) => text.match(/^ {2}task\d+ /gm)?.length ?? 0;
    expect(tasks(await shown("drawn/7/2.0"))).toBe(tasks(await shown("drawn/7/2")) - 1);
  });

  it("is searched, alone and with a bug, and the schedule that is found runs", async () => {
    const args = ["explore", "drawn/7/2.0", "--json"];
    expect(jsonOf(await mmreplay(args))).toMatchObject({ complete: true, findings: [] });
    const failing = await mmreplay(["explore", "drawn/7/2.0", "--mutant", "peer-1", "--json"]);
    expect(failing.exit).toBe(1);
    const [finding] = (
      jsonOf(failing) as unknown as { findings: { schedule: string; rule: string }[] }
    ).findings;
    const run = ["scenario", "run", "drawn/7/2.0", "--schedule", finding?.schedule ?? ""];
    const again = await mmreplay(run);
    expect(again.exit).toBe(1);
    expect(again.stdout).toContain(finding?.rule);
  });

  it.each(["drawn/7", "drawn/7/x", "drawn/7/2.999"])("has no name like %s", async (name) => {
    const { exit, stderr } = await mmreplay(["scenario", "show", name]);
    expect(exit).toBe(2);
    expect(stderr).toContain("E_SCENARIO");
  });
});
