/** What only a real process shows: pipes, signals, start-up. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ticksUntilEnd, whenAtWork, whenIdle } from "../support/child-at-work.ts";
import { scratch } from "../support/scratch.ts";
import { bytesOf, mmreplay, trace } from "./terminal.ts";

const PACKAGE = join(import.meta.dirname, "../../packages/replay");
const BIN = join(PACKAGE, "bin/mmreplay.js");
const TINY = trace("cust61-good-stress_tiny.txt.gz");

describe.runIf(existsSync(join(PACKAGE, "dist/bundle/cli.js")))("the built command", () => {
  it("sets the exit code of the process", () => {
    expect(spawnSync(process.execPath, [BIN, "check", TINY]).status).toBe(0);
    expect(spawnSync(process.execPath, [BIN, "check", "/nowhere"]).status).toBe(2);
  });

  it("does not mind a reader that goes away", async () => {
    const child = spawn(process.execPath, [BIN, "import", TINY, "-o", "-"]);
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(code).toBe(0);
    expect(stderr).not.toContain("EPIPE");
  });

  it("ends with 130 after Ctrl-C, while it still waits for input", async () => {
    const child = spawn(process.execPath, [BIN, "check", "-"]);
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stdin.write(gunzipSync(bytesOf(TINY)));
    const closed = new Promise((resolve) => child.on("close", resolve));
    await whenIdle(child.pid);
    child.kill("SIGINT");
    expect(await closed).toBe(130);
    expect(stdout).toMatch(/^-: UNDECIDED/);
  });

  it("searches a file on two threads as on one", async () => {
    const file = scratch(
      "two.json",
      '{"mmreplay":"scenario","version":1,"title":"Two regions","setUp":[{"insert":"N","pages":[0,4]}],"tasks":{"R":[{"fault":"N"}],"A":[{"invalidate":"A","pages":[0,4]}],"B":[{"invalidate":"B","pages":[0,2]}]}}',
    );
    const search = ["explore", "--json", file];
    const two = spawnSync(process.execPath, [BIN, ...search, "--workers", "2"]);
    expect(two.stderr.toString()).toBe("");
    const { stdout, exit } = await mmreplay(search);
    expect(two.stdout.toString()).toBe(stdout);
    expect(two.status).toBe(exit);
  });

  it("ends a search after Ctrl-C, and says how far it has come", async () => {
    const child = spawn(process.execPath, [BIN, "explore", "peer/3F3I1R", "--no-symmetry"]);
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    const closed = new Promise((resolve) => child.on("close", resolve));
    await whenAtWork(child.pid);
    child.kill("SIGINT");
    expect(await closed).toBe(130);
    expect(stdout).toMatch(/states, .*; cut by interrupted\)/);
  });

  it("ends the suite after Ctrl-C within a second, and says what had come to its end", async () => {
    const child = spawn(process.execPath, [BIN, "suite", "hmm-tests"]);
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    const closed = new Promise((resolve) => child.on("close", resolve));
    await whenAtWork(child.pid);
    child.kill("SIGINT");
    const ticks = await ticksUntilEnd(child.pid);
    expect(await closed).toBe(130);
    expect(ticks).toBeLessThan(100);
    expect(stdout).toMatch(/^interrupted: only what had come to its end\n\d+ passed, 0 failed\n$/m);
  });

  it("ends a campaign after Ctrl-C where some workers have nothing to do", async () => {
    const args = ["fuzz", "--scenario", "peer/3F3I1R", "--runs", "2000", "--workers", "3"];
    const child = spawn(process.execPath, [BIN, ...args]);
    const closed = new Promise((resolve) => child.on("close", resolve));
    await whenAtWork(child.pid);
    child.kill("SIGINT");
    expect([130, 0]).toContain(await closed);
  });

  it("ends a campaign after Ctrl-C, on one thread and on two, and goes on with it", async () => {
    for (const workers of ["1", "2"]) {
      const corpus = scratch(`stopped-${workers}`);
      const args = ["--scenario", "peer/1F1I", "--mutant", "peer-1", "--workers", workers];
      const kept = ["fuzz", ...args, "--corpus", corpus];
      const child = spawn(process.execPath, [BIN, ...kept, "--seconds", "1000"]);
      let stdout = "";
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
      });
      const closed = new Promise((resolve) => child.on("close", resolve));
      await whenAtWork(child.pid);
      child.kill("SIGINT");
      expect(await closed).toBe(130);
      expect(stdout).toMatch(/^interrupted: what had come to its end$/m);
      const [, drawn = "0"] = /^peer\/1F1I: (\d+) schedules/m.exec(stdout) ?? [];
      const runs = ["--runs", String(Number(drawn) + 2_000), "--json"];
      const whole = await mmreplay(["fuzz", ...args.slice(0, -2), ...runs]);
      const resumed = spawnSync(process.execPath, [BIN, ...kept, "--resume", ...runs]);
      expect(resumed.stdout.toString()).toBe(whole.stdout);
    }
  });
});
