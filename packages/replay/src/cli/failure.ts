/**
 * Errors on their way to the user: one sentence on stderr, no stack unless `--debug`.
 *
 * This module is loaded by every command, `--help` included, so it tells a `SimError` by its name and
 * does not load the package that defines it (and zod with it).
 */
import type { SimError } from "@mmreplay/events";
import { harmless, harmlessLines } from "./harmless.ts";
import type { Io } from "./io.ts";

/** A mistake in the arguments that the command itself finds. */
export class UsageError extends Error {}

/** What a file's error looks like in `--json`. */
export interface FailureRecord {
  readonly code: string;
  readonly message: string;
}

/** Whether the error is one that a user made or met. */
export function isSimError(error: unknown): error is SimError {
  return error instanceof Error && error.name === "SimError" && "parts" in error;
}

/** The error's code and sentence; anything unexpected is an internal error, at `file`. */
export function failureRecord(error: unknown, file: string): FailureRecord {
  if (isSimError(error)) {
    const located = error.parts.place === undefined ? error.at(file) : error;
    return { code: located.parts.code, message: located.message };
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: "E_INTERNAL",
    message: `${file}: E_INTERNAL: mmreplay itself failed: ${text}. Run it again with --debug and report what it prints.`,
  };
}

/** Prints the sentence of a record, and with `--debug` where it came from. */
export async function printFailure(
  io: Io,
  record: FailureRecord,
  error: unknown,
  debug: boolean,
): Promise<void> {
  const stack = debug && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  await io.stderr.write(`${harmless(record.message)}\n${harmlessLines(stack)}`);
}
