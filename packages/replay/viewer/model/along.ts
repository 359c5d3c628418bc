/**
 * Steps along one thing: the next or the previous event of the same task, notifier or page.
 *
 * Tasks and notifiers stand in columns. Pages stand in the events alone, so a step along a page looks at one event after
 * the other, in short turns, and gives up when one has gone elsewhere meanwhile.
 */
import { addressOfPage, shortAddress } from "@mmreplay/events";
import { concerns } from "../../src/timeline/along.ts";
import { firstPageOf } from "../../src/timeline/touched-page.ts";
import { Breath } from "../load/breath.ts";
import type { Column } from "./column.ts";
import { goTo } from "./moves.ts";
import type { Store } from "./store.ts";

type Direction = 1 | -1;

/** Steps to the next or the previous event of the same task. */
export function stepInTask(store: Store, direction: Direction): void {
  stepIn(store, store.loaded.recorded.tasks, direction, "task");
}

/** Steps to the next or the previous event of the same notifier. */
export function stepInNotifier(store: Store, direction: Direction): void {
  stepIn(store, store.loaded.recorded.notifiers, direction, "notifier");
}

function stepIn(store: Store, column: Column, direction: Direction, kind: string): void {
  const { cursor } = store.shown;
  const { length } = store.loaded.recorded;
  const id = column.at(Math.max(cursor, 0));
  if (id < 0) {
    store.show({ notice: `this event names no ${kind}` });
    return;
  }
  for (let at = cursor + direction; at >= 0 && at < length; at += direction) {
    if (column.at(at) !== id) continue;
    goTo(store, at);
    return;
  }
  store.show({ notice: `no further event of ${kind} ${id}` });
}

/**
 * Steps to the next or the previous event that names the page which was followed to this one, else the first page that
 * this event names.
 */
export async function stepOnPage(store: Store, direction: Direction): Promise<void> {
  const { timeline } = store.loaded;
  const { cursor } = store.shown;
  const goesOn = store.followed !== null && store.followed.index === cursor;
  const own = cursor < 0 ? undefined : firstPageOf(timeline.eventAt(cursor));
  const page = goesOn ? store.followed?.page : own;
  if (page === undefined) {
    store.show({ notice: "this event names no page" });
    return;
  }
  const breath = new Breath();
  for (let at = cursor + direction; at >= 0 && at < timeline.length; at += direction) {
    if (concerns(timeline.eventAt(at), { kind: "page", id: page })) {
      store.followed = { page, index: at };
      goTo(store, at);
      return;
    }
    if (!breath.due) continue;
    await breath.take();
    if (store.shown.cursor !== cursor) return;
  }
  store.show({ notice: `no further event names ${shortAddress(addressOfPage(page))}` });
}
