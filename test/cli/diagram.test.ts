/** `diagram`: a race as the table that commit messages use. */
import { describe, expect, it } from "vitest";
import { jsonOf, mmreplay, trace } from "./terminal.ts";

const RACE = trace("cust61-BUG_noseq-stress_nodelay.txt.gz");
const HELD = trace("cust61-good-stress_tiny.txt.gz");

async function linesOf(...args: readonly string[]): Promise<string[]> {
  const { exit, stdout, stderr } = await mmreplay(["diagram", ...args]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  return stdout.trimEnd().split("\n");
}

describe("diagram", () => {
  it("shows what check shows first", async () => {
    const lines = await linesOf(RACE);
    expect(lines[0]).toMatch(
      /^ {2}CPU0 - stress-\d+ \(device fault\) +CPU1 - stress-\d+ \(UNMAP\)$/,
    );
    expect(lines.filter((line) => line.endsWith("<-- K-I14"))).toHaveLength(1);
    expect(lines.some((line) => line.includes("Rule K-I14 violated:"))).toBe(true);
  });

  it.each([[], ["--comment"], ["--rst"], ["--markdown"]])(
    "is at most as wide as asked for, in ASCII and without tabs: %s",
    async (...form) => {
      for (const width of [60, 75, 100]) {
        const lines = await linesOf(RACE, ...form, "--width", String(width));
        expect(lines.filter((line) => line.length > width)).toEqual([]);
        expect(lines.join("")).toMatch(/^[\x20-\x7e]*$/);
      }
    },
  );

  it("stands in a comment of C, a fence of Markdown, a literal block of reST", async () => {
    expect((await linesOf(RACE, "--comment")).every((line) => /^ \*( |$)/.test(line))).toBe(true);
    const fenced = await linesOf(RACE, "--markdown");
    expect([fenced[0], fenced.at(-1)]).toEqual(["```", "```"]);
    const [colons, empty, ...literal] = await linesOf(RACE, "--rst");
    expect([colons, empty]).toEqual(["::", ""]);
    expect(literal.every((line) => line === "" || line.startsWith("    "))).toBe(true);
  });

  it("is a sequence diagram of Mermaid, a note for each row", async () => {
    const [first, ...lines] = await linesOf(RACE, "--mermaid");
    expect(first).toBe("sequenceDiagram");
    expect(lines.filter((line) => line.startsWith("  participant "))).toHaveLength(2);
    const others = lines.filter((line) => !/^( {2}participant CPU\d as |%% )/.test(line));
    expect(others.length).toBeGreaterThan(10);
    expect(others.every((line) => /^ {2}Note over CPU[01]: [^;]*(#\d+;[^;]*)*$/.test(line))).toBe(
      true,
    );
  });

  it("shows what happened around an event of a recording that holds", async () => {
    const frames = (await mmreplay(["replay", HELD, "--from", "800"])).stdout.split("\n");
    const at = /^#(\d+)/.exec(frames.find((line) => line.includes(" set_seq(")) ?? "")?.[1] ?? "";
    const lines = await linesOf(HELD, "--at", at);
    expect(lines.filter((line) => line.endsWith(`<-- event ${at}`))).toHaveLength(1);
    expect(lines[0]).toContain("CPU1 - ");
    expect(lines.join("\n")).not.toContain("violate");
  });

  it("of a selection shows a violation of it, and beside an event only what is selected", async () => {
    const { files } = jsonOf(await mmreplay(["check", RACE, "--json"]));
    const findings = (files[0]?.["findings"] ?? []) as { task: string; index: number }[];
    const last = findings.at(-1);
    const pid = /-(\d+)$/.exec(last?.task ?? "")?.[1] ?? "";
    const lines = await linesOf(RACE, "--pid", pid);
    expect(lines[0]).toContain(`stress-${pid}`);
    const alone = await linesOf(RACE, "--at", String(last?.index), "--pid", pid);
    expect(alone[0]).toContain(`stress-${pid}`);
    expect(alone[0]?.match(/stress-\d+/g)).toHaveLength(1);
  });

  it.each([
    [[HELD], "E_NO_PICTURE: found no violation"],
    [[HELD, "--at", "999999"], "E_INDEX: found no event 999999"],
    [[RACE, "--rst", "--comment"], "--comment and --rst exclude each other"],
    [[RACE, "--width", "20"], "Expected a whole number from 40"],
  ])("has nothing to show for %j, and says what to do", async (args, sentence) => {
    const { exit, stdout, stderr } = await mmreplay(["diagram", ...args]);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    expect(stderr).toContain(sentence);
  });
});
