/**
 * The `Io` of the real process.
 *
 * A closed pipe (`mmreplay check … | head`) is no error: writing stops, the exit code stays. The first
 * Ctrl-C aborts and lets the command print what it knows; the second one ends the process as usual.
 * What `timeout` and a closed terminal send does the same, so that no half of a file is left.
 */
import { constants } from "node:os";
import type { Io, Output } from "./io.ts";

const ENDINGS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The process as an `Io`. */
export interface ProcessIo {
  readonly io: Io;
  /** Why the output could not be written, if it could not: a full disk, not a closed pipe. */
  failure(): Error | undefined;
  /** The exit code of a command that a signal has ended, as shells number it. */
  interruptedExit(): number;
  /** Undoes what was done to the process, when the command is over. */
  release(): void;
}

/** Takes hold of the process. */
export function processIo(): ProcessIo {
  const controller = new AbortController();
  let ending: (typeof ENDINGS)[number] = "SIGINT";
  const interrupt = (signal: NodeJS.Signals): void => {
    ending = ENDINGS.find((known) => known === signal) ?? ending;
    leave();
    controller.abort();
  };
  const leave = (): void => {
    for (const signal of ENDINGS) process.off(signal, interrupt);
  };
  for (const signal of ENDINGS) process.on(signal, interrupt);
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
  };
  const io: Io = {
    stdout: outputOf(process.stdout, fail),
    stderr: outputOf(process.stderr, fail),
    stdin: lazyStdin(),
    environment: process.env,
    signal: controller.signal,
  };
  const release = (): void => {
    leave();
    // A read of standard input that nobody waits for any more would keep the process alive.
    if (io.signal.aborted) process.stdin.destroy();
  };
  const interruptedExit = (): number => 128 + constants.signals[ending];
  return { io, failure: () => failure, interruptedExit, release };
}

function outputOf(stream: NodeJS.WriteStream, fail: (error: Error) => void): Output {
  let closed = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code !== "EPIPE") fail(error);
  });
  return {
    isTTY: stream.isTTY === true,
    get closed() {
      return closed;
    },
    write: (text) =>
      new Promise((resolve) => {
        if (closed || text === "") resolve();
        else stream.write(text, () => resolve());
      }),
  };
}

/** Opens standard input only when it is read. */
async function* lazyStdin(): AsyncGenerator<Uint8Array> {
  yield* process.stdin as AsyncIterable<Uint8Array>;
}
