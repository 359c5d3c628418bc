/**
 * Writes a page: the journal is gzipped while it is read, and goes out as base64 when the head is known.
 */
import { once } from "node:events";
import { createGzip } from "node:zlib";
import type { CheckOptions } from "../recording/check-options.ts";
import { collectPage } from "./collect.ts";
import { pageFrame } from "./page.ts";
import { PAGE_VERSION } from "./page-head.ts";
import { readTemplate } from "./template.ts";

/** Base64 is made of pieces of so many bytes: a multiple of three. */
const PIECE_BYTES = 3 * 64 * 1024;
/** Journal text that is compressed at once. */
const PIECE_CHARACTERS = 256 * 1024;

/** What a page is made of. */
export interface PageSource {
  readonly file: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly options: CheckOptions;
  readonly writtenBy: string;
  readonly signal: AbortSignal;
}

/**
 * Writes the page of a file; answers false, with nothing written, when it was interrupted.
 *
 * @throws SimError when the file cannot be read.
 */
export async function writePage(
  { file, bytes, options, writtenBy, signal }: PageSource,
  write: (text: string) => void,
): Promise<boolean> {
  const gzip = createGzip({ level: 9 });
  const packed: Buffer[] = [];
  gzip.on("data", (piece: Buffer) => packed.push(piece));
  let pending = "";
  const flush = (): void => {
    gzip.write(pending);
    pending = "";
  };
  const collected = await collectPage(
    file,
    bytes,
    options,
    (line) => {
      pending += line;
      if (pending.length >= PIECE_CHARACTERS) flush();
    },
    signal,
  );
  if (signal.aborted) return false;
  flush();
  gzip.end();
  await once(gzip, "end");
  const { before, after } = pageFrame(readTemplate(collected.header), {
    schemaVersion: PAGE_VERSION,
    writtenBy,
    ...collected,
  });
  write(before);
  const journal = Buffer.concat(packed);
  for (let at = 0; at < journal.length; at += PIECE_BYTES) {
    write(journal.toString("base64", at, at + PIECE_BYTES));
  }
  write(after);
  return true;
}
