import { gzipSync } from "node:zlib";
import { describe, it } from "vitest";
import { expectFileRefused, expectHeld, TINY, TINY_GZ } from "./refused.ts";

const whole = gzipSync(TINY);
const text = Buffer.from(TINY);

describe("compressed input that is refused", () => {
  it.each([
    ["gzip that was cut", TINY_GZ.subarray(0, 5000), "E_GZIP: found a gzip stream that ends early"],
    ["gzip without its last bytes", TINY_GZ.subarray(0, -8), "that ends early"],
    ["gzip that was cut in its head", TINY_GZ.subarray(0, 5), "that ends early"],
    ["gzip with a damaged block", Buffer.from(TINY_GZ).fill(0xaa, 3000, 3100), "a damaged gzip"],
    [
      "gzip with text behind it",
      Buffer.concat([whole, Buffer.from("and more text behind it")]),
      "E_GZIP: found a damaged gzip stream",
    ],
    [
      "gzip with a few bytes behind it",
      Buffer.concat([whole, Buffer.from("xy")]),
      "E_GZIP: found a damaged gzip stream",
    ],
    [
      "gzip with zeros and then text behind it",
      Buffer.concat([whole, Buffer.alloc(9), Buffer.from("text")]),
      "E_GZIP: found other bytes behind the end of a gzip stream",
    ],
    [
      "gzip with a second member that was cut",
      Buffer.concat([whole, whole.subarray(0, 4000)]),
      "that ends early",
    ],
    ["gzip inside gzip", gzipSync(TINY_GZ), "E_BINARY: found gzip inside gzip"],
    ["gzip of nothing", gzipSync(""), "E_EMPTY: found an empty file"],
    [
      "zstd",
      Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 4, 0, 0),
      "E_COMPRESSION: found zstd-compressed data",
    ],
    ["xz", Buffer.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0), "Pipe it through: xz -dc FILE |"],
    ["bzip2", Buffer.from("BZh91AY&SY"), "found bzip2-compressed data"],
    ["lz4", Buffer.of(0x04, 0x22, 0x4d, 0x18, 0x64, 0x40), "found lz4-compressed data"],
  ])("%s", async (_, bytes, sentence) => {
    await expectFileRefused(bytes, sentence);
  });
});

describe("compressed input that is read", () => {
  const members = [text.subarray(0, 50_000), text.subarray(50_000, 50_001), text.subarray(50_001)];

  it.each([
    ["several members", Buffer.concat(members.map((part) => gzipSync(part)))],
    ["with an empty member", Buffer.concat([gzipSync(""), whole, gzipSync("")])],
    ["filled up with zeros, as on a tape", Buffer.concat([whole, Buffer.alloc(10_240)])],
    ["with a name and a comment in its head", named(whole)],
  ])("gzip of %s", async (_, bytes) => {
    await expectHeld(bytes);
  });
});

/** The same gzip with the optional fields FNAME and FCOMMENT. */
function named(gzip: Buffer): Buffer {
  const head = Buffer.from(gzip.subarray(0, 10));
  head[3] = 0x18;
  return Buffer.concat([head, Buffer.from("trace\0note\0"), gzip.subarray(10)]);
}
