import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { probesOf, read, sample } from "./reading.ts";
import { type TwinEvent, twinOf } from "./twin.ts";

const NAMES = [
  "clock-local",
  "clock-tai",
  "clock-counter",
  "clock-x86-tsc",
  "tgid",
  "noirq-tgid",
  "noirq",
]
  .concat(["fields", "dynprobe", "stacktrace", "buffer-started", "pipe-lost", "clock-boot"])
  .map((name) => `ftrace-${name}.txt`);

const FIRST = "          stress-403     [002] .....    12.717856: insert: (f+0x0/0x9) a=1";

/** Both readings of a text, in the same form. */
function both(text: string) {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  const base = lines.map(twinOf).find((event) => event !== undefined);
  const twin = lines.flatMap((line, i) => {
    const event = twinOf(line);
    const at = event === undefined ? undefined : distance(event, base);
    return event === undefined || at === undefined ? [] : [{ ...seen(event), line: i + 1, at }];
  });
  const scanned = probesOf(read("ftrace", text, 64)).map((o) => ({
    ...seen({ ...o, fields: Object.entries(o.fields) }),
    line: o.line,
    at: o.at,
  }));
  return { twin, scanned };
}

function seen({ comm, task, cpu, probe, edge, fields, rest }: Omit<TwinEvent, "time" | "ticks">) {
  return { comm, task, cpu, probe, edge, fields, rest };
}

function distance(event: TwinEvent, base: TwinEvent | undefined): number | undefined {
  if (base === undefined || event.ticks !== base.ticks) return undefined;
  const at = Number(event.time - base.time);
  return Number.isSafeInteger(at) ? at : undefined;
}

const word = fc.constantFrom(
  "a",
  "start",
  "_x1",
  "0x7f00",
  "{0x1,0x2}",
  '"x y"',
  '"k=v"',
  '"',
  "(3)",
  "[m]",
  "->",
  "é\xa0",
  "=",
  ",",
  "{",
  "",
);
const value = fc.oneof(
  word,
  fc.tuple(word, word).map((pair) => pair.join(" ")),
  fc.tuple(word, word).map((pair) => pair.join("")),
);
const argument = fc
  .tuple(fc.constantFrom("a", "b", "mm", "sub_seq", "__proto__", "1a", ""), value)
  .map((pair) => pair.join("="));
const place = fc.constantFrom(
  "",
  "(f+0x0/0x70) ",
  "(f+0x8/0x70 [mod] <- g) ",
  "(ffff <- ffff)",
  "(f ",
  "() ",
);
const body = fc
  .tuple(
    fc.constantFrom(
      "insert:",
      "insert_ret:",
      "tracing_mark_write:",
      "sys_x",
      "<stack trace>",
      "f.isra.0:",
      "x",
      "{",
    ),
    fc.constantFrom(" ", "  ", ""),
    place,
    fc.array(fc.oneof(argument, word), { maxLength: 5 }),
  )
  .map(([name, gap, at, args]) => name + gap + at + args.join(" "));
const comm = fc
  .array(fc.constantFrom("a", "-", "1", " ", "[", "]", ":", "(", "\xff", "\x1b"), { maxLength: 15 })
  .map((characters) => characters.join("").padStart(16));
const head = fc
  .tuple(
    comm,
    fc.nat(99_999).map((pid) => `-${pid}`.padEnd(8)),
    fc.constantFrom("", "(  10448) ", "(-------) ", "( x) "),
    fc.constantFrom("[000] ", "[1023] ", "[] ", "[001]"),
    fc.constantFrom("", "d..1. ", "...1 ", "DBZff ", "12345 ", ".........", "-.N.1.2x "),
    fc.constantFrom(
      "    12.717856: ",
      "12.717856123: ",
      "   1234: ",
      " 1795372070.443787: ",
      "12.: ",
      "12.5:",
    ),
  )
  .map((parts) => parts.join(""));
const line = fc.tuple(head, body).map(([first, second]) => first + second);
const mutated = fc
  .tuple(
    line,
    fc.nat(60),
    fc.constantFrom("", " ", "-", "[", "]", ":", "7", ".", "\xa0"),
    fc.nat(2),
  )
  .map(([text, at, inserted, removed]) => text.slice(0, at) + inserted + text.slice(at + removed));

describe("the scanner and its naive twin", () => {
  it.each(NAMES)("say the same of %s", (name) => {
    const { twin, scanned } = both(Buffer.from(sample(name)).toString("latin1"));
    expect(scanned).toEqual(twin);
    expect(scanned.length).toBeGreaterThan(4);
  });

  it("say the same of random lines, whole or damaged", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(line, mutated), { minLength: 1, maxLength: 12 }), (lines) => {
        const { twin, scanned } = both([FIRST, ...lines].join("\n"));
        expect(scanned).toEqual(twin);
      }),
      { seed: 20261125, numRuns: 3000 },
    );
  });

  it("see events in most of those random lines", () => {
    const lines = fc.sample(line, { seed: 7, numRuns: 1000 });
    const events = lines.filter((text) => twinOf(text) !== undefined);
    expect(events.length).toBeGreaterThan(150);
  });
});
