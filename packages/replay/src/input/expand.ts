/**
 * The files that the arguments of a command name, in the order in which they are given.
 *
 * A name that exists is taken as it stands, wildcards included; only then it is read as a pattern.
 * What cannot be opened stays in the list, because every file is processed and reports for itself.
 */
import { access } from "node:fs/promises";
import { SimError } from "@mmreplay/events";
import { glob, hasWildcard } from "./glob.ts";

/** The name of standard input. */
export const STDIN = "-";

/** One input: a file, or why the argument names none. */
export type Input = { readonly file: string; readonly error?: SimError };

/** Turns arguments into inputs; a pattern without a match becomes an input with its error. */
export async function expandInputs(args: readonly string[]): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const argument of args) inputs.push(...(await inputsOf(argument, inputs)));
  return inputs;
}

async function inputsOf(argument: string, before: readonly Input[]): Promise<Input[]> {
  if (argument === STDIN) {
    const twice = before.some(({ file }) => file === STDIN);
    return [twice ? { file: STDIN, error: stdinTwice() } : { file: STDIN }];
  }
  if (!hasWildcard(argument) || (await exists(argument))) return [{ file: argument }];
  const files = await glob(argument);
  if (files.length > 0) return files.map((file) => ({ file }));
  return [{ file: argument, error: noMatch(argument) }];
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function stdinTwice(): SimError {
  return new SimError({
    code: "E_STDIN_TWICE",
    place: STDIN,
    found: "standard input named twice",
    expected: "it once",
    action: "Its bytes can be read only once.",
  });
}

function noMatch(pattern: string): SimError {
  return new SimError({
    code: "E_NO_MATCH",
    place: pattern,
    found: "no file that matches",
    expected: "at least one",
    action: "Check the pattern: * and ? match within one path segment, not a leading dot.",
  });
}
