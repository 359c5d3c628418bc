import {
  createJournalReader,
  encodeEvent,
  encodeHeader,
  type JournalHeader,
  type JournalLine,
  LINE_LENGTH_MAX,
  type MmEvent,
} from "@mmreplay/events";
import { describe, expect, it } from "vitest";

const HEADER: JournalHeader = {
  mmreplay: "journal",
  version: 1,
  kind: "run",
  kernel: "6.1",
  seqModulus: 16,
  scenario: "smoke",
  seed: 7,
};
const EVENTS = [
  { index: 0, type: "task_start", task: 0, name: "fault\u00e9" },
  { index: 1, type: "mm_create", task: 0, mm: 0 },
  { index: 2, type: "mmget", task: 0, mm: 0 },
] as MmEvent[];

const JOURNAL = encodeHeader(HEADER) + EVENTS.map(encodeEvent).join("");

function read(text: string | Uint8Array, chunkBytes = 5): (JournalHeader | MmEvent)[] {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const reader = createJournalReader("run.jsonl");
  const out: (JournalHeader | MmEvent)[] = [];
  const take = (one: JournalHeader | MmEvent) => void out.push(one);
  const sink = { header: take, event: take };
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    reader.push(bytes.subarray(at, at + chunkBytes), sink);
  }
  reader.end(sink);
  return out;
}

describe("reading a journal", () => {
  it.each([1, 5, 4096])("the header and the events come in order, in chunks of %i bytes", (n) => {
    expect(read(JOURNAL, n)).toEqual([HEADER, ...EVENTS]);
  });

  it("the last line needs no newline, and lines may end with a carriage return", () => {
    expect(read(JOURNAL.trimEnd())).toHaveLength(4);
    expect(read(JOURNAL.replaceAll("\n", "\r\n"))).toHaveLength(4);
  });

  it.each(["\n", "\r\n"])("a line says where its bytes are, if one chunk has them (%j)", (end) => {
    const bytes = new TextEncoder().encode(JOURNAL.replaceAll("\n", end));
    for (let n = 1; n < bytes.length; n += 1) {
      const reader = createJournalReader("run.jsonl");
      const lines: JournalLine[] = [];
      const sink = { header() {}, event: (_: MmEvent, line: JournalLine) => void lines.push(line) };
      for (const chunk of [bytes.subarray(0, n), bytes.subarray(n)]) reader.push(chunk, sink);
      reader.end(sink);
      expect(lines.map(({ text }) => `${text}\n`)).toEqual(EVENTS.map(encodeEvent));
      expect(lines.filter(({ place }) => place === undefined).length).toBeLessThanOrEqual(1);
      for (const { text, place } of lines) {
        if (place === undefined) continue;
        const { chunk, from, to } = place;
        expect(new TextDecoder().decode(chunk.subarray(from, to))).toBe(text);
      }
    }
  });

  it("a journal from elsewhere may be UTF-8", () => {
    const foreign = JOURNAL.replace("\\u00e9", "\u00e9 100% \ud83d\ude00");
    expect(read(foreign)[1]).toMatchObject({ name: "fault\u00e9 100% \ud83d\ude00" });
  });

  it("bytes that are not UTF-8 are refused at their line", () => {
    const bytes = new TextEncoder().encode(JOURNAL.replace("\\u00e9", "?"));
    bytes[bytes.indexOf("?".charCodeAt(0))] = 0xe9;
    expect(() => read(bytes)).toThrow(
      "run.jsonl:2: E_JOURNAL_JSON: found bytes that are not UTF-8",
    );
  });

  it("errors name the line", () => {
    expect(() => read(JOURNAL.replace("mmget", "mmgot"))).toThrow("run.jsonl:4: E_EVENT_TYPE");
    expect(() => read(`${JOURNAL}\n`)).toThrow("run.jsonl:5: E_JOURNAL_JSON: found an empty line");
  });

  it("a line without an end does not fill the memory", () => {
    const long = `${encodeHeader(HEADER)}{"index":0,"x":"${"y".repeat(LINE_LENGTH_MAX)}`;
    expect(() => read(long, 4096)).toThrow(
      "run.jsonl:2: E_JOURNAL_LINE: found a line of more than",
    );
  });

  it("an empty file is no journal, one without events is", () => {
    expect(() => read("")).toThrow("run.jsonl:1: E_JOURNAL_HEADER: found an empty file");
    expect(read(encodeHeader(HEADER))).toEqual([HEADER]);
  });
});
