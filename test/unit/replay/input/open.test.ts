import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { textLines } from "../../../../packages/replay/src/input/lines.ts";
import { openInput } from "../../../../packages/replay/src/input/open.ts";

const folder = mkdtempSync(join(tmpdir(), "mmreplay-open-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = "one\ntwo\n".repeat(1000);

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe("an input", () => {
  it.each([1, 2, 7, 100_000])(
    "is read whole, plain or gzip, in pieces of %d bytes",
    async (size) => {
      const plain = Buffer.from(TEXT);
      expect(await textOf(openInput("-", pieces(plain, size)))).toBe(TEXT);
      expect(await textOf(openInput("-", pieces(gzipSync(plain), size)))).toBe(TEXT);
    },
  );

  it("keeps no piece alive that was given away, however long it is", async () => {
    const megabyte = 2 ** 20;
    async function* long(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 512; count += 1) yield new Uint8Array(megabyte).fill(0x61);
    }
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for await (const _ of openInput("-", long(), new AbortController().signal)) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(most).toBeLessThan(256 * megabyte);
  });

  it("may be several gzip members, one after the other", async () => {
    const members = Buffer.concat([gzipSync("one\n"), gzipSync("two\n")]);
    expect(await textOf(openInput("-", pieces(members, 5)))).toBe("one\ntwo\n");
  });

  it("is told by its content, not by its name", async () => {
    const file = join(folder, "plain.gz");
    writeFileSync(file, "text\n");
    expect(await textOf(openInput(file, pieces(Buffer.of(), 1)))).toBe("text\n");
  });

  it("may be empty", async () => {
    expect(await textOf(openInput("-", pieces(Buffer.of(), 1)))).toBe("");
  });

  it.each([
    ["cut", gzipSync(TEXT).subarray(0, 40), "E_GZIP"],
    ["damaged", Buffer.from(gzipSync(TEXT)).fill(0xff, 12, 30), "E_GZIP"],
    ["cut after two bytes", Buffer.of(0x1f, 0x8b), "E_GZIP"],
    ["xz", Buffer.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2), "E_COMPRESSION"],
  ])("is refused at its place when it is %s", async (_, bytes, code) => {
    await expect(textOf(openInput("-", pieces(bytes, 10)))).rejects.toMatchObject({
      parts: { code, place: "-" },
    });
  });

  it("hands on what the reader did not cause", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("known\n");
      throw new Error("a bug");
    }
    await expect(textOf(openInput("-", broken()))).rejects.toThrow("a bug");
  });

  it("ends when the user interrupts, even while its source is waiting", async () => {
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("known\n");
      await new Promise(() => {});
    }
    const reading = textOf(openInput("-", endless(), controller.signal));
    setTimeout(() => controller.abort(), 10);
    expect(await reading).toBe("known\n");
  });
});

describe("lines of text", () => {
  const linesOf = async (text: string, size: number) => {
    const lines = [];
    for await (const line of textLines(pieces(Buffer.from(text), size))) lines.push(line);
    return lines;
  };

  it.each([1, 3, 100])("are numbered and whole, in pieces of %d bytes", async (size) => {
    expect(await linesOf("a\n\nzwölf\nlast", size)).toEqual([
      { number: 1, text: "a" },
      { number: 3, text: "zwölf" },
      { number: 4, text: "last" },
    ]);
  });
});
