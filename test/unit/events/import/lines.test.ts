import { describe, expect, it } from "vitest";
import {
  createLineSplitter,
  LINE_LENGTH_MAX,
  latin1,
} from "../../../../packages/events/src/import/lines.ts";
import { bytesOf, read } from "./reading.ts";

function split(chunks: readonly string[]): [line: string, cut: boolean][] {
  const splitter = createLineSplitter();
  const lines: [string, boolean][] = [];
  const onLine = (line: string, cut: boolean) => void lines.push([line, cut]);
  for (const chunk of chunks) splitter.push(bytesOf(chunk), onLine);
  splitter.end(onLine);
  return lines;
}

const texts = (chunks: readonly string[]) => split(chunks).map(([line]) => line);

describe("lines of bytes", () => {
  it("a line may be spread over chunks", () => {
    expect(texts(["a", "b", "c\nd", "\n"])).toEqual(["abc", "d"]);
  });

  it("the last line needs no newline, and a newline at the end makes no line", () => {
    expect(texts(["a\nb"])).toEqual(["a", "b"]);
    expect(texts(["a\nb\n"])).toEqual(["a", "b"]);
    expect(texts([])).toEqual([]);
  });

  it("empty lines are lines", () => {
    expect(texts(["\n\na\n\n"])).toEqual(["", "", "a", ""]);
  });

  it("a carriage return before the newline is no part of the line, even in another chunk", () => {
    expect(texts(["a\r\nb\r", "\nc\rd\n"])).toEqual(["a", "b", "c\rd"]);
  });

  it("each byte is one character", () => {
    const bytes = Uint8Array.from({ length: 256 * 100 }, (_, i) => i % 256);
    const text = latin1(bytes);
    expect(text.length).toBe(bytes.length);
    expect([...text].every((c, i) => c.charCodeAt(0) === i % 256)).toBe(true);
  });

  it("a line longer than the bound is delivered once, cut, and the next one is read again", () => {
    const long = "x".repeat(LINE_LENGTH_MAX + 1);
    for (const chunks of [[`${long}${long}\nb\n`], [long, long, "y\n", "b"]]) {
      expect(split(chunks)).toEqual([
        ["x".repeat(LINE_LENGTH_MAX), true],
        ["b", false],
      ]);
    }
    expect(split([long])).toEqual([["x".repeat(LINE_LENGTH_MAX), true]]);
  });

  it("a line of exactly the bound is whole", () => {
    const longest = "x".repeat(LINE_LENGTH_MAX);
    expect(split([longest, "\n"])).toEqual([[longest, false]]);
  });

  it("an overlong line of a recording is one unread observation", () => {
    const { observations } = read(
      "ftrace",
      `${"x".repeat(3 * LINE_LENGTH_MAX)}\n# tracer: nop\n`,
      999,
    );
    expect(
      observations.map((o) => o.kind === "other" && [o.line, o.reason, o.text.length]),
    ).toEqual([
      [1, "unread", LINE_LENGTH_MAX],
      [2, "note", 13],
    ]);
  });
});
