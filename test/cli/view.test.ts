/** `view`: one page with the journal of a file and what check says of it. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { PageHead } from "../../packages/replay/src/view/page-head.ts";
import { scratch } from "../support/scratch.ts";
import { jsonOf, mmreplay, trace } from "./terminal.ts";

const RACE = trace("cust61-BUG_noseq-stress_nodelay.txt.gz");
const HEADER = '{"mmreplay":"journal","version":1,"kind":"run","kernel":"6.1","seqModulus":16}';
const CREATE = '{"index":0,"type":"mm_create","task":0,"mm":0}';

async function viewOf(file: string, name: string, ...flags: string[]): Promise<string> {
  const output = scratch(name);
  const { exit, stdout, stderr } = await mmreplay(["view", file, "-o", output, ...flags]);
  expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: "", stderr: "" });
  return readFileSync(output, "utf8");
}

/** What stands in the page's two script elements for data. */
function dataOf(page: string): { head: PageHead; journal: string } {
  const [, head = ""] = /id="head">([^<]*)<\/script>/.exec(page) ?? [];
  const [, packed = ""] = /id="journal">([^<]*)<\/script>/.exec(page) ?? [];
  return {
    head: JSON.parse(head) as PageHead,
    journal: gunzipSync(Buffer.from(packed, "base64")).toString(),
  };
}

describe("view", () => {
  it("holds the journal that import writes", async () => {
    const { head, journal } = dataOf(await viewOf(RACE, "race.html"));
    const imported = scratch("race.jsonl");
    await mmreplay(["import", RACE, "-o", imported]);
    expect(journal).toBe(readFileSync(imported, "utf8"));
    expect(head.length).toBe(journal.trimEnd().split("\n").length - 1);
  });

  it("says what check says", async () => {
    const { head } = dataOf(await viewOf(RACE, "race.html"));
    const [file] = jsonOf(await mmreplay(["check", RACE, "--json"])).files;
    expect(head.report.verdict).toBe(file?.verdict);
    expect(head.report.findings).toEqual(file?.["findings"]);
    expect(head.report.rules).toEqual(file?.["rules"]);
    const violated = Object.entries(head.report.rules).filter(([, { violated: n }]) => n > 0);
    expect(Object.keys(head.rules)).toEqual(violated.map(([id]) => id));
  });

  it("of a selection holds the whole journal, what was selected, and the findings of it alone", async () => {
    const whole = dataOf(await viewOf(RACE, "race.html"));
    const { head, journal } = dataOf(await viewOf(RACE, "some.html", "--to", "1000"));
    expect(journal).toBe(whole.journal);
    expect(whole.head.selected).toBeUndefined();
    expect(head.selected).toEqual([0, 1001]);
    const check = await mmreplay(["check", RACE, "--to", "1000", "--json"]);
    expect(head.report.findings).toEqual(jsonOf(check).files[0]?.["findings"]);
    expect(head.report.findings.length).toBeLessThan(whole.head.report.findings.length);
    const none = await mmreplay(["view", RACE, "-o", scratch("none.html"), "--pid", "3"]);
    expect([none.exit, none.stderr]).toEqual([2, expect.stringContaining("E_SELECTION")]);
  });

  it("of equal files is equal, byte by byte, also of the journal and of standard input", async () => {
    const run = scratch("run.jsonl", `${HEADER}\n${CREATE}\n`);
    const first = await viewOf(run, "first.html");
    expect(await viewOf(run, "second.html")).toBe(first);
    const piped = await mmreplay(["view", run, "-o", "-"]);
    expect(piped.stdout).toBe(first);
  });

  it("escapes what could end an element", async () => {
    const name = "</script><script>alert(1)</script>";
    const start = JSON.stringify({ index: 0, type: "task_start", task: 0, name });
    const page = await viewOf(scratch("name.jsonl", `${HEADER}\n${start}\n`), "name.html");
    expect(page).not.toContain("alert(1)</script>");
    expect(dataOf(page).head.report.taskNames[0]).toBe(name);
  });

  it("refuses to replace its input, and what it cannot read, and then writes nothing", async () => {
    const run = scratch("own.jsonl", `${HEADER}\n${CREATE}\n`);
    const own = await mmreplay(["view", run, "-o", run]);
    expect(own.exit).toBe(2);
    expect(readFileSync(run, "utf8")).toBe(`${HEADER}\n${CREATE}\n`);
    const bad = scratch("bad.jsonl", `${HEADER}\n{"index":0,"type":"no_such"}\n`);
    const output = scratch("bad.html");
    const { exit, stderr } = await mmreplay(["view", bad, "-o", output]);
    expect(exit).toBe(2);
    expect(stderr).toContain("bad.jsonl:2");
    expect(() => readFileSync(output)).toThrow("ENOENT");
  });

  it("asks for a file to write", async () => {
    const { exit, stderr } = await mmreplay(["view", RACE]);
    expect(exit).toBe(2);
    expect(stderr).toContain("--output");
  });
});
