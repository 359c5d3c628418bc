import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { bytesOf, jsonOf, mmreplay, vectors } from "./terminal.ts";

const COLD = vectors("p13-cold-start.jsonl.gz");
const text = gunzipSync(bytesOf(COLD)).toString();

describe("conform", () => {
  it("counts what it compared and exits with 0 when all is equal", async () => {
    const outcome = await mmreplay(["conform", "--json", COLD, vectors("p20-*.gz")]);
    expect(outcome.exit).toBe(0);
    const { files, mismatches, stale, ...counts } = jsonOf(outcome) as Record<string, unknown>;
    expect(files).toBe(2);
    expect(mismatches).toEqual([]);
    expect(Object.keys(stale as object)).toEqual(["expected", "found", "missed", "extra"]);
    expect(counts).toMatchObject({ schemaVersion: 1, executions: expect.any(Number) });
  });

  it("exits with 1 at a mismatch, and names its step and field", async () => {
    const changed = text.replace('"done":true', '"done":false');
    const outcome = await mmreplay(["conform", "--json", scratch("changed.jsonl", changed)]);
    expect(outcome.exit).toBe(1);
    expect(jsonOf(outcome)["mismatches"]).toEqual([
      expect.objectContaining({
        file: scratch("changed.jsonl"),
        field: "done",
        expected: false,
        actual: true,
      }),
    ]);
    expect((await mmreplay(["conform", scratch("changed.jsonl")])).stdout).toContain(
      "done: expected false, found true",
    );
  });

  it("refuses a file that ends inside an execution, and still compares the others", async () => {
    const cut = scratch("cut.jsonl", text.split("\n").slice(0, 10).join("\n"));
    const outcome = await mmreplay(["conform", "--json", cut, COLD]);
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toMatch(/cut\.jsonl:10: E_VECTOR: found the end of the file inside/);
    expect(jsonOf(outcome)["files"]).toBe(2);
    expect(jsonOf(outcome)["steps"]).toBeGreaterThan(100);
  });

  it("refuses a line that is none, with its number", async () => {
    const damaged = scratch("damaged.jsonl", `${text.split("\n")[0]}\n{"t":"step"\n`);
    const { exit, stderr } = await mmreplay(["conform", damaged]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/damaged\.jsonl:2: E_VECTOR: found text that is not JSON/);
  });

  it("refuses an empty file", async () => {
    const { exit, stderr } = await mmreplay(["conform", scratch("empty.jsonl", "")]);
    expect(exit).toBe(2);
    expect(stderr).toContain("E_EMPTY");
  });
});
