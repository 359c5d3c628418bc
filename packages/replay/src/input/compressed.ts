/**
 * Compression, told by the first bytes and never by the name.
 *
 * gzip is read as a stream, so a recording of any size takes constant memory. What node 20 cannot
 * decompress is named, with the command that can. A gzip stream that ends early is refused: what it
 * lost is unknown, and a check of the rest would say more than the recording shows.
 */
import type { TransformOptions } from "node:stream";
import { createGunzip, type Gunzip, type ZlibOptions } from "node:zlib";
import { SimError } from "@mmreplay/events";

/** Decompressed bytes come in pieces of at most this size. */
const PIECE_BYTES = 256 * 1024;

/** As many pieces are decompressed while the reader is busy with earlier ones. */
const PIECES_AHEAD = 4;

/** A stream's own option, which the types of zlib leave out. */
const GUNZIP: ZlibOptions & Pick<TransformOptions, "readableHighWaterMark"> = {
  chunkSize: PIECE_BYTES,
  readableHighWaterMark: PIECES_AHEAD * PIECE_BYTES,
};

/** The longest magic number below. */
const MAGIC_BYTES = 6;

const NOTHING = new Uint8Array(0);

const GZIP = [0x1f, 0x8b];
const OTHERS: readonly (readonly [magic: readonly number[], name: string, command: string])[] = [
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd", "zstd -dc"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "xz", "xz -dc"],
  [[0x42, 0x5a, 0x68], "bzip2", "bzip2 -dc"],
  [[0x04, 0x22, 0x4d, 0x18], "lz4", "lz4 -dc"],
];

/**
 * The bytes, decompressed where they are gzip.
 *
 * @throws SimError `E_GZIP` when the gzip stream is cut or damaged, `E_COMPRESSION` for another kind.
 */
export async function* decompressed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const rest = source[Symbol.asyncIterator]();
  let waiting = false;
  try {
    const head = await firstBytes(rest);
    const other = OTHERS.find(([magic]) => beginsWith(head, magic));
    if (other !== undefined) throw unknownCompression(other[1], other[2]);
    const all = joined(head, rest);
    waiting = beginsWith(head, GZIP);
    if (waiting) yield* gunzipped(all);
    else yield* all;
  } finally {
    const closed = rest.return?.();
    // Bytes are taken ahead of the reader: a source that waits for some would hold its error up.
    if (waiting) closed?.catch(() => {});
    else await closed;
  }
}

/** At least as many bytes as the longest magic number has, or all that there are. */
async function firstBytes(rest: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = NOTHING;
  while (head.length < MAGIC_BYTES) {
    const next = await rest.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

async function* joined(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (;;) {
    const next = await rest.next();
    if (next.done) return;
    yield next.value;
  }
}

async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip(GUNZIP);
  const rest = source[Symbol.asyncIterator]();
  const feeding = feed(rest, gunzip);
  try {
    for await (const piece of gunzip) yield piece as Uint8Array;
    await refuseGarbage(await feeding, rest);
  } catch (error) {
    throw gzipError(error);
  } finally {
    gunzip.destroy();
    rest.return?.().catch(() => {});
  }
}

/** Gives the stream its bytes, piece by piece; answers what it has not taken of the last piece. */
async function feed(rest: AsyncIterator<Uint8Array>, gunzip: Gunzip): Promise<Uint8Array> {
  const over = new Promise<void>((resolve) => {
    gunzip.once("end", resolve).once("close", resolve);
  });
  let given = 0;
  try {
    for (;;) {
      const next = await rest.next();
      if (next.done) {
        gunzip.end();
        return NOTHING;
      }
      given += next.value.length;
      // It answers nothing once it has met the end of the stream before the end of the piece.
      await Promise.race([new Promise((taken) => gunzip.write(next.value, taken)), over]);
      const left = given - gunzip.bytesWritten;
      if (left > 0) return next.value.subarray(-left);
    }
  } catch (error) {
    gunzip.destroy(error as Error);
    return NOTHING;
  }
}

/** Behind the last member there may be zeros, with which tapes are filled up, and nothing else. */
async function refuseGarbage(left: Uint8Array, rest: AsyncIterator<Uint8Array>): Promise<void> {
  for (let bytes = left; ; ) {
    if (bytes.some((byte) => byte !== 0)) throw garbage();
    const next = await rest.next();
    if (next.done) return;
    bytes = next.value;
  }
}

function garbage(): SimError {
  return new SimError({
    code: "E_GZIP",
    found: "other bytes behind the end of a gzip stream",
    expected: "a whole gzip stream, or several",
    action: "Copy the file again, or check what can be read with zcat FILE | mmreplay check -",
  });
}

function gzipError(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "Z_BUF_ERROR" && code !== "Z_DATA_ERROR") return error;
  const cut = code === "Z_BUF_ERROR";
  return new SimError({
    code: "E_GZIP",
    found: cut ? "a gzip stream that ends early" : "a damaged gzip stream",
    expected: "a whole one",
    action: cut
      ? "The file was cut: copy it again, or check what is left with zcat FILE | mmreplay check -"
      : "Copy the file again.",
  });
}

function unknownCompression(name: string, command: string): SimError {
  return new SimError({
    code: "E_COMPRESSION",
    found: `${name}-compressed data`,
    expected: "text, or text in gzip",
    action: `Pipe it through: ${command} FILE | mmreplay check -`,
  });
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((code, at) => bytes[at] === code);
}
