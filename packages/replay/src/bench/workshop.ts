/**
 * Programs that are measured as processes of their own: where they are compiled, and what one run used.
 *
 * The product's searches are run so, too, when they stand beside another program, so that the start of
 * node counts and memory is that of one search. What a process used is told by child-usage.c, under
 * which each of them runs.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Usage } from "./benchmark.ts";

/** A run that ended well. */
export interface Finished {
  readonly stdout: string;
  readonly usage: Usage;
}

/** A folder with compiled programs. */
export interface Workshop {
  readonly folder: string;
  /** Runs a program that is only a preparation, in the folder. */
  prepare(command: string, args: readonly string[]): Promise<void>;
  /** Runs a program that is measured, where the user stands. */
  run(command: string, args: readonly string[]): Promise<Finished>;
  discard(): void;
}

/** Opens a workshop; programs end when the signal is aborted. */
export async function openWorkshop(signal: AbortSignal): Promise<Workshop> {
  const folder = mkdtempSync(join(tmpdir(), "mmreplay-bench-"));
  const watcher = join(folder, "child-usage");
  const workshop: Workshop = {
    folder,
    async prepare(command, args) {
      await outcomeOf(command, args, { cwd: folder, signal });
    },
    async run(command, args) {
      const { stdout, usage } = await outcomeOf(watcher, [command, ...args], { signal });
      const [userMicroseconds = Number.NaN, kilobytes = Number.NaN] = usage.split(" ").map(Number);
      return { stdout, usage: { userMs: userMicroseconds / 1000, memoryMb: kilobytes / 1024 } };
    },
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
  try {
    await workshop.prepare("gcc", ["-O2", "-o", watcher, WATCHER_SOURCE]);
  } catch (error) {
    workshop.discard();
    throw error;
  }
  return workshop;
}

const WATCHER_SOURCE = fileURLToPath(new URL("../../src/bench/child-usage.c", import.meta.url));

/** Whether a program of this name can be started. */
export async function isInstalled(command: string): Promise<boolean> {
  const child = spawn(command, ["--version"], { stdio: "ignore" });
  return new Promise((resolve) => {
    child.on("error", () => resolve(false));
    child.on("close", () => resolve(true));
  });
}

interface Setting {
  readonly cwd?: string;
  readonly signal: AbortSignal;
}

interface Outcome {
  readonly stdout: string;
  /** What was written to descriptor 3. */
  readonly usage: string;
}

/** Runs a program to its end; rejects when it cannot be started, is ended, or does not end with 0. */
async function outcomeOf(
  command: string,
  args: readonly string[],
  setting: Setting,
): Promise<Outcome> {
  const child = spawn(command, args, { ...setting, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const [, out, err, third] = child.stdio as unknown as [null, Readable, Readable, Readable];
  const code = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const [ended, stdout, stderr, usage] = await Promise.all([
    code,
    text(out),
    text(err),
    text(third),
  ]);
  if (ended !== 0) {
    throw new Error(`${[command, ...args].join(" ")} ended with ${ended}: ${stderr || stdout}`);
  }
  return { stdout, usage };
}
