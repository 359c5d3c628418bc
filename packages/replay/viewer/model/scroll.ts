/**
 * How far the lanes are scrolled: by hand, and after the cursor, whose lane is always seen when it has moved.
 */
import { placed, RULER, totalHeight } from "../draw/layout.ts";
import type { Store } from "./store.ts";

/** The lanes have so many pixels now. */
export function giveRoom(store: Store, height: number): void {
  if (store.room === height) return;
  store.room = height;
  scrollToCursor(store);
}

/** Scrolls the lanes by some pixels. */
export function scrollLanes(store: Store, by: number): void {
  show(store, store.shown.scroll + by);
}

/** Scrolls no further than it takes to see the lane of the cursor's event. */
export function scrollToCursor(store: Store): void {
  const { mode, lanes, scroll, cursor } = store.shown;
  const { tasks, cpus, notifiers } = store.loaded.recorded;
  const id = { task: tasks, cpu: cpus, notifier: notifiers }[mode].at(Math.max(cursor, 0));
  const own = placed(lanes, scroll).find(({ lane }) => lane.id === id);
  if (own === undefined) {
    show(store, scroll);
    return;
  }
  const below = own.top + own.height - store.room;
  const above = own.top - RULER;
  show(store, scroll + Math.min(Math.max(below, 0), above));
}

/** Sees to it that nothing but lanes is where lanes could be. */
function show(store: Store, wanted: number): void {
  if (store.room === 0) return;
  const most = Math.max(0, totalHeight(store.shown.lanes) + RULER - store.room);
  const scroll = Math.min(Math.max(wanted, 0), most);
  if (scroll !== store.shown.scroll) store.show({ scroll });
}
