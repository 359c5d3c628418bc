/**
 * One grammar: what is read by comparing bytes is what the general reader reads, whatever the lines.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBothWays } from "../support/both-readings.ts";
import { bytesOf, mutants, runs, TEXTS } from "../support/fuzzing.ts";

const HOURS = 3_600_000;

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

const VALUES = [
  ...[
    "0x0",
    "0x7f00",
    "7",
    "a",
    "a=b",
    "0xffff88802f45c198",
    "é\xa0",
    "x\ty",
    "\x00",
    "[m]",
    "(f)",
  ],
  ...['"x y"', '"k=v"', '"', "{0x1,0x2}", "{", "a,", ",", "", "f+0x1/0x2 [m]", "a [m] b", "x\r"],
  ...["a".repeat(31), "b".repeat(32), "c".repeat(33), `${"d".repeat(40)},`, "1 b=2", "1 mm=3"],
];
const BODIES = [
  ...["insert: (f+0x0/0x70) sub=§ mm=§", "insert_ret: (g+0x8/0x70 <- f) ret=§", "x: a=§ a=§"],
  ...["x: (f a=§) a=§", "x: §", "x: word a=§ b=§", "x: (f) a=§ word", "__proto__: __proto__=§ b=§"],
  ...["tracing_mark_write: §", "sys_x(a: §)", "x: (f+0x0/0x9 [m]) aa=§ bb=§ cc=§", "x:a=§"],
];
const HEADS = [
  ...["          stress-193     [001] .....    ", "          stress-193     [001] ...1.    "],
  ...["            a b-7       [1023] d..1. ", "           x-1 -2     (    193) [000] ..... "],
  ...["          stress-193     [001]  ", "          stress-193     [001] ", "x-193 [001] ..... "],
];
const TIMES = [
  ...["14.888814: ", "14.888815: ", " 1795372070.443787123: ", "15.5: ", "15.: ", "1234: "],
  ...[
    "123456789012.5: ",
    "16.1234567890: ",
    "16.888814:",
    "16.888814 ",
    "99999999999.1: ",
    "000000000014.8: ",
  ],
];

const line = fc
  .tuple(
    fc.constantFrom(...HEADS),
    fc.constantFrom(...TIMES),
    fc.constantFrom(...BODIES),
    fc.infiniteStream(fc.constantFrom(...VALUES)),
  )
  .map(([head, time, body, values]) => {
    const rest = values[Symbol.iterator]();
    return head + time + body.replace(/§/g, () => rest.next().value as string);
  });

/** A few lines that come again and again, and their ends. */
const text = fc
  .tuple(
    fc.uniqueArray(line, { minLength: 1, maxLength: 8 }),
    fc.array(fc.nat(99), { minLength: 4, maxLength: 24 }),
    fc.constantFrom("\n", "\r\n"),
  )
  .map(([lines, order, end]) => order.map((at) => `${lines[at % lines.length]}${end}`).join(""));

function expectTheSame(bytes: Uint8Array, format: "ftrace" | "ftrace-latency", size: number): void {
  expect(readBothWays(format, bytes, size).difference).toBeUndefined();
}

const FORMATS = fc.constantFrom("ftrace", "ftrace-latency");

describe("a line that is like an earlier one", () => {
  it("is what the general reader reads, with any values", { timeout: HOURS }, () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), FORMATS, (lines, format) => {
        expectTheSame(latin1(`${lines.join("\n")}\n`), format, 1 << 20);
      }),
      runs(200),
    );
  });

  it("is what the general reader reads, when few lines repeat", { timeout: HOURS }, () => {
    fc.assert(
      fc.property(text, FORMATS, fc.integer({ min: 1, max: 700 }), (one, format, size) => {
        expectTheSame(latin1(one), format, size);
      }),
      runs(200),
    );
  });

  it("is what the general reader reads, after a mutation of it", { timeout: HOURS }, () => {
    fc.assert(
      fc.property(mutants(TEXTS), FORMATS, (mutant, format) => {
        const whole = latin1(`${mutant.lines.join("\n")}\n`);
        expectTheSame(Buffer.concat([whole, bytesOf(mutant)]), format, 1 << 20);
      }),
      runs(200),
    );
  });
});
