import { describe, expect, it } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { jsonOf, mmreplay } from "../terminal.ts";
import { checked, expectFileRefused, expectHarmless, expectRefused } from "./refused.ts";

const HEADER = '{"mmreplay":"journal","version":1,"kind":"run","kernel":"6.1","seqModulus":16}\n';
const CREATE = '{"index":0,"type":"mm_create","task":0,"mm":0}\n';
const created = (fields: string): string => `${HEADER}{"index":0,"type":"mm_create",${fields}}\n`;
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("a journal is refused at its line", () => {
  it.each([
    [
      "of a newer version",
      HEADER.replace(":1,", ":2,"),
      ":1: E_JOURNAL_VERSION: found a journal of",
    ],
    ["with a gap", HEADER + CREATE.replace("0", "1"), ':2: E_JOURNAL_INDEX: found "index" 1'],
    ["with an event twice", HEADER + CREATE + CREATE, ':3: E_JOURNAL_INDEX: found "index" 0'],
    [
      "of a type that is not known",
      created('"task":0,"mm":0').replace("create", "craete"),
      ':2: E_EVENT_TYPE: found the event type "mm_craete", expected a "type" that is one of the',
    ],
    ["without a type", `${HEADER}{"index":0}\n`, ":2: E_EVENT_TYPE: found no event type"],
    [
      "with a field too many",
      created('"task":0,"mm":0,"x":1'),
      'E_EVENT_FIELD: found an unknown field "x"',
    ],
    ["with a field too few", created('"task":0'), 'E_EVENT_FIELD: found no "mm" in "mm_create"'],
    ["with a negative id", created('"task":0,"mm":-1'), 'E_EVENT_FIELD: found "mm": -1'],
    ["with the number 1e400", created('"task":0,"mm":1e400'), 'E_EVENT_FIELD: found "mm": null'],
    ["with half an id", created('"task":0,"mm":0.5'), "expected an integer"],
    [
      "with an event that cannot happen",
      created('"task":0,"mm":9007199254740991'),
      ":2: event 0 (mm_create): E_ILLEGAL_EVENT: found the id mm9007199254740991",
    ],
    [
      "that was cut",
      (HEADER + CREATE).slice(0, -10),
      ":2: E_JOURNAL_JSON: found text that is not JSON",
    ],
    ["with an empty line", `${HEADER}\n${CREATE}`, ":2: E_JOURNAL_JSON: found an empty line"],
    ["with a line that is no object", `${HEADER}null\n`, ":2: E_EVENT_FIELD: found null"],
    ["without its header", CREATE, ":1: E_JOURNAL_HEADER: found"],
    [
      "with an unknown header field",
      HEADER.replace("}", ',"x":1}'),
      'E_JOURNAL_HEADER: found an unknown field "x"',
    ],
    ["with a modulus of 10^300", HEADER.replace("16", "1e300"), "E_JOURNAL_HEADER: found"],
    ["that is an array", `[${CREATE.trim()}]\n`, "E_FORMAT: found line 1"],
    [
      "that is not UTF-8",
      Buffer.concat([Buffer.from(HEADER), Buffer.of(0x7b, 0xff, 0x7d, 0x0a)]),
      ":2: E_JOURNAL_JSON: found bytes that are not UTF-8",
    ],
  ])("%s", async (_, content, sentence) => {
    await expectFileRefused(content, sentence);
  });
});

describe("a journal that is a bomb is refused", () => {
  it.each([
    ["30,000 arrays in each other", `${HEADER}${nested(30_000)}\n`, ":2: E_EVENT_TYPE"],
    [
      "the same in a field",
      created(`"task":0,"mm":${nested(30_000)}`),
      'E_EVENT_FIELD: found "mm": [[[…]]]',
    ],
    ["the same in an unknown field", created(`"task":0,"mm":0,"x":${nested(30_000)}`), 'field "x"'],
    ["the same in the header", HEADER.replace(":1,", `:${nested(30_000)},`), "E_JOURNAL_HEADER"],
    [
      "a string of 50 MB",
      created(`"task":0,"mm":"${"x".repeat(50e6)}"`),
      "E_JOURNAL_LINE: found a line",
    ],
    [
      "a string of 10,000 escapes",
      created(`"task":0,"mm":"${"\\u001b".repeat(10_000)}"`),
      'E_EVENT_FIELD: found "mm": "\\x1b',
    ],
    [
      "4,000 keys",
      created(Array.from({ length: 4000 }, (_, n) => `"k${n}":${n}`).join(",")),
      "E_EVENT_FIELD",
    ],
  ])("%s", async (_, content, sentence) => {
    await expectFileRefused(content, sentence);
  });
});

describe("keys of the prototype are keys", () => {
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "%s in an event",
    async (key) => {
      await expectFileRefused(
        created(`"task":0,"mm":0,"${key}":{"polluted":1}`),
        `unknown field "${key}"`,
      );
      expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    },
  );

  it.each(["__proto__", "constructor"])("%s as a type and as a field of a probe", async (key) => {
    await expectFileRefused(created('"task":0').replace("mm_create", key), `type "${key}"`);
    const probe = `{"index":0,"type":"probe","task":0,"name":"${key}","edge":"entry","fields":{"${key}":"1"},"mapped":false}\n`;
    const outcome = await checked(HEADER + probe);
    expectHarmless(outcome);
    expect(outcome.exit).toBe(3);
  });
});

it("a header alone is a journal without events, and undecided", async () => {
  expect(await checked(HEADER)).toMatchObject({ exit: 3, stderr: "" });
});

it.each(["replay", "show", "import"])(
  "%s refuses the same journals in the same words",
  async (name) => {
    const file = scratch("gap.jsonl", HEADER + CREATE.replace("0", "1"));
    const rest =
      { replay: [], show: ["--at", "0"], import: ["-o", scratch("gap.out")] }[name] ?? [];
    const outcome = await mmreplay([name, file, ...rest]);
    expectRefused(outcome, ':2: E_JOURNAL_INDEX: found "index" 1');
    expect(outcome.stdout).toBe("");
  },
);

it("vectors are bounded and refused alike", async () => {
  const long = scratch("long.jsonl", `{"t":"exec","x":"${"x".repeat(5_000_000)}"}\n`);
  const deep = scratch("deep.jsonl", `{"t":${nested(30_000)}}\n`);
  const outcome = await mmreplay(["conform", "--json", long, deep]);
  expectHarmless(outcome);
  expect(outcome.exit).toBe(2);
  expect(jsonOf(outcome)["errors"]).toMatchObject([
    { code: "E_LINE_LENGTH" },
    { code: "E_VECTOR" },
  ]);
});
