/**
 * The data in the page's two script elements, which no browser runs.
 */
import { PAGE_VERSION, type PageHead } from "../../src/view/page-head.ts";

/** Characters that are unpacked at once: a multiple of four. */
const PIECE_CHARACTERS = 256 * 1024;

/**
 * The head.
 *
 * @throws Error when the page has none, or one of another version.
 */
export function readHead(): PageHead {
  const text = document.getElementById("head")?.textContent ?? "";
  if (text === "") throw new Error("This page has no data: mmreplay view FILE -o page.html");
  const head = JSON.parse(text) as PageHead;
  if (head.schemaVersion !== PAGE_VERSION) {
    throw new Error(`This page has data of version ${head.schemaVersion}, not ${PAGE_VERSION}.`);
  }
  return head;
}

/** The journal's text, piece by piece; each is unpacked when it is asked for. */
export function readJournal(): ReadableStream<string> {
  const text = document.getElementById("journal")?.textContent ?? "";
  let at = 0;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (at >= text.length) controller.close();
        else controller.enqueue(bytesOf(text.slice(at, at + PIECE_CHARACTERS)));
        at += PIECE_CHARACTERS;
      },
    },
    { highWaterMark: 1 },
  );
  return packed.pipeThrough(new DecompressionStream("gzip")).pipeThrough(new TextDecoderStream());
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
