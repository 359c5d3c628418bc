/**
 * Mutated journals, vectors and profiles, and journals of arbitrary events: a report or a refusal.
 */
import {
  decodeProfile,
  EVENT_TYPES,
  encodeEvent,
  encodeHeader,
  eventIndex,
  type MmEvent,
  readVectorLine,
  SimError,
} from "@mmreplay/events";
import { Conformance, checkBytes, foldBytes, importBytes } from "@mmreplay/replay";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ANY_EVENT } from "../support/arbitrary-event.ts";
import { bytesOf, mutants, orRefusal, runs } from "../support/fuzzing.ts";
import { mutated } from "../support/mutation.ts";
import { inChunks, recordingBytes } from "../support/recordings.ts";
import { COPIED_FILES, vectorText } from "../support/vectors.ts";

const HOURS = 3_600_000;
const HEADER = encodeHeader({
  mmreplay: "journal",
  version: 1,
  kind: "run",
  kernel: "6.1",
  seqModulus: 16,
});
const RECORDED = ["good-stress_tiny", "BUG_noseq-stress_nodelay", "good-mrelease"].map(
  (name) => `cust61-${name}.txt.gz`,
);
const journals: string[][] = [];

beforeAll(async () => {
  for (const name of RECORDED) {
    const lines: string[] = [];
    await importBytes(name, inChunks(recordingBytes(name)), {}, (line) => void lines.push(line));
    journals.push(lines.map((line) => line.trimEnd()));
  }
}, HOURS);

/** The index of each line, so that a mutation elsewhere is what is looked at. */
function numbered(lines: readonly string[]): string[] {
  return lines.map((line, at) => line.replace(/^\{"index":\d+,/, `{"index":${at},`));
}

async function expectReportOrRefusal(journal: string): Promise<void> {
  const bytes = Buffer.from(journal, "latin1");
  const options = { format: "journal" };
  const report = await orRefusal(() => checkBytes("x", inChunks(bytes), options));
  const fold = await orRefusal(() => foldBytes("x", inChunks(bytes), options));
  for (const answer of [report, fold]) {
    if (answer instanceof SimError) expect(answer.message).toMatch(/^x:\d+: [^\n]+$/);
  }
  if (report instanceof SimError) return;
  expect(["held", "violated", "undecided"]).toContain(report.verdict);
}

describe("a mutated journal", () => {
  it("is checked and folded, or refused at its line", { timeout: HOURS }, async () => {
    await fc.assert(
      fc.asyncProperty(mutants(journals), fc.boolean(), async ({ lines, mutations }, renumber) => {
        const [first = ""] = journals[0] ?? [];
        const body = lines.filter((line) => line !== first);
        const changed = mutated(numbered(body), mutations);
        const events = renumber ? numbered(changed) : changed;
        await expectReportOrRefusal(`${[first, ...events].join("\n")}\n`);
      }),
      runs(400),
    );
  });
});

describe("a journal of arbitrary events", () => {
  const any = fc.constantFrom(...EVENT_TYPES).chain((type) => {
    const arbitrary = ANY_EVENT.get(type);
    if (arbitrary === undefined) throw new Error(`no arbitrary for ${type}`);
    return arbitrary;
  });

  it("is checked and folded, or refused at its line", { timeout: HOURS }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(any, fc.boolean()), { maxLength: 12 }), async (drawn) => {
        const lines = drawn.map(([event, small], index) => {
          const near = small ? (withSmallIds(event) as MmEvent) : event;
          return encodeEvent({ ...near, index: eventIndex(index) });
        });
        await expectReportOrRefusal(HEADER + lines.join(""));
      }),
      runs(400),
    );
  });
});

/** The same event with ids and numbers near 0, as a legal run has them. */
function withSmallIds(value: unknown): unknown {
  if (typeof value === "number") return value < 0 ? value : value % 3;
  if (Array.isArray(value)) return value.map(withSmallIds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withSmallIds(one)]));
}

describe("mutated vectors", () => {
  it("are compared or refused", { timeout: HOURS }, () => {
    const texts = COPIED_FILES.map((name) => vectorText(name).trimEnd().split("\n"));
    fc.assert(
      fc.property(mutants(texts), (mutant) => {
        const conformance = new Conformance();
        try {
          for (const line of bytesOf(mutant).toString("latin1").trimEnd().split("\n")) {
            conformance.line(readVectorLine(line));
          }
        } catch (error) {
          if (!(error instanceof SimError)) throw error;
        }
      }),
      runs(200),
    );
  });
});

describe("a mutated profile", () => {
  const PROFILE = [
    '{"name":"mine","title":"t","checkedOn":["6.1"],"extends":"core",',
    '"probes":{"a":{"role":"invalidate","fields":{"sub":"notifier","cur_seq":"seq"}},',
    '"b":{"role":"context"}},',
    '"mirror":{"sub":24,"pt":8,"dmirror":0},"updateEndInclusive":true}',
  ];

  it("is a profile or refused", { timeout: HOURS }, () => {
    fc.assert(
      fc.property(mutants([PROFILE]), (mutant) => {
        try {
          decodeProfile(bytesOf(mutant).toString("latin1"), "p.json");
        } catch (error) {
          if (!(error instanceof SimError)) throw error;
          expect(error.message).toMatch(/^p\.json: [^\n]+$/);
        }
      }),
      runs(400),
    );
  });
});
