/**
 * The `Io` of the real process.
 *
 * A closed pipe (`mmreplay check … | head`) is no error: writing stops, the exit code stays. The first
 * Ctrl-C aborts and lets the command print what it knows; the second one ends the process as usual.
 */
import type { Io, Output } from "./io.ts";

/** The process as an `Io`, and what must be undone when the command is over. */
export function processIo(): { io: Io; release: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    process.off("SIGINT", interrupt);
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  const io: Io = {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin: lazyStdin(),
    environment: process.env,
    signal: controller.signal,
  };
  const release = (): void => {
    process.off("SIGINT", interrupt);
    // A read of standard input that nobody waits for any more would keep the process alive.
    if (io.signal.aborted) process.stdin.destroy();
  };
  return { io, release };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  let closed = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    closed = true;
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
