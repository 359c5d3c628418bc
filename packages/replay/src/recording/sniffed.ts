/**
 * The format of a stream of bytes, from its beginning, without losing that beginning.
 */
import {
  IMPORT_FORMATS,
  type ImportFormat,
  SimError,
  SNIFF_BYTES,
  sniffFormat,
} from "@mmreplay/events";

/** A stream whose format is known. */
export interface Sniffed {
  readonly format: ImportFormat;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Decides the format of a stream, unless the caller names it.
 *
 * @throws SimError when the content is no known format, or the named one does not exist.
 */
export async function sniffed(
  bytes: AsyncIterable<Uint8Array>,
  named: string | undefined,
): Promise<Sniffed> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  while (!ended && length < SNIFF_BYTES) {
    const next = await iterator.next();
    if (next.done === true) ended = true;
    else {
      first.push(next.value);
      length += next.value.length;
    }
  }
  const format = named === undefined ? sniffFormat(Buffer.concat(first)) : namedFormat(named);
  return { format, chunks: rest(first, iterator, ended) };
}

function namedFormat(name: string): ImportFormat {
  const format = IMPORT_FORMATS.find((known) => known === name);
  if (format !== undefined) return format;
  throw new SimError({
    code: "E_FORMAT",
    found: `--format ${name}`,
    expected: `one of ${IMPORT_FORMATS.join(", ")}`,
    action: "Leave --format out to have the content decide.",
  });
}

async function* rest(
  first: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
  ended: boolean,
): AsyncGenerator<Uint8Array> {
  yield* first;
  if (ended) return;
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return;
    yield next.value;
  }
}
