import { describe, it } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { mmreplay } from "../terminal.ts";
import {
  edited,
  expectFileRefused,
  expectHeld,
  expectRefused,
  expectUndecided,
  TINY,
  TINY_LINES,
} from "./refused.ts";

const bytes = (...codes: number[]): Buffer => Buffer.from(codes);
const swapped = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

describe("what is no text is refused by what it is", () => {
  it.each([
    ["an empty file", "", "E_EMPTY: found an empty file, expected the text of a recording."],
    ["only blank lines", "\n \n\t\r\n\n", "E_EMPTY: found nothing but blank lines"],
    ["an ELF file", elf(), "E_BINARY: found a program or kernel module (ELF)"],
    ["trace.dat", traceDat(), "E_TRACE_DAT: found a binary trace.dat of trace-cmd"],
    ["perf.data", "PERFILE2\x68\0\0\0", "E_PERF_DATA: found a binary perf.data"],
    ["the JSON of perf", '{"linux-perf-json-version": 1}', "E_PERF_JSON: found the JSON of perf"],
    [
      "random bytes",
      bytes(3, 0, 7, 255, 254, 0, 9),
      "E_BINARY: found a binary file (byte 1 is zero)",
    ],
    [
      "UTF-16 with its mark",
      Buffer.from(`\ufeff${TINY}`, "utf16le"),
      "E_UTF16: found text in UTF-16",
    ],
    ["UTF-16, big end first", swapped(`\ufeff${TINY}`), "E_UTF16: found text in UTF-16"],
    ["UTF-16 without a mark", Buffer.from(TINY, "utf16le"), "Convert it with: iconv -f UTF-16LE"],
    ["carriage returns only", TINY.replaceAll("\n", "\r"), "E_LINE_END: found lines that end in a"],
    ["a short text of that kind", "a\rb\rc", "Convert it with: tr '\\r' '\\n' < FILE > trace.txt"],
    ["one long line", "x".repeat(3_000_000), "E_LINE_END: found no line end in 65536 bytes"],
    ["prose", "Dear list,\n\nhello\n", 'E_FORMAT: found line 1: "Dear list,", expected text of'],
    ["hostile prose", "\x1b]0;gone\x07\n", 'E_FORMAT: found line 1: "\\x1b]0;gone\\x07"'],
    [
      "a picture",
      bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
      'E_FORMAT: found line 1: "\\x89PNG"',
    ],
  ])("%s", async (_, content, sentence) => {
    await expectFileRefused(content, sentence);
  });
});

describe("every command names the file that is refused", () => {
  const COMMANDS: readonly (readonly string[])[] = [
    ["check"],
    ["replay"],
    ["import", "-o", scratch("never.jsonl")],
    ["show", "--at", "0"],
    ["diagram", "--at", "0"],
  ];
  const FILES: readonly (readonly [string, string | Buffer])[] = [
    ["E_EMPTY", ""],
    ["E_BINARY", bytes(3, 0, 7)],
    ["E_TRACE_DAT", traceDat()],
    ["E_LINE_END", TINY.replaceAll("\n", "\r")],
    ["E_FORMAT", "Dear list,\n\nhello\n"],
    ["E_LAYOUT", "10445 1 682932267677 type: 190\n".repeat(4)],
    ["E_NO_EVENTS", TINY_LINES.slice(0, 12).join("\n")],
  ];

  it.each(FILES)("%s", async (code, content) => {
    const file = scratch(`${code}.txt`, content);
    for (const [name = "", ...rest] of COMMANDS) {
      expectRefused(await mmreplay([name, file, ...rest]), `${file}: ${code}: found `);
      const piped = await mmreplay([name, "-", ...rest], { stdin: [Buffer.from(content)] });
      expectRefused(piped, `-: ${code}: found `);
    }
  });
});

describe("text that is odd is read", () => {
  it.each([
    ["with a UTF-8 mark", `\ufeff${TINY}`],
    ["with carriage returns before the newlines", TINY.replaceAll("\n", "\r\n")],
    ["with blank lines at its end", `${TINY}\n\n\n`],
    ["with notes before its head", `# kernel 6.1, run 3\n${TINY}`],
  ])("%s", async (_, content) => {
    await expectHeld(content);
  });
});

describe("a line that is no text costs that line", () => {
  const late = (text: string): Buffer => edited((line, at) => (at === 1500 ? text : line));

  it.each([
    ["zeros in the first block", edited((line, at) => (at === 30 ? "\0".repeat(64) : line))],
    ["zeros in a later block", late("\0".repeat(64))],
    ["a line of a megabyte", edited((line, at) => (at === 100 ? line + "y".repeat(1e6) : line))],
    ["random bytes", late("\xff\xfe\x01\x02 \x9b31m")],
    ["a carriage return in the middle", late(TINY_LINES[1500]?.replace("-", "\r-") ?? "")],
  ])("%s", async (_, content) => {
    await expectUndecided(content, /the file has 1932.* 1 line could not be read/);
  });
});

function elf(): Buffer {
  return Buffer.concat([bytes(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0), Buffer.alloc(56)]);
}

function traceDat(): Buffer {
  return Buffer.concat([bytes(0x17, 0x08, 0x44), Buffer.from("tracing6\0")]);
}
