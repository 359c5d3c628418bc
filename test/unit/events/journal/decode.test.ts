import { decodeEvent, decodeHeader, EVENT_TYPES, SimError } from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryEvent } from "./arbitrary-event.ts";

const RANGE_START = {
  index: 0,
  task: 1,
  type: "mmu_notifier_invalidate_range_start",
  mm: 0,
  region: 0,
  start: "0x00007f1000000000",
  end: "0x00007f1000002000",
  event: "UNMAP",
  blockable: true,
  owner: null,
};

const HEADER = {
  mmreplay: "journal",
  version: 1,
  kind: "run",
  kernel: "6.1",
  seqModulus: 16,
};

/** The sentence with which a line is refused. */
function refusal(value: unknown, index = 0): string {
  const line = typeof value === "string" ? value : JSON.stringify(value);
  return sentence(() => decodeEvent(line, "run.jsonl", index));
}

function headerRefusal(value: unknown): string {
  const line = typeof value === "string" ? value : JSON.stringify(value);
  return sentence(() => decodeHeader(line, "run.jsonl"));
}

function sentence(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SimError) return error.message;
    throw error;
  }
  return "accepted";
}

describe("decoding an event", () => {
  it("an unknown type is answered with the nearest known one, at its line", () => {
    expect(refusal({ index: 416, task: 0, type: "mm_creat", mm: 0 }, 416)).toBe(
      'run.jsonl:418: E_EVENT_TYPE: found the event type "mm_creat", expected a "type" that is ' +
        `one of the ${EVENT_TYPES.length} known ones. Did you mean "mm_create"?`,
    );
    expect(refusal({ index: 0 })).toContain("E_EVENT_TYPE: found no event type");
    expect(refusal([])).toContain("E_EVENT_TYPE: found no event type");
  });

  it("an empty range asks whether its end was inclusive", () => {
    expect(refusal({ ...RANGE_START, end: RANGE_START.start })).toBe(
      'run.jsonl:2: E_RANGE_EMPTY: found "mmu_notifier_invalidate_range_start" with start ' +
        "0x00007f1000000000 = end 0x00007f1000000000, expected a half-open range that is not " +
        "empty. Did the exporter write an inclusive end?",
    );
  });

  it("an inverted range is refused, one up to ULONG_MAX is not", () => {
    expect(refusal({ ...RANGE_START, end: "0x0000000000001000" })).toContain("after end");
    expect(refusal({ ...RANGE_START, end: "0xffffffffffffffff" })).toBe("accepted");
  });

  it("a gap and a repetition of the index are refused", () => {
    expect(refusal({ ...RANGE_START, index: 5 }, 4)).toBe(
      'run.jsonl:6: E_JOURNAL_INDEX: found "index" 5, expected 4, as events count from 0 ' +
        "without gaps. Was a line removed or added? Write the journal again.",
    );
    expect(refusal({ ...RANGE_START, index: 3 }, 4)).toContain("E_JOURNAL_INDEX");
  });

  it("a wrong field is named with its value and what was expected", () => {
    const field = (change: object) => refusal({ ...RANGE_START, ...change });
    expect(field({ end: "0x1" })).toContain(
      'found "end": "0x1" in "mmu_notifier_invalidate_range_start", expected 0x and 16 lower-case hex digits.',
    );
    expect(field({ event: "UNMP" })).toContain('EXCLUSIVE. Did you mean "UNMAP"?');
    expect(field({ mm: 1.5 })).toContain('found "mm": 1.5 in');
    expect(field({ mm: undefined })).toContain('found no "mm" in');
    expect(field({ task: -1 })).toContain("expected a number from 0 on");
    expect(field({ mm: 2 ** 60 })).toContain("expected a number up to 9007199254740991");
    expect(field({ evidence: [3, 0] })).toContain('found "evidence.1": 0 in');
  });

  it("an unknown field is answered with the nearest known one", () => {
    expect(refusal({ ...RANGE_START, blockabel: true })).toContain(
      'found an unknown field "blockabel" in "mmu_notifier_invalidate_range_start", expected the fields',
    );
    expect(refusal({ ...RANGE_START, blockabel: true })).toContain('Did you mean "blockable"?');
  });

  it("what is no JSON object is shown cut and printable", () => {
    expect(refusal('{"a\u001b[31m')).toContain(
      'E_JOURNAL_JSON: found text that is not JSON ("{"a\\x1b[31m")',
    );
    expect(refusal("")).toContain("E_JOURNAL_JSON: found an empty line");
    expect(refusal("3")).toContain("E_EVENT_FIELD: found 3, expected an object");
    expect(refusal({ ...RANGE_START, event: `\u001b${"x".repeat(999)}` })).not.toContain("\u001b");
  });

  it("a damaged line is refused with a sentence or is still an event", () => {
    fc.assert(
      fc.property(arbitraryEvent, fc.nat(), fc.jsonValue(), (event, at, value) => {
        const keys = Object.keys(event);
        const key = keys[at % keys.length] ?? "index";
        refusal({ ...event, [key]: value }, event.index);
      }),
      { seed: 20261125 },
    );
  });

  it("a cut line is refused with a sentence", () => {
    fc.assert(
      fc.property(arbitraryEvent, fc.nat(), (event, at) => {
        const line = JSON.stringify(event);
        expect(refusal(line.slice(0, at % line.length), event.index)).toContain("E_JOURNAL_JSON");
      }),
      { seed: 20261125 },
    );
  });
});

describe("decoding a header", () => {
  it("a newer version says what to read it with", () => {
    expect(headerRefusal({ mmreplay: "journal", version: 2, news: true })).toBe(
      "run.jsonl:1: E_JOURNAL_VERSION: found a journal of version 2, expected version 1. " +
        "Read it with the mmreplay that wrote it, or a newer one.",
    );
  });

  it("something else than a journal is refused", () => {
    expect(headerRefusal("# tracer: nop")).toContain("run.jsonl:1: E_JOURNAL_JSON");
    expect(headerRefusal({ index: 0 })).toContain('expected the header {"mmreplay":"journal",...}');
    expect(headerRefusal("null")).toContain("E_JOURNAL_HEADER");
    expect(headerRefusal({ ...HEADER, version: 0 })).toContain('found "version": 0');
  });

  it("an odd modulus, an unknown kernel and an unknown field are refused", () => {
    expect(headerRefusal({ ...HEADER, seqModulus: 5 })).toContain("expected a multiple of 2");
    expect(headerRefusal({ ...HEADER, kernel: "2.4" })).toContain('expected "6.1"');
    expect(headerRefusal({ ...HEADER, sed: 1 })).toContain('Did you mean "seed"?');
    expect(headerRefusal(HEADER)).toBe("accepted");
  });
});
