import { describe, expect, it } from "vitest";
import { createClock } from "../../../../packages/events/src/import/clock.ts";
import { createKnownLines } from "../../../../packages/events/src/import/ftrace/known-lines.ts";
import { bytesOf, probesOf, read, readLine } from "./reading.ts";

const HEAD = "          stress-193     [001] .....    14.888814: ";
const LINE = `${HEAD}set_seq: (dmirror_set_seq+0x0/0x10 [test_hmm]) sub=0xffff88802f45c198 cur_seq=3`;

/** What is read by comparing bytes after one line was learned; undefined: it is left alone. */
function readAfter(learned: string, line: string) {
  const known = createKnownLines();
  const clock = { ...createClock(), baseText: "14.888814", high: 14, low: 888_814_000 };
  const body = learned.indexOf(": ") + 2;
  known.learn(learned, learned.search(/\d+\.\d+: /), body, readLine("ftrace", learned));
  return known.read(bytesOf(`${line}\n`), 0, 7, clock);
}

const changed = (from: string | RegExp, to: string): string => LINE.replace(from, to);

describe("a line whose head and body were seen before", () => {
  it("is read again, with another time and other values", () => {
    const line = changed("14.888814", "14.888817").replace("cur_seq=3", "cur_seq=31");
    expect(readAfter(LINE, line)).toEqual({
      ...readLine("ftrace", LINE),
      line: 7,
      at: 3000,
      fields: { sub: "0xffff88802f45c198", cur_seq: "31" },
    });
  });

  it("shares the fields with the line before when they are the same", () => {
    const known = createKnownLines();
    const clock = { ...createClock(), baseText: "14.888814", high: 14, low: 888_814_000 };
    known.learn(LINE, LINE.indexOf("14.8"), HEAD.length, readLine("ftrace", LINE));
    const bytes = bytesOf(`${LINE}\n${LINE}\n`);
    const first = known.read(bytes, 0, 1, clock);
    const second = known.read(bytes, known.end, 2, clock);
    expect(known.end).toBe(bytes.length);
    expect(second?.fields).toBe(first?.fields);
  });

  it("is left to the general reader when the clock counts ticks and the time has a point", () => {
    const ticks = LINE.replace("14.888814", "14888814");
    const events = probesOf(read("ftrace", `${ticks}\n${ticks}\n${LINE}\n${ticks}\n`, 4096));
    expect(events.map(({ line }) => line)).toEqual([1, 2, 4]);
  });

  it.each([
    ["another task", changed("stress-193", "stress-194")],
    ["another processor", changed("[001]", "[002]")],
    ["other flags", changed(".....", "d....")],
    ["another place", changed("+0x0/0x10", "+0x4/0x10")],
    ["a further argument", `${LINE} old_seq=1`],
    ["an argument less", changed(" cur_seq=3", "")],
    ["a value in quotes", changed("cur_seq=3", 'cur_seq="3"')],
    ["a value in braces", changed("cur_seq=3", "cur_seq={3}")],
    ["a value with a comma", changed("198 cur", "198, cur")],
    ["a value without text", changed("cur_seq=3", "cur_seq=")],
    ["a value with its module", changed("cur_seq=3", "cur_seq=3 [m]")],
    ["a carriage return", `${LINE}\r`],
    ["a time without a point", changed("14.888814", "14888814")],
    ["a time of too many digits", changed("14.888814", "14.8888140001")],
    ["seconds of too many digits", changed("14.888814", "000000000014.888814")],
  ])("is left to the general reader when it has %s", (_, line) => {
    expect(readAfter(LINE, line)).toBeUndefined();
  });
});
