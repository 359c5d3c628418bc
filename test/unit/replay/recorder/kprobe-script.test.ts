import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kprobeScript } from "../../../../packages/replay/src/recorder/kprobe-script.ts";
import { WHOLE } from "../../../support/sample.ts";
import { LAYOUTS, target } from "./target.ts";

const PROBES = join(import.meta.dirname, "../../../../../shared/traces/probes");
const hasShell = (name: string): boolean => spawnSync(name, ["-c", ":"]).status === 0;
const SHELLS = ["sh", "dash", "bash"].filter(hasShell);
/** Shells in which a recording is made: a usual run takes the strictest. */
const RECORDS_IN = WHOLE ? SHELLS : SHELLS.filter((name) => name === "dash");

/** Probes that need a kernel built for them: their functions are inlined or not traceable elsewhere. */
const ONLY_CUSTOM = /^(p|r64):mn\/(itree_(first|insert|remove)|exclusive(_ret)?)$/;

function recorded(file: string): string[] {
  return readFileSync(join(PROBES, file), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

const nameOf = (line: string): string => line.split(" ")[0] ?? "";

describe("the recorder script", () => {
  it.each(SHELLS)("is well-formed for %s", (shell) => {
    for (const options of [{}, { driver: "test_hmm" }, { kernel: "6.1" }]) {
      const { status, stderr } = spawnSync(shell, ["-n"], { input: kprobeScript(options) });
      expect([status, stderr.toString()]).toEqual([0, ""]);
    }
  });

  it("can be audited: short, without tricks, and it says what it changes", () => {
    const script = kprobeScript();
    expect(script.split("\n").length).toBeLessThan(230);
    expect(script).toContain("# What it changes, and undoes when it ends:");
    expect(script).not.toMatch(/\beval\b|curl|wget|\brm\b/);
  });
});

describe.runIf(existsSync(PROBES))("its probes, on kernels that were recorded", () => {
  it.each(["deb61", "deb612", "cust61"])(
    "are those of the recordings of %s, byte for byte",
    (tag) => {
      const { exit, stdout } = target(LAYOUTS[tag]).run(kprobeScript({ driver: "test_hmm" }), [
        "-n",
      ]);
      expect(exit).toBe(0);
      const printed = new Map(
        stdout
          .trim()
          .split("\n")
          .map((line) => [nameOf(line), line]),
      );
      const known = [`${tag}.core`, `${tag}.dm`].flatMap((name) =>
        recorded(`kprobe_events.${name}.txt`),
      );
      for (const line of known) {
        if (!ONLY_CUSTOM.test(nameOf(line))) expect(printed.get(nameOf(line))).toBe(line);
      }
      expect(known.length).toBeGreaterThan(40);
    },
  );

  it("have no name that the recordings do not have", () => {
    const known = new Set(
      ["kprobe_events.cust61.core.txt", "kprobe_events.cust61.dm.txt"]
        .flatMap(recorded)
        .map(nameOf),
    );
    const { stdout } = target(LAYOUTS["cust61"]).run(kprobeScript({ driver: "test_hmm" }), ["-n"]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map(nameOf)
        .filter((name) => !known.has(name)),
    ).toEqual([]);
  });
});

describe("struct offsets", () => {
  it("come from a known layout where there is no pahole, without the fields that it cannot know", () => {
    const script = kprobeScript({ kernel: "6.1.0-56-amd64" });
    const { stdout, stderr } = target(undefined).run(script, ["-n"]);
    expect(stderr).toContain("no pahole: using the known layout of 6.1.0-56-amd64");
    expect(stdout).toContain("inv_end range=$arg1:x64 mm=+8($arg1):x64".slice(8));
    expect(stdout).not.toMatch(/[{}]|subs_seq=\+16\(\+/);
    const newer = target(undefined).run(kprobeScript({ kernel: "6.12.9" }), ["-n"]).stdout;
    expect(newer).toContain("range=$arg1:x64 mm=+0($arg1):x64 start=+8($arg1):x64");
  });

  it("are refused where nothing knows them", () => {
    const { exit, stdout, stderr } = target(undefined).run(kprobeScript({ kernel: "5.10" }), [
      "-n",
    ]);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^record: no BTF read by pahole, and the layout of kernel 5\.10 is not/);
  });

  it("are refused where a structure has changed", () => {
    const moved = {
      ...LAYOUTS["deb61"],
      mmu_interval_notifier: { interval_tree: 8, invalidate_seq: 88 },
    };
    const { exit, stderr } = target(moved).run(kprobeScript(), ["-n"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("interval_tree is not the first member");
  });
});

describe("a recording", () => {
  it.each(RECORDS_IN)(
    "installs, records while the command runs, and leaves nothing behind: %s",
    (shell) => {
      const machine = target(LAYOUTS["deb61"]);
      const { exit, stdout, stderr } = machine.run(
        kprobeScript(),
        [
          "-o",
          "out.txt",
          "sh",
          "-c",
          `cat ${machine.tracefs}/instances/mmreplay/tracing_on; exit 7`,
        ],
        shell,
      );
      expect(exit).toBe(7);
      expect(stdout).toBe("1\n");
      expect(stderr).toContain("7 events in out.txt\nnext:   mmreplay check out.txt\n");
      expect(existsSync(join(machine.tracefs, "instances/mmreplay"))).toBe(false);
      const commands = machine.commands();
      const added = commands
        .filter((line) => /^(p|r64):/.test(line))
        .map((line) => nameOf(line).replace(/^\w+:/, ""));
      const removed = commands.filter((line) => line.startsWith("-:")).map((line) => line.slice(2));
      expect(added.length).toBeGreaterThan(20);
      expect(removed).toEqual(added);
    },
  );

  it("says what was lost and missed", () => {
    const { stderr } = target(LAYOUTS["deb61"]).run(kprobeScript(), ["true"]);
    expect(stderr).toContain("the buffer overflowed, 5/7 events are left: raise BUFFER_KB");
    expect(stderr).toContain("the kernel missed hits of: inv_start_ret\n");
  });

  it("changes nothing when it must refuse", () => {
    const machine = target(LAYOUTS["deb61"]);
    mkdirSync(join(machine.tracefs, "events/mn"), { recursive: true });
    const { exit, stderr } = machine.run(kprobeScript(), ["true"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("kprobe group mn exists");
    expect(machine.commands()).toEqual([""]);
    const unloaded = target(LAYOUTS["deb61"]).run(kprobeScript({ driver: "test_hmm" }), ["true"]);
    expect(unloaded.stderr).toContain("module test_hmm is not loaded");
  });
});
