/** The page makes texts of bytes as a decoder does. */
import { expect, it } from "vitest";
import { plainText } from "../../../packages/replay/viewer/load/plain-text.ts";

it.each([
  ["nothing", ""],
  ["a line", '{"type":"mmget","task":3}'],
  ["the first and the last character of one byte", "\u0000\u007f"],
  ["characters of several bytes", "\u0080 é 😀"],
  ["a long line", "a".repeat(4096)],
  ["a line too long for one call", "a".repeat(1_000_000)],
])("%s is read as it was written", (_, text) => {
  expect(plainText(new TextEncoder().encode(text))).toBe(text);
});
