/**
 * What a command's definition gets besides the program: the edge of the process and a place for its
 * exit code.
 *
 * A definition is syntax and one action. The action loads what it needs when it runs, so that
 * `--help` starts without it.
 */
import { type Command, InvalidArgumentError } from "commander";
import type { Io } from "./io.ts";

/** One run of the command line. */
export interface Session {
  readonly io: Io;
  /** Errors are printed with their stack. */
  readonly debug: boolean;
  /** Wraps an action: its exit code becomes the program's. */
  action<A extends unknown[]>(act: (...args: A) => Promise<number>): (...args: A) => Promise<void>;
}

/** Adds one command to the program. */
export type Define = (program: Command, session: Session) => void;

/** Reads a natural number from an option; `least` is the smallest that makes sense. */
export function natural(least = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      const most = Number.MAX_SAFE_INTEGER;
      const range = value > most ? `from ${least} to ${most}` : `from ${least}`;
      throw new InvalidArgumentError(`Expected a whole number ${range}.`);
    }
    return value;
  };
}

/** Reads a list that is separated by commas, and adds to what the option was given before. */
export function list(text: string, before: readonly string[] = []): string[] {
  const items = text.split(",").map((item) => item.trim());
  return [...before, ...items.filter((item) => item !== "")];
}
