/**
 * What `explore` prints for each of the peers' nine bugs, as golden files: a race told to somebody who
 * knows the kernel and not this program.
 *
 * `UPDATE_TABLES=1 npx vitest run test/cli/explore-tables` writes them; read them then.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { ZOO } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { SHORTEST } from "../support/explored.ts";
import { mmreplay } from "./terminal.ts";

const golden = (id: string): URL => new URL(`explore-tables/${id}.txt`, import.meta.url);

describe.each(SHORTEST)("the table of %s", (id, length) => {
  const scenario = ZOO.find((mutant) => mutant.id === id)?.scenario ?? "";

  it("is the golden one, and its first line has the certified length", async () => {
    const { stdout, exit } = await mmreplay(["explore", scenario, "--mutant", id]);
    if (process.env["UPDATE_TABLES"] === "1") writeFileSync(golden(id), stdout);
    expect(exit).toBe(1);
    expect(stdout).toBe(readFileSync(golden(id), "utf8"));
    expect(stdout.split("\n")[0]).toMatch(new RegExp(` after ${length} steps, and no shorter`));
  });

  it("keeps within 75 columns of ASCII, without tabs; the line for the shell is one line", () => {
    const lines = readFileSync(golden(id), "utf8").trimEnd().split("\n");
    expect(lines.at(-1)).toMatch(/^replay: mmreplay scenario run \S+ --schedule v1:\S+$/);
    expect(lines.slice(0, -1).filter((line) => line.length > 75)).toEqual([]);
    expect(lines.join("")).toMatch(/^[\x20-\x7e]*$/);
  });

  it("points at one step, names the bug, and says how things stood", () => {
    const text = readFileSync(golden(id), "utf8");
    expect(text.match(/<-- /g)).toHaveLength(1);
    expect(text).toContain(`\nbug ${id}: `);
    expect(text).toMatch(/^ {2}Before: subs->invalidate_seq = 2; sub0 \(N\) over page 0x0, /m);
  });
});
