/**
 * The list of events: only the rows that are seen exist, so a million are as quick as ten.
 *
 * A browser cannot make an element of a million rows high enough, so beyond `HEIGHT_MAX` the bar stands for a
 * part of the list and the wheel moves by rows.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { timeText } from "../draw/ruler.ts";
import { firstWhere } from "../model/column.ts";
import { goTo } from "../model/moves.ts";
import { sentence } from "../model/sentence.ts";
import type { Store } from "../model/store.ts";
import { useShown, useStore } from "./use-shown.ts";

const ROW_HEIGHT = 20;
/** Browsers stop at about 33 million. */
const HEIGHT_MAX = 8_000_000;

/** Which rows are seen, and how the list is brought to one. */
function useRows(count: number, current: number) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(200);
  const seen = Math.ceil(height / ROW_HEIGHT) + 1;
  const full = Math.min(count * ROW_HEIGHT, HEIGHT_MAX);
  const last = Math.max(0, count - Math.floor(height / ROW_HEIGHT));
  const perPixel = full > height ? last / (full - height) : 0;
  const first = Math.min(last, Math.round(top * perPixel));
  useEffect(() => {
    if (box.current === null || perPixel === 0) return;
    if (current >= first + 1 && current < first + seen - 3) return;
    box.current.scrollTop = Math.max(0, current - Math.floor(seen / 2)) / perPixel;
    setTop(box.current.scrollTop);
  }, [current, count, height]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const shown = Math.max(0, Math.min(seen, count - first));
  const shift = Math.min(top, Math.max(0, full - shown * ROW_HEIGHT));
  return { box, setTop, first, shown, full, shift };
}

/** The list. */
export function EventList() {
  const store = useStore();
  const cursor = useShown((shown) => shown.cursor);
  const marks = useShown((shown) => shown.marks);
  useShown((shown) => shown.search);
  useShown((shown) => shown.phase);
  const rows = rowsOf(store);
  const { box, setTop, first, shown, full, shift } = useRows(rows.count, rows.rowOf(cursor));
  const indexes = Array.from({ length: shown }, (_, at) => rows.indexOf(first + at));
  return (
    <div
      ref={box}
      class="list"
      role="listbox"
      tabIndex={0}
      aria-label="Events"
      aria-activedescendant={indexes.includes(cursor) ? `event-${cursor}` : undefined}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div class="list-inside" style={{ height: `${full}px` }} role="presentation">
        <div role="presentation" style={{ transform: `translateY(${shift}px)` }}>
          {indexes.map((index, at) => (
            <Row
              key={index}
              store={store}
              index={index}
              place={first + at}
              count={rows.count}
              current={index === cursor}
              mark={index === marks.a ? "A" : index === marks.b ? "B" : ""}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly store: Store;
  readonly index: number;
  readonly place: number;
  readonly count: number;
  readonly current: boolean;
  readonly mark: string;
}

/** Whether an ascending list has a number. */
function isIn(list: Float64Array, wanted: number): boolean {
  return list[firstWhere(0, list.length, (at) => (list[at] as number) >= wanted)] === wanted;
}

function Row({ store, index, place, count, current, mark }: RowProps) {
  const { recorded, timeline } = store.loaded;
  const event = timeline.eventAt(index);
  const clock = store.head.header.clock;
  const violates = isIn(store.violating, index);
  return (
    <div
      id={`event-${index}`}
      class={`row${current ? " current" : ""}${violates ? " violates" : ""}`}
      role="option"
      tabIndex={-1}
      aria-selected={current}
      aria-posinset={place + 1}
      aria-setsize={count}
      onClick={() => goTo(store, index)}
      onKeyDown={({ key }) => {
        if (key === "Enter") goTo(store, index);
      }}
    >
      <span class="number">{index}</span>
      {clock !== undefined && (
        <span class="when">{timeText(clock.unit, recorded.times.at(index))}</span>
      )}
      <span class="who">{store.taskName(event.task)}</span>
      <span class="what">
        {violates ? "✗ " : ""}
        {mark === "" ? "" : `[${mark}] `}
        {sentence(event)}
      </span>
    </div>
  );
}

interface Rows {
  readonly count: number;
  indexOf(row: number): number;
  rowOf(index: number): number;
}

/** All events, or those that the search has found. */
function rowsOf({ shown, loaded }: Store): Rows {
  const { matches, only } = shown.search;
  if (matches === null || !only) {
    const count = loaded.timeline.length;
    return { count, indexOf: (row) => row, rowOf: (index) => index };
  }
  return {
    count: matches.length,
    indexOf: (row) => matches[row] as number,
    rowOf: (index) => firstWhere(0, matches.length, (at) => (matches[at] as number) >= index),
  };
}
