/**
 * Mutations of text, as data: a failing input shrinks to a few of them and can be written down.
 */
import fc from "fast-check";

/** One change; numbers are taken modulo what there is. */
export type Mutation =
  | { readonly do: "byte"; readonly row: number; readonly at: number; readonly code: number }
  | { readonly do: "cut"; readonly row: number; readonly at: number; readonly length: number }
  | { readonly do: "put"; readonly row: number; readonly at: number; readonly text: string }
  | { readonly do: "number"; readonly row: number; readonly at: number; readonly text: string }
  | { readonly do: "swap"; readonly row: number; readonly at: number; readonly other: number }
  | { readonly do: "repeat"; readonly row: number; readonly times: number }
  | { readonly do: "grow"; readonly row: number; readonly at: number; readonly times: number }
  | { readonly do: "drop"; readonly row: number }
  | { readonly do: "join"; readonly row: number };

/** Numbers that are none, that do not fit, or that lie at a border. */
const NUMBERS = [
  ...["-1", "0", "1", "99", "4096", "4294967296", "9007199254740993", "18446744073709551615"],
  ...[
    "1180591620717411303424",
    "1e400",
    "-0",
    "NaN",
    "0x",
    "0xffffffffffffffff",
    "(fault)",
    "",
    "{}",
  ],
  ...["0xfffffffffffff000", "[]", '"text"', "null", "true", "1.5", "9".repeat(400)],
];

/** Text that means something to some reader. */
const TEXTS = [
  ...[
    "\n",
    "\r",
    "\0",
    "\x1b[2J",
    "\xff\xfe",
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    "=",
    ":",
    " -> ",
    " <- ",
  ],
  ...[
    "__proto__=1 ",
    '"__proto__":{"x":1},',
    "constructor=1 ",
    "# entries-in-buffer/entries-written: 1/9",
  ],
  ...[
    "CPU:1 [LOST 5 EVENTS]",
    "##### CPU 2 buffer started ####",
    "\t ffffffff81 f+0x1 (k)",
    "(",
    ")",
  ],
  ...[
    "        app-1       [000] .....     1.000001: release: (f+0x0/0x1) mm=0x1",
    "subs_seq=3",
    "ret=-16",
  ],
];

const row = fc.nat(63);
const at = fc.nat(400);

/** Any mutation. */
export const ANY_MUTATION: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ do: fc.constant("byte" as const), row, at, code: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ do: fc.constant("cut" as const), row, at, length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ do: fc.constant("put" as const), row, at, text: fc.constantFrom(...TEXTS) }),
  fc.record({ do: fc.constant("number" as const), row, at, text: fc.constantFrom(...NUMBERS) }),
  fc.record({ do: fc.constant("swap" as const), row, at, other: row }),
  fc.record({ do: fc.constant("repeat" as const), row, times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant("drop" as const), row }),
  fc.record({ do: fc.constant("join" as const), row }),
);

/** A mutation that makes a line long: rare, because it is slow to read. */
export const LONG_LINE: fc.Arbitrary<Mutation> = fc.record({
  do: fc.constant("grow" as const),
  row,
  at,
  times: fc.integer({ min: 100, max: 4000 }),
});

const TOKEN = /0x[0-9a-f]+|-?\d+(?:\.\d+)?/g;
const FIELD = /\w+"?[=:]\s?(?:"[^"]*"|[^\s,}]+)/g;

/** The lines after all mutations, one after the other. */
export function mutated(lines: readonly string[], mutations: readonly Mutation[]): string[] {
  const result = [...lines];
  for (const mutation of mutations) if (result.length > 0) apply(result, mutation);
  return result;
}

function apply(lines: string[], mutation: Mutation): void {
  const row = mutation.row % lines.length;
  const line = lines[row] ?? "";
  const at = "at" in mutation && line !== "" ? mutation.at % line.length : 0;
  switch (mutation.do) {
    case "byte":
      lines[row] = line.slice(0, at) + String.fromCharCode(mutation.code) + line.slice(at + 1);
      break;
    case "cut":
      lines[row] = line.slice(0, at) + line.slice(at + mutation.length);
      break;
    case "put":
      lines[row] = line.slice(0, at) + mutation.text + line.slice(at);
      break;
    case "number":
      lines[row] = withNth(line, TOKEN, mutation.at, () => mutation.text);
      break;
    case "swap": {
      const other = lines[mutation.other % lines.length]?.match(FIELD) ?? [];
      const put = other[mutation.at % Math.max(other.length, 1)];
      if (put !== undefined) lines[row] = withNth(line, FIELD, mutation.at, () => put);
      break;
    }
    case "grow":
      lines[row] =
        line.slice(0, at) + line.slice(at, at + 16).repeat(mutation.times) + line.slice(at);
      break;
    case "repeat":
      lines.splice(row, 0, ...Array.from({ length: mutation.times }, () => line));
      break;
    case "drop":
      lines.splice(row, 1);
      break;
    case "join":
      lines.splice(row, 2, line + (lines[row + 1] ?? ""));
      break;
  }
}

/** The line with one match, counted modulo all of them, replaced. */
function withNth(line: string, pattern: RegExp, index: number, by: () => string): string {
  const matches = [...line.matchAll(pattern)];
  const match = matches[index % Math.max(matches.length, 1)];
  if (match === undefined) return line;
  return line.slice(0, match.index) + by() + line.slice(match.index + match[0].length);
}
