import {
  decodeEvent,
  decodeHeader,
  encodeEvent,
  encodeHeader,
  eventIndex,
  type JournalHeader,
  type MmEvent,
  mirrorId,
  taskId,
} from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryEvent, oneOfEach } from "./arbitrary-event.ts";

const HEADER: JournalHeader = {
  mmreplay: "journal",
  version: 1,
  kind: "recording",
  kernel: "6.1",
  seqModulus: 16,
  clock: { unit: "ns", base: "7.123456" },
  source: "trace.txt",
};

const reversed = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).reverse()) as T;

describe("encoding a journal", () => {
  it("an event of every type comes back as it was", () => {
    fc.assert(
      fc.property(oneOfEach, (events) => {
        for (const event of events) {
          expect(decodeEvent(encodeEvent(event), "run.jsonl", event.index)).toEqual(event);
        }
      }),
      { seed: 20261125, numRuns: 20 },
    );
  });

  it("equal events are equal lines, whatever the order of their properties", () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        expect(encodeEvent(reversed(event))).toBe(encodeEvent(event));
      }),
      { seed: 20261125 },
    );
  });

  it("a line is printable ASCII and ends with its only newline", () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        expect(encodeEvent(event)).toMatch(/^[\x20-\x7e]+\n$/);
      }),
      { seed: 20261125 },
    );
  });

  it("index, type and task come first, undefined properties nowhere", () => {
    const event = {
      goto: undefined,
      mirror: mirrorId(1),
      type: "driver_lock",
      task: taskId(3),
      at: 5,
      index: eventIndex(0),
    } as const;
    expect(encodeEvent(event)).toBe(
      '{"index":0,"type":"driver_lock","task":3,"at":5,"mirror":1}\n',
    );
  });

  it("a name that is no ASCII is escaped", () => {
    const event: MmEvent = {
      index: eventIndex(0),
      type: "task_start",
      task: taskId(0),
      name: "caf\u00e9\u009b\ud83d\ude00",
    };
    expect(encodeEvent(event)).toContain('"name":"caf\\u00e9\\u009b\\ud83d\\ude00"');
  });

  it("a header comes back as it was", () => {
    expect(decodeHeader(encodeHeader(HEADER), "run.jsonl")).toEqual(HEADER);
    expect(encodeHeader(reversed(HEADER))).toBe(encodeHeader(HEADER));
  });

  it("an event that no reader would take is refused", () => {
    const entries = Array.from({ length: 9000 }, (_, page): [number, number] => [page, 1]);
    const event = { index: 7, type: "handle_mm_fault", task: 0, mm: 0, entries } as MmEvent;
    expect(() => encodeEvent(event)).toThrow("E_JOURNAL_LINE: found event 7 (handle_mm_fault)");
  });
});
