/**
 * The lines of a session: typed at a prompt, with history and completion, or read from a pipe.
 *
 * At a terminal Ctrl-C is a word to the session, not the end of the process: it stops what is searched, else clears the
 * line that is half typed, and only where there is none it ends the session.
 */
import { createInterface, type Interface } from "node:readline";
import { Readable } from "node:stream";
import type { DebugSession } from "../debug/session.ts";
import type { Io } from "./io.ts";

/** Where lines come from. */
export class Prompt {
  /** Somebody types the lines. */
  readonly isTerminal: boolean;
  readonly #session: DebugSession;
  readonly #io: Io;
  /** The last line is still being carried out. */
  #busy = false;
  #interrupted = false;
  #left = false;

  constructor(session: DebugSession, io: Io) {
    this.#session = session;
    this.#io = io;
    this.isTerminal = io.stdout.isTTY && process.stdin.isTTY === true;
  }

  /** What is searched for the last line is to stop. */
  get interrupted(): boolean {
    return this.#interrupted || this.#io.signal.aborted;
  }

  /** The session ended with Ctrl-C. */
  get left(): boolean {
    return this.#left || this.#io.signal.aborted;
  }

  /** The lines, until the input ends, `quit` is said or the user leaves. */
  async *lines(): AsyncGenerator<string> {
    const reading = createInterface({
      input: this.isTerminal ? process.stdin : Readable.from(this.#io.stdin),
      ...(this.isTerminal ? { output: process.stdout, completer: completer(this.#session) } : {}),
      terminal: this.isTerminal,
    });
    const stop = (): void => reading.close();
    this.#io.signal.addEventListener("abort", stop, { once: true });
    // In raw mode the terminal sends Ctrl-C as a character.
    reading.on("SIGINT", () => this.#ctrlC(reading));
    try {
      this.#show(reading);
      for await (const line of reading) {
        this.#interrupted = false;
        this.#busy = true;
        yield line;
        this.#busy = false;
        if (this.#session.ended) return;
        this.#show(reading);
      }
    } finally {
      this.#io.signal.removeEventListener("abort", stop);
      reading.close();
    }
  }

  #ctrlC(reading: Interface): void {
    if (this.#busy) {
      this.#interrupted = true;
    } else if (reading.line === "") {
      this.#left = true;
      reading.close();
    } else {
      reading.write(null, { ctrl: true, name: "e" });
      reading.write(null, { ctrl: true, name: "u" });
    }
  }

  #show(reading: Interface): void {
    if (!this.isTerminal) return;
    reading.setPrompt(this.#session.prompt);
    reading.prompt();
  }
}

const completer =
  (session: DebugSession) =>
  (line: string): [string[], string] => [session.complete(line), line];
