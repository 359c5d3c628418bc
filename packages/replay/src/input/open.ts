/**
 * One input as a stream of its bytes.
 *
 * Files, FIFOs and standard input are read alike. When the user interrupts, the stream ends instead
 * of failing: what was read is then reported, and the reader sees from the signal that it is not all.
 */
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { withoutMark } from "./byte-order-mark.ts";
import { decompressed } from "./compressed.ts";
import { STDIN } from "./expand.ts";
import { readError } from "./file-error.ts";

/** Bytes that are read at once. */
const CHUNK_BYTES = 256 * 1024;

/** The last piece of an interrupted stream: its reader looks at the signal once more. */
const NOTHING = new Uint8Array(0);

/**
 * The decompressed bytes of a file, or of standard input for `-`.
 *
 * @throws SimError `E_NOT_FOUND`, `E_PERMISSION`, `E_DIRECTORY`, `E_GZIP`, `E_COMPRESSION`,
 * `E_UTF16` or `E_READ`, each at the file.
 */
export async function* openInput(
  file: string,
  stdin: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    const bytes = untilAborted(file === STDIN ? stdin : bytesOf(file), signal);
    yield* withoutMark(decompressed(bytes));
  } catch (error) {
    if (!signal?.aborted) throw readError(file, error);
  }
  if (signal?.aborted) yield NOTHING;
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, "r");
  let ahead: Promise<Uint8Array> | undefined;
  try {
    // The next bytes of a file are read while the reader works on these; those of a FIFO may never come.
    const isFile = (await handle.stat()).isFile();
    for (;;) {
      const piece = await (ahead ?? pieceOf(handle));
      if (piece.length === 0) return;
      ahead = isFile ? pieceOf(handle) : undefined;
      yield piece;
    }
  } finally {
    await ahead?.catch(() => {});
    await handle.close();
  }
}

async function pieceOf(handle: FileHandle): Promise<Uint8Array> {
  const { bytesRead, buffer } = await handle.read({ buffer: Buffer.allocUnsafe(CHUNK_BYTES) });
  return buffer.subarray(0, bytesRead);
}

/** Ends when the signal comes, even while the source is waiting for bytes. */
async function* untilAborted(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (signal === undefined) return yield* source;
  const iterator = source[Symbol.asyncIterator]();
  let wake: () => void = () => {};
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  // A race with one promise for the whole stream would keep every piece alive until its end.
  const nextOrAborted = () =>
    new Promise<IteratorResult<Uint8Array> | undefined>((resolve, reject) => {
      wake = () => resolve(undefined);
      iterator.next().then(resolve, reject);
    });
  try {
    while (!signal.aborted) {
      const next = await nextOrAborted();
      if (next === undefined || next.done) break;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // A read that is still waiting would hold this up for ever: it is left behind.
    const closed = iterator.return?.();
    if (signal.aborted) closed?.catch(() => {});
    else await closed;
  }
}
