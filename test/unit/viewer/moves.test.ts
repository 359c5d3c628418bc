/** Moves of the cursor on the page of a real recording: what is seen of it, and what is said of what is not. */
import { beforeAll, describe, expect, it } from "vitest";
import { placed, RULER } from "../../../packages/replay/viewer/draw/layout.ts";
import { hiddenArrows } from "../../../packages/replay/viewer/model/arrows.ts";
import { linkOf, readLink } from "../../../packages/replay/viewer/model/link.ts";
import {
  goTo,
  showFinding,
  showLanes,
  stepFinding,
} from "../../../packages/replay/viewer/model/moves.ts";
import { scrollLanes } from "../../../packages/replay/viewer/model/scroll.ts";
import type { Store } from "../../../packages/replay/viewer/model/store.ts";
import { trace } from "../../cli/terminal.ts";
import { storeOf } from "./loaded.ts";

describe("a page", () => {
  let store: Store;

  beforeAll(async () => {
    store = await storeOf(trace("cust61-BUG_unlocked-stress_delay.txt.gz"));
    store.spans = store.loaded.recorded.finish(store.violating);
    store.room = 150;
    store.show({ window: store.axis.whole });
    showLanes(store, "task");
  });

  const isSeen = (): boolean => {
    const { lanes, scroll, cursor } = store.shown;
    const task = store.loaded.recorded.tasks.at(cursor);
    const own = placed(lanes, scroll).find(({ lane }) => lane.id === task);
    return own !== undefined && own.top >= RULER && own.top + own.height <= store.room;
  };

  it("scrolls its lanes so that the cursor's is seen, and by hand no further than they reach", () => {
    for (let index = 0; index < store.loaded.recorded.length; index += 37) {
      goTo(store, index);
      expect(isSeen(), `event ${index}`).toBe(true);
    }
    for (const place of [0, 20, 40]) {
      showFinding(store, place);
      expect(isSeen(), `violation ${place}`).toBe(true);
    }
    scrollLanes(store, 1e6);
    const { lanes, scroll } = store.shown;
    const last = placed(lanes, scroll).at(-1);
    expect((last?.top ?? 0) + (last?.height ?? 0)).toBe(store.room);
    scrollLanes(store, -1e6);
    expect(store.shown.scroll).toBe(0);
  });

  it("goes through all violations, both ways, those of one event one after the other", () => {
    const { length } = store.violations;
    showFinding(store, 0);
    for (let place = 1; place < length; place += 1) {
      stepFinding(store, 1);
      expect(store.shown.finding).toBe(place);
    }
    stepFinding(store, 1);
    expect(store.shown.notice).toBe("no further violation");
    for (let place = length - 2; place >= 0; place -= 1) {
      stepFinding(store, -1);
      expect(store.shown.finding).toBe(place);
    }
  });

  it("counts the arrows that it does not draw, and draws them in a narrower window", () => {
    const { arrows } = store.loaded.recorded.sections;
    store.show({ window: store.axis.whole });
    expect(arrows.length).toBeGreaterThan(200);
    expect(hiddenArrows(store)).toBe(arrows.length);
    const [first, last] = [arrows[0]?.to ?? 0, arrows[100]?.to ?? 0];
    store.show({ window: { from: store.axis.position(first), to: store.axis.position(last) } });
    expect(hiddenArrows(store)).toBe(0);
  });

  it("reads the links that it writes, also before the first event", () => {
    goTo(store, -1);
    store.show({ marks: { a: -1, b: 3 } });
    const { cursor, marks, mode, axis } = store.shown;
    expect(readLink(linkOf(store.shown))).toEqual({ cursor, marks, mode, axis, query: "" });
    expect(cursor).toBe(-1);
  });
});
