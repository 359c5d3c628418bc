/**
 * A terminal for tests: runs a command line in this process and keeps what it wrote.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Io, Output } from "../../packages/replay/src/cli/io.ts";
import { run } from "../../packages/replay/src/cli/program.ts";

/** What a command line left behind. */
export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How it is run. */
export interface Setting {
  readonly stdin?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  readonly environment?: Io["environment"];
  readonly signal?: AbortSignal;
  readonly isTTY?: boolean;
}

interface Screen extends Output {
  readonly text: () => string;
}

function screen(isTTY: boolean): Screen {
  const parts: string[] = [];
  return {
    isTTY,
    closed: false,
    write: async (text) => void parts.push(text),
    text: () => parts.join(""),
  };
}

/** Runs `mmreplay` with these arguments. */
export async function mmreplay(args: readonly string[], setting: Setting = {}): Promise<Outcome> {
  const [stdout, stderr] = [screen(setting.isTTY ?? false), screen(setting.isTTY ?? false)];
  const given = setting.stdin ?? [];
  async function* stdin(): AsyncGenerator<Uint8Array> {
    yield* given;
  }
  const exit = await run(args, {
    stdout,
    stderr,
    stdin: stdin(),
    environment: setting.environment ?? {},
    signal: setting.signal ?? new AbortController().signal,
  });
  return { exit, stdout: stdout.text(), stderr: stderr.text() };
}

/** The one JSON object on standard output. */
export function jsonOf({ stdout }: Outcome): Record<string, unknown> & { files: JsonFile[] } {
  return JSON.parse(stdout);
}

/** What tests look at in a file's entry. */
export interface JsonFile {
  readonly file: string;
  readonly verdict?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly [field: string]: unknown;
}

/** The path of a recording that ships with the repository. */
export function trace(name: string): string {
  return join(import.meta.dirname, "../fixtures/traces", name);
}

/** The path of a vector file that ships with the repository. */
export function vectors(name: string): string {
  return join(import.meta.dirname, "../fixtures/vectors", name);
}

/** The bytes of a file. */
export function bytesOf(file: string): Buffer {
  return readFileSync(file);
}
