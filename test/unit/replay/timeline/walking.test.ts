/**
 * Long walks over a real recording: whichever way a moment is reached, its state is that of a replay from the start,
 * also where more steps back are made than were at hand.
 */
import { emptyState, patched, reduceInPlace } from "@mmreplay/core";
import { type MmEvent, stateHash } from "@mmreplay/events";
import { Subject } from "rxjs";
import { beforeAll, describe, expect, it } from "vitest";
import { openInput } from "../../../../packages/replay/src/input/open.ts";
import { findingsOf } from "../../../../packages/replay/src/timeline/findings.ts";
import { ObservableTimeline } from "../../../../packages/replay/src/timeline/frames.ts";
import {
  type OpenedTimeline,
  openTimeline,
} from "../../../../packages/replay/src/timeline/open.ts";
import { RunUp } from "../../../../packages/replay/src/timeline/run-up.ts";
import { Timeline } from "../../../../packages/replay/src/timeline/timeline.ts";
import { mmreplay, trace } from "../../../cli/terminal.ts";
import { scratch } from "../../../support/scratch.ts";

const FILE = trace("cust61-BUG_noretry_ignored-stress_delay.txt.gz");
const LENGTH = 5_000;

async function* nothing(): AsyncGenerator<Uint8Array> {}

describe("a walk over a recording", () => {
  let opened: OpenedTimeline;
  let timeline: Timeline;
  /** Hashes of the states: `hashes[n + 1]` is that after event n. */
  const hashes: string[] = [];

  beforeAll(async () => {
    opened = await openTimeline(FILE, openInput(FILE, nothing()));
    timeline = new Timeline(emptyState(opened.timeline.moment.state.seqModulus), undefined, 256);
    const state = emptyState(opened.timeline.moment.state.seqModulus);
    hashes.push(stateHash(state));
    for (let index = 0; index < LENGTH; index += 1) {
      const event = opened.timeline.eventAt(index);
      timeline.append(event);
      reduceInPlace(state, event);
      hashes.push(stateHash(state));
    }
  });

  const expectHere = (index: number): void => {
    expect(timeline.moment.index).toBe(index);
    expect(stateHash(timeline.moment.state)).toBe(hashes[index + 1]);
  };

  it("backwards over a thousand events is right at every one", () => {
    let at = timeline.seek(3_000).index;
    while (at > 2_000) {
      timeline.back();
      at -= 1;
      expectHere(at);
    }
  });

  it("to and fro about the place where the steps at hand end is right at every event", () => {
    timeline.seek(1_000);
    let at = 1_000;
    for (let round = 0; round < 12; round += 1) {
      for (let step = 0; step < 60; step += 1, at -= 1) timeline.back();
      expectHere(at);
      for (let step = 0; step < 35; step += 1, at += 1) timeline.next();
      expectHere(at);
    }
  });

  it("forwards over more events than ways back are kept, and back again, is right", () => {
    timeline.seek(100);
    for (let at = 101; at <= 4_800; at += 1) timeline.next();
    expectHere(4_800);
    for (let at = 4_799; at >= 300; at -= 1) {
      timeline.back();
      if (at % 50 === 0 || (at > 650 && at < 850)) expectHere(at);
    }
  });

  it("keeps a bounded number of ways back, however far it goes", () => {
    timeline.seek(-1);
    let most = 0;
    for (let at = 0; at < LENGTH; at += 1) {
      timeline.next();
      most = Math.max(most, timeline.stepsAtHand);
    }
    expect(most).toBeLessThanOrEqual(4096);
    expect(timeline.stepsAtHand).toBeGreaterThan(64);
    timeline.seek(0);
    expectHere(0);
  });

  it("prepares steps before the place where it is, also after a jump out of the middle of a run-up", () => {
    for (const [from, to] of [
      [3_000, 1_500],
      [1_500, 4_000],
      [4_000, 900],
    ] as const) {
      timeline.seek(from);
      for (let step = 1; step <= 10; step += 1) timeline.back();
      timeline.seek(to);
      for (let at = to - 1; at >= to - 200; at -= 1) {
        timeline.back();
        expectHere(at);
      }
    }
  });

  it("ends at the beginning, and goes no further", () => {
    timeline.seek(130);
    for (let at = 129; at >= -1; at -= 1) {
      timeline.back();
      expectHere(at);
    }
    timeline.back();
    expectHere(-1);
  });

  it("has the state of every moment about a checkpoint at hand", () => {
    for (const checkpoint of [255, 511, 1_023]) {
      for (const at of [checkpoint - 1, checkpoint, checkpoint + 1]) {
        expect(stateHash(timeline.stateAt(at))).toBe(hashes[at + 1]);
      }
    }
  });

  it("is made ready in pieces: a run-up reaches its moment, and gives every way back from there", () => {
    const eventAt = (index: number): MmEvent => opened.timeline.eventAt(index);
    for (const pieces of [1, 7, 48]) {
      const start = { index: 255, state: timeline.stateAt(255) };
      const runUp = new RunUp(eventAt, undefined, start, 700, pieces);
      let advanced = 1;
      while (!runUp.advance()) advanced += 1;
      expect(advanced).toBeLessThanOrEqual(pieces);
      const ways = runUp.waysBack(764);
      expect(ways).toHaveLength(64);
      let state = timeline.stateAt(764);
      for (const way of ways.toReversed()) state = patched(state, way);
      expect(stateHash(state)).toBe(hashes[701]);
    }
  });

  it("by jumps of any length is right", () => {
    for (const by of [31, 63, 64, 65, 129, -31, -64, -65, -130, 700, -700, 1, -1]) {
      const from = timeline.seek(2_500).index;
      timeline.seek(from + by);
      expectHere(from + by);
      timeline.back();
      expectHere(from + by - 1);
    }
  });

  it("of a mutant's run finds by the mutant's recipes what check finds", async () => {
    const run = scratch("mutant.jsonl");
    await mmreplay(["explore", "peer/1F1I", "--mutant", "peer-3", "-o", run]);
    const { stdout } = await mmreplay(["check", run, "--json"]);
    const { files } = JSON.parse(stdout) as { files: [{ findings: object[] }] };
    const found = findingsOf(await openTimeline(run, openInput(run, nothing())));
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(files[0].findings);
  });

  it("finds in it what check finds", async () => {
    const { stdout } = await mmreplay(["check", FILE, "--json"]);
    const { files } = JSON.parse(stdout) as { files: [{ findings: { index: number }[] }] };
    expect(findingsOf(opened)).toEqual(files[0].findings.toSorted((a, b) => a.index - b.index));
  });

  it("of events that still come stays where it is, steps back, and finds what has come", () => {
    const live = new ObservableTimeline(emptyState(opened.timeline.moment.state.seqModulus));
    const events$ = new Subject<MmEvent>();
    const seen: number[] = [];
    live.frame$.subscribe(({ index }) => seen.push(index));
    live.record(events$).subscribe();
    for (let index = 0; index < 500; index += 1) events$.next(opened.timeline.eventAt(index));
    live.seek(400);
    for (let index = 500; index < 1_000; index += 1) events$.next(opened.timeline.eventAt(index));
    expect(live.moment.index).toBe(400);
    for (let at = 399; at >= 250; at -= 1) live.back();
    expect(stateHash(live.moment.state)).toBe(hashes[251]);
    live.seek(2_000);
    expect(live.moment.index).toBe(999);
    expect(stateHash(live.moment.state)).toBe(hashes[1_000]);
    expect(seen).toEqual([-1, 400, ...Array.from({ length: 150 }, (_, at) => 399 - at), 999]);
  });
});
