import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  builtInProfile,
  EVENT_TYPES,
  OWN_EVENTS,
  ROLES,
  resolveProfile,
  VOCABULARY,
} from "@mmreplay/events";
import { describe, expect, it } from "vitest";

const PROBES = new URL("../../../../../shared/traces/probes/", import.meta.url);
const VECTORS = new URL("../../../../../shared/vectors/", import.meta.url);

const listedProbes = VOCABULARY.flatMap((row) => row.probes);
const listedOps = [...VOCABULARY, ...OWN_EVENTS].flatMap((row) => row.ops);

/** Names of the probes that the recorders define, `_ret` included. */
function definedProbes(): Set<string> {
  const names = new Set<string>();
  for (const file of readdirSync(PROBES).filter((name) => name.endsWith(".txt"))) {
    const text = readFileSync(new URL(file, PROBES), "utf8");
    for (const [, name] of text.matchAll(/^[pr]\d*:\w+\/(\w+) /gm)) names.add(name ?? "");
  }
  return names;
}

/** Names of the steps of all vectors. */
function recordedOps(): Set<string> {
  const ops = new Set<string>();
  for (const file of readdirSync(VECTORS).filter((name) => name.endsWith(".gz"))) {
    const text = gunzipSync(readFileSync(new URL(file, VECTORS))).toString("latin1");
    for (const [, op] of text.matchAll(/^\{"t":"step".*?"op":"(\w+)"/gm)) ops.add(op ?? "");
  }
  return ops;
}

describe("the vocabulary", () => {
  it("every event type is in one row, or is named as the product's own", () => {
    const events = [
      ...VOCABULARY.flatMap((row) => row.events),
      ...OWN_EVENTS.map((own) => own.event),
    ];
    expect(events.toSorted()).toEqual(EVENT_TYPES.toSorted());
  });

  it("a probe is in one row", () => {
    expect(listedProbes.length).toBe(new Set(listedProbes).size);
  });

  it("every row has an event or a probe, and names no op twice", () => {
    for (const row of VOCABULARY) {
      expect(row.events.length + row.probes.length, row.kernel).toBeGreaterThan(0);
      expect(row.ops.length, row.kernel).toBe(new Set(row.ops).size);
    }
  });

  it("every probe of the test driver's profile is listed, and every role is one of them", () => {
    const listed = new Set(listedProbes);
    const { probes } = resolveProfile(builtInProfile("test_hmm"));
    for (const probe of probes.keys()) expect(listed, probe).toContain(probe);
    const roles = new Set([...probes.values()].map(({ role }) => role));
    expect(ROLES.filter((role) => !roles.has(role))).toEqual([]);
  });

  it.skipIf(!existsSync(PROBES))("the probes are those that the recorders define", () => {
    expect(listedProbes.toSorted()).toEqual([...definedProbes()].sort());
  });

  it.skipIf(!existsSync(VECTORS))("the ops are those of the conformance vectors", () => {
    expect([...new Set(listedOps)].sort()).toEqual([...recordedOps()].sort());
  });
});
