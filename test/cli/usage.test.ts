import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { mmreplay } from "./terminal.ts";

describe("usage errors exit with 2 and name what is wrong", () => {
  it.each([
    [["chek"], "unknown command 'chek'. Did you mean check? mmreplay --help lists"],
    [["check"], "missing required argument 'file'"],
    [
      ["check", "--nope", "x"],
      "unknown option '--nope'. mmreplay check --help lists what there is.",
    ],
    [["check", "--rulez", "x"], "'--rulez'. Did you mean --rules? mmreplay check --help lists"],
    [["check", "--a\nb", "x"], "unknown option '--a\\x0ab'."],
    [["scenario", "nope"], "unknown command 'nope'"],
    [["scenario", "run"], "mmreplay scenario run --help lists what there is."],
    [["check", "--reporter", "tap", "x"], "Allowed choices are text, ktap, junit, github, md"],
    [["check", "--width", "wide", "x"], "Expected a whole number from 40"],
    [["check", "--rules", "K-I99", "x"], 'E_RULE: found the rule "K-I99"'],
    [["check", "--profile", "nope", "x"], "E_PROFILE_NAME"],
    [["check", "--format", "nope", "x"], "E_FORMAT"],
    [["show", "x"], "required option '--at <index>' not specified"],
    [["show", "x", "--at", "-1"], "Expected a whole number"],
    [["import", "x"], "required option '-o, --output <file>' not specified"],
    [["import", "x", "-o", "-", "--json"], "both want standard output"],
    [["record", "--tool", "fprobe"], "use --tool kprobe"],
    [["record", "--driver", "xe"], "known are test_hmm"],
    [["record", "--kernel", "six"], "no release"],
  ])("%j", async (args, message) => {
    const { exit, stdout, stderr } = await mmreplay(args);
    expect(exit).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^(?:mmreplay: |--).*\n$/);
  });

  it("no command at all shows the help on stderr", async () => {
    const { exit, stderr } = await mmreplay([]);
    expect(exit).toBe(2);
    expect(stderr).toContain("Usage: mmreplay");
  });
});

describe("help and version", () => {
  it("exit with 0 and name every command", async () => {
    const { exit, stdout } = await mmreplay(["--help"]);
    expect(exit).toBe(0);
    for (const name of "demo check replay import show conform record".split(" ")) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    }
    expect(await mmreplay(["--version"])).toMatchObject({ exit: 0, stdout: "0.1.0\n" });
    expect((await mmreplay(["check", "--help"])).exit).toBe(0);
  });

  it("load nothing that is slow: no package of ours, no zod, no rxjs", () => {
    const source = join(import.meta.dirname, "../../packages/replay/src");
    const outside = externalImports(join(source, "cli.ts"));
    expect(outside.filter((name) => !name.startsWith("node:"))).toEqual(["commander"]);
  });
});

/** What a module and the modules that it always loads import from outside, types left out. */
function externalImports(entry: string): string[] {
  const seen = new Set<string>();
  const outside = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, names = "", from = ""] of text.matchAll(
      /^import (?!type )([^;"']*)from "([^"]+)"/gm,
    )) {
      const typesOnly = /^\{\s*(type \w+,?\s*)+\}\s*$/.test(names);
      if (typesOnly) continue;
      if (from.startsWith(".")) visit(join(dirname(file), from));
      else outside.add(from);
    }
  };
  visit(entry);
  return [...outside].sort();
}
