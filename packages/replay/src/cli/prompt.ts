/**
 * The lines of a session: typed at a prompt, with history and completion, or read from a pipe.
 */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { DebugSession } from "../debug/session.ts";
import type { Io } from "./io.ts";

/** The lines, until the input ends, `quit` is said or the user interrupts. */
export async function* linesOf(session: DebugSession, io: Io): AsyncGenerator<string> {
  const terminal = io.stdout.isTTY && process.stdin.isTTY === true;
  const reading = createInterface({
    input: terminal ? process.stdin : Readable.from(io.stdin),
    ...(terminal ? { output: process.stdout, completer: completer(session) } : {}),
    terminal,
  });
  const stop = (): void => reading.close();
  io.signal.addEventListener("abort", stop, { once: true });
  // In raw mode the terminal sends Ctrl-C as a character.
  reading.on("SIGINT", stop);
  try {
    prompt();
    for await (const line of reading) {
      yield line;
      if (session.ended) return;
      prompt();
    }
  } finally {
    io.signal.removeEventListener("abort", stop);
    reading.close();
  }

  function prompt(): void {
    if (!terminal) return;
    reading.setPrompt(session.prompt);
    reading.prompt();
  }
}

const completer =
  (session: DebugSession) =>
  (line: string): [string[], string] => [session.complete(line), line];
