/**
 * The mark that editors and shells of other systems put before a text.
 *
 * In UTF-8 it says nothing and is dropped: it would push the first line's columns aside. UTF-16 (what
 * PowerShell's `>` writes) is refused with the command that converts it.
 */
import { SimError } from "@mmreplay/events";

const UTF8 = [0xef, 0xbb, 0xbf];

/**
 * The bytes without a UTF-8 mark at their beginning.
 *
 * @throws SimError `E_UTF16` when the mark is one of UTF-16.
 */
export async function* withoutMark(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  for await (const piece of source) {
    if (head === undefined) {
      yield piece;
      continue;
    }
    head = head.length === 0 ? piece : Buffer.concat([head, piece]);
    if (head.length < UTF8.length) continue;
    yield afterMark(head);
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield afterMark(head);
}

function afterMark(head: Uint8Array): Uint8Array {
  if (UTF8.every((code, at) => head[at] === code)) return head.subarray(UTF8.length);
  const [first, second] = head;
  const little = first === 0xff && second === 0xfe;
  if (!little && !(first === 0xfe && second === 0xff)) return head;
  throw new SimError({
    code: "E_UTF16",
    found: "text in UTF-16",
    expected: "text in ASCII or UTF-8",
    action: "Convert it with: iconv -f UTF-16 -t UTF-8 FILE > trace.txt",
  });
}
