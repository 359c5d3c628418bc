/**
 * Events are the only way in: the same events give the same state, and a journal gives the same events.
 */
import { isDeepStrictEqual } from "node:util";
import { emptyState, reduceInPlace, type State } from "@mmreplay/core";
import {
  canonical,
  createJournalReader,
  encodeEvent,
  encodeHeader,
  type MmEvent,
  stateHash,
} from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyRun, FIXED, played } from "../support/arbitrary-run.ts";

function fold(events: readonly MmEvent[]): State {
  const state = emptyState();
  for (const event of events) reduceInPlace(state, event);
  return state;
}

describe("replay", () => {
  it("of a run's events from the start gives the state of the run", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const run = played(one);
        expect(isDeepStrictEqual(fold(run.events), run.state)).toBe(true);
      }),
      FIXED,
    );
  });

  it("of the journal of a run gives its events and its state", () => {
    fc.assert(
      fc.property(anyRun, fc.integer({ min: 1, max: 300 }), (one, chunk) => {
        const run = played(one);
        const { seqModulus } = run.state;
        const header = {
          mmreplay: "journal",
          version: 1,
          kind: "run",
          kernel: "6.1",
          seqModulus,
        } as const;
        const journal = encodeHeader(header) + run.events.map(encodeEvent).join("");
        const bytes = new TextEncoder().encode(journal);
        const events: MmEvent[] = [];
        const sink = { header: () => {}, event: (event: MmEvent) => void events.push(event) };
        const reader = createJournalReader("run.jsonl");
        for (let at = 0; at < bytes.length; at += chunk)
          reader.push(bytes.subarray(at, at + chunk), sink);
        reader.end(sink);
        expect(isDeepStrictEqual(events, run.events)).toBe(true);
        expect(isDeepStrictEqual(fold(events), run.state)).toBe(true);
      }),
      { ...FIXED, numRuns: 30 },
    );
  });

  it("of the same choices gives the same events", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        expect(isDeepStrictEqual(played(one).events, played(one).events)).toBe(true);
      }),
      { ...FIXED, numRuns: 30 },
    );
  });
});

describe("the state", () => {
  it("is plain data that JSON keeps as it is", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const { state } = played(one);
        expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state);
      }),
      FIXED,
    );
  });

  it("has one canonical text and one hash, and others exactly when it changes", () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const state = emptyState();
        const hashes = new Map<string, string>();
        let before = { text: canonical(state), copy: structuredClone(state) };
        for (const event of played(one).events) {
          reduceInPlace(state, event);
          const text = canonical(state);
          expect(text === before.text).toBe(isDeepStrictEqual(state, before.copy));
          expect(canonical(JSON.parse(text))).toBe(text);
          const hash = stateHash(state);
          expect(hashes.get(hash) ?? text).toBe(text);
          hashes.set(hash, text);
          before = { text, copy: structuredClone(state) };
        }
      }),
      { ...FIXED, numRuns: 15 },
    );
  });
});
