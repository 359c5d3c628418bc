/** Which pages are red: those that a violation names, of its device, until they are unmapped or mapped anew. */
import { emptyState } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { emptyMirror } from "../../../packages/core/src/drivers/mirror/mirror.ts";
import { setEntry } from "../../../packages/core/src/state/page-table.ts";
import { StalePages } from "../../../packages/replay/viewer/model/stale-pages.ts";
import { trace } from "../../cli/terminal.ts";
import { storeOf } from "./loaded.ts";

const begin = { type: "device_map_begin", task: 1, mirror: 0, notifier: 0 };
const map = (mirror: number, ...pages: number[]) => ({
  type: "device_map",
  task: 1,
  mirror,
  notifier: 0,
  entries: pages.map((page) => [page, 7, true]),
});
const unmap = (mirror: number, startPage: number, endPageExclusive: number) => ({
  type: "device_unmap",
  task: 2,
  mirror,
  startPage,
  endPageExclusive,
});
const mark = (index: number, mirror: number, from: number, to: number) => ({
  index,
  mirror,
  from,
  to,
});

function staleAfter(
  marks: readonly ReturnType<typeof mark>[],
  events: readonly Readonly<Record<string, unknown>>[],
  state = emptyState(64),
): StalePages {
  const stale = new StalePages(marks);
  for (const [index, event] of events.entries()) {
    stale.saw({ index, ...event } as unknown as MmEvent, state);
  }
  return stale;
}

describe("a stale page", () => {
  it("is one of its own device alone", () => {
    const stale = staleAfter([mark(0, 0, 5, 6)], [map(0, 5), map(3, 5)]);
    expect([[...stale.at(0, 1)], [...stale.at(3, 1)]]).toEqual([[5], []]);
  });

  it("is every page of the violation that is stored, and no other", () => {
    const stale = staleAfter([mark(0, 0, 5, 8)], [map(0, 4, 5, 7, 8)]);
    expect([...stale.at(0, 0)]).toEqual([5, 7]);
  });

  it("is stale from its store on, where the violation is at the begin of that", () => {
    const stale = staleAfter([mark(0, 0, 5, 6)], [begin, map(0, 5), begin, map(0, 5)]);
    expect([0, 1, 2, 3].map((at) => stale.at(0, at).size)).toEqual([0, 1, 1, 0]);
  });

  it("is what the device still maps, where a callback has returned", () => {
    const state = emptyState(64);
    state.mirrors.push(emptyMirror());
    setEntry(state.mirrors[0]?.device ?? { leaves: {} }, 6, 1);
    const returned = { type: "invalidate_return", task: 2, notifier: 0, result: true };
    expect([...staleAfter([mark(0, 0, 5, 9)], [returned], state).at(0, 0)]).toEqual([6]);
  });

  it("is no longer stale when it is unmapped, nor when it is mapped anew", () => {
    const stores = [map(0, 5, 6), unmap(0, 5, 6), map(0, 5), map(0, 6)];
    const stale = staleAfter([mark(0, 0, 5, 7)], stores);
    expect([0, 1, 2, 3].map((at) => [...stale.at(0, at)])).toEqual([[5, 6], [6], [6], []]);
  });
});

describe("stale pages of a real recording", () => {
  it("are those whose last store a violation is about", async () => {
    const { loaded, head } = await storeOf(trace("cust61-BUG_unlocked-stress_delay.txt.gz"));
    const { timeline, stale } = loaded;
    expect([...stale.at(3, 4071)]).toEqual([]);
    expect([...stale.at(0, 760)]).toEqual([0x2_0001d]);
    expect(stale.at(0, 4242).has(0x2_0001d)).toBe(false);
    const marked = new Set(head.stale.filter((_, at) => at % 4 === 0));
    let seen = 0;
    for (const moment of [760, 4071, 4242, 9119, 12_000]) {
      for (const mirror of [0, 1, 2, 3, 4, 5]) {
        for (const page of stale.at(mirror, moment)) {
          expect(lastStore(timeline, marked, mirror, page, moment)).toBe("marked");
          seen += 1;
        }
      }
    }
    expect(seen).toBeGreaterThan(3);
  });
});

/** The naive twin: back to what happened to the page last, and to the begin of that store. */
function lastStore(
  timeline: { eventAt(index: number): MmEvent },
  marked: ReadonlySet<number>,
  mirror: number,
  page: number,
  moment: number,
): string {
  for (let at = moment; at >= 0; at -= 1) {
    const event = timeline.eventAt(at);
    if (event.type === "device_unmap" && event.mirror === mirror) {
      if (event.startPage <= page && page < event.endPageExclusive) return `unmapped at ${at}`;
    }
    if (event.type !== "device_map" || event.mirror !== mirror) continue;
    if (!event.entries.some(([own]) => own === page)) continue;
    for (let before = at; before >= 0; before -= 1) {
      const first = timeline.eventAt(before);
      if (first.task !== event.task) continue;
      if (marked.has(before)) return "marked";
      if (first.type === "device_map_begin") break;
    }
    return `stored at ${at} without a violation`;
  }
  return "never stored";
}
