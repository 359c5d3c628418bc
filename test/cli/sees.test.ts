import { SEEN_OPERATIONS } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { jsonOf, mmreplay } from "./terminal.ts";

interface Operation {
  readonly operation: string;
  readonly invalidations: readonly { readonly event: string; readonly startPage: number | null }[];
  readonly steps: readonly { readonly event: { readonly type: string } }[];
  readonly findings: readonly { readonly rule: string }[];
}

const operations = (outcome: Parameters<typeof jsonOf>[0]): Operation[] =>
  (jsonOf(outcome) as unknown as { operations: Operation[] }).operations;

describe("sees", () => {
  it("has a line for each operation, and says how to ask for one", async () => {
    const { exit, stdout } = await mmreplay(["sees"]);
    expect(exit).toBe(0);
    for (const { name } of SEEN_OPERATIONS) expect(stdout).toMatch(new RegExp(`^${name} `, "m"));
    expect(stdout).toMatch(/^madvise_dontneed +CLEAR +pages 0-1 +yes +mmap read +zero page, ro/m);
    expect(stdout).toMatch(/^oom_reap_task_mm +UNMAP +pages 0-1 +no +mmap read/m);
    expect(stdout).toMatch(/^cpu_read_untouched +nothing +- +- +mmap read/m);
    expect(stdout).toMatch(/^one in detail: mmreplay sees munmap$/m);
  });

  it("shows those that are named, and none else", async () => {
    const { exit, stdout } = await mmreplay(["sees", "fork", "mprotect"]);
    expect(exit).toBe(0);
    expect(stdout.match(/^\S.*$/gm)).toEqual(["mprotect", "fork"]);
    expect(stdout).toContain("kernel  mm/memory.c: copy_page_range");
    expect(stdout).toContain("tells   PROTECTION_PAGE, pages 0-5, blockable, no owner");
  });

  it("prints one object for --json", async () => {
    const outcome = await mmreplay(["sees", "clear_refs_write", "swap_in", "--json"]);
    expect(jsonOf(outcome)).toHaveProperty("schemaVersion", 1);
    const [soft, swap] = operations(outcome);
    expect(soft?.invalidations).toMatchObject([{ event: "SOFT_DIRTY", startPage: null }]);
    expect(soft?.steps.map(({ event }) => event.type)).toContain("invalidate");
    expect(swap?.invalidations).toEqual([]);
    expect(operations(await mmreplay(["sees", "--json"])).length).toBe(SEEN_OPERATIONS.length);
  });

  it("refuses an operation that it does not know, with the list of those that it does", async () => {
    const { exit, stdout, stderr } = await mmreplay(["sees", "munmap", "mummap"]);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(
      'no operation is called "mummap". There are: munmap, mremap, mprotect, ',
    );
    expect(stderr.trimEnd().split("\n").length).toBe(1);
  });

  it("shows a bug of the zoo, and ends with 1", async () => {
    const args = ["sees", "madvise_dontneed", "--mutant", "mm-zap-before-start"];
    const { exit, stdout } = await mmreplay(args);
    expect(exit).toBe(1);
    expect(stdout).toMatch(
      /writable, frame 2 -> none {3}\(in no invalidation\)\n +<-- K-I14\n +<-- K-I15\n +invalidate_range_start/,
    );
    const [record] = operations(await mmreplay([...args, "--json"]));
    expect(record?.findings.map(({ rule }) => rule)).toContain("K-I15");
    expect((await mmreplay(["sees", "--mutant", "nope"])).exit).toBe(2);
  });

  it("says where a bug changes nothing of what is shown", async () => {
    const id = "mm-zap-before-start";
    const says = `${id} changes nothing of what is shown; where it is found: mmreplay zoo ${id}\n`;
    const { exit, stdout } = await mmreplay(["sees", "swap_in", "mmap", "--mutant", id]);
    expect(exit).toBe(0);
    expect(stdout.endsWith(`\n\n${says}`)).toBe(true);
    const both = ["sees", "madvise_dontneed", "mmap", "--mutant", id];
    expect((await mmreplay(both)).stdout).toContain(`${id} changes nothing of mmap; `);
    expect(jsonOf(await mmreplay([...both, "--json"]))).toHaveProperty("unchanged", ["mmap"]);
    for (const shown of [
      ["sees", "--mutant", id],
      ["sees", "madvise_dontneed", "--mutant", id],
    ]) {
      expect((await mmreplay(shown)).stdout).not.toContain("changes nothing");
    }
    expect((await mmreplay(["sees", "--mutant", "K-Z21"])).stdout).toContain(
      "K-Z21 changes nothing",
    );
    expect(jsonOf(await mmreplay(["sees", "mmap", "--json"]))).not.toHaveProperty("unchanged");
  });
});
