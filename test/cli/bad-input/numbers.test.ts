import { expect, it } from "vitest";
import { checked, edited, expectHarmless, expectUndecided, TINY_LINES } from "./refused.ts";

const replaced = (pattern: RegExp, by: string): Buffer =>
  edited((line) => line.replace(pattern, by));
const once = (at: number, pattern: RegExp, by: string): Buffer =>
  edited((line, index) => (index === at ? line.replace(pattern, by) : line));

it.each([
  ["a sequence of 2^70", replaced(/ seq=\d+/, " seq=1180591620717411303424")],
  ["a negative sequence", replaced(/ cur_seq=\d+/, " cur_seq=-3")],
  ["a sequence in the middle of 2^64", replaced(/ sub_seq=\d+/, " sub_seq=9223372036854775808")],
  ["a sequence that is text", replaced(/ seq=\d+/, " seq=odd")],
  ["a sequence with a point", replaced(/ cur_seq=(\d+)/, " cur_seq=$1.5")],
  ["page number -1", replaced(/ pfn=0x[0-9a-f]+/, " pfn=-1")],
  ["page number 2^60", replaced(/ pfn=0x[0-9a-f]+/, " pfn=0x1000000000000000")],
  ["event 99", replaced(/ event=\d+/, " event=99")],
  ["event -1", replaced(/ event=\d+/, " event=-1")],
  ["flags that are text", replaced(/ flags=0x[0-9a-f]+/, " flags=blockable")],
  ["a start after its end", replaced(/ start=(\w+) end=(\w+)/, " start=$2 end=$1")],
  ["a start at its end", replaced(/ start=(\w+) end=\w+ flags/, " start=$1 end=$1 flags")],
  ["an address of 18 digits", replaced(/ start=0x\w+/, " start=0xffffffffffffffffff")],
  ["an address that is a word", replaced(/ end=0x\w+/, " end=nowhere")],
  ["a return code that is text", replaced(/ ret=-?\w+/, " ret=EBUSY")],
  ["a return code of 10^30", replaced(/ ret=-?\w+/, ` ret=1${"0".repeat(30)}`)],
])("%s everywhere makes lines unread and the file undecided", async (_, content) => {
  await expectUndecided(content, /\d+ lines? could not be read/);
});

it.each([
  ["a thread id of eleven digits", once(20, /^(.{16})-\d+ +/, "$1-99999999999 ")],
  ["a negative thread id", once(20, /^(.{16})-\d+ /, "$1--17 ")],
  ["processor 9999999", once(40, /\[00\d\]/, "[9999999]")],
  ["a time without digits", once(300, / \d+\.\d{6}: /, " .: ")],
  ["a time of 40 digits", once(300, / \d+\.\d{6}: /, ` ${"9".repeat(40)}.000001: `)],
])("%s makes its line unread", async (_, content) => {
  await expectUndecided(content, /the file has 1932.* 1 line could not be read/);
});

it("processor 4096 is a processor", async () => {
  const { exit } = await checked(edited((line) => line.replace(/\[00(\d)\]/, "[409$1]")));
  expect(exit).toBe(0);
});

it.each([
  ["once", 1],
  ["a hundred times", 100],
])("times that go backwards %s leave the order unknown", async (_, count) => {
  const content = edited((line, index) =>
    index >= 300 && index < 300 + 2 * count && index % 2 === 0
      ? line.replace(/ \d+\.\d{6}: /, " 1.000001: ")
      : line,
  );
  await expectUndecided(
    content,
    new RegExp(`${count} lines? came too late to be put in the order`),
  );
});

it("head counts beyond all numbers are a recording that was cut", async () => {
  const content = edited((line) => line.replace(/written: .*? /, `written: ${"9".repeat(30)}/1 `));
  expect(content.toString()).not.toBe(TINY_LINES.join("\n"));
  const outcome = await checked(content);
  expectHarmless(outcome);
  expect(outcome.exit).toBe(3);
});

it("counts of lost events beyond all numbers do no harm", async () => {
  const marker = `CPU:1 [LOST ${"9".repeat(400)} EVENTS]`;
  const outcome = await checked(edited((line, at) => (at === 900 ? `${marker}\n${line}` : line)));
  expectHarmless(outcome);
  expect(outcome.exit).toBe(3);
  expect(outcome.stdout).not.toMatch(/Infinity|NaN/);
});
