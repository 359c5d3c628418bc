/**
 * What the event at the cursor changed, or what lies between it and a mark, leaf by leaf.
 */
import { useEffect, useState } from "preact/hooks";
import { type Change, changesBetween } from "../../src/report/changes.ts";
import { lastChange } from "../../src/timeline/last-change.ts";
import { goTo } from "../model/moves.ts";
import type { Looked } from "./use-moment.ts";
import { useShown, useStore } from "./use-shown.ts";
import { Watch } from "./watch.tsx";

/** More are counted, not shown. */
const CHANGES_MAX = 200;

/** The changes panel. */
export function Changes({ looked }: { readonly looked: Looked | undefined }) {
  const store = useStore();
  const marks = useShown((shown) => shown.marks);
  const [against, setAgainst] = useState<"event" | "a" | "b">("event");
  const [changes, setChanges] = useState<readonly Change[]>([]);
  const mark = against === "event" ? null : marks[against];
  useEffect(() => {
    if (looked === undefined) return;
    if (mark === null) setChanges(looked.changes);
    else setChanges(changesBetween(store.loaded.timeline.stateAt(mark), looked.state));
  }, [looked, mark]);
  return (
    <div>
      <Watch looked={looked} />
      <label class="against">
        compare with{" "}
        <select
          value={mark === null ? "event" : against}
          onChange={(event) => setAgainst(event.currentTarget.value as "event" | "a" | "b")}
        >
          <option value="event">the event before</option>
          <option value="a" disabled={marks.a === null}>
            mark A
          </option>
          <option value="b" disabled={marks.b === null}>
            mark B
          </option>
        </select>
      </label>
      {changes.length === 0 && <p class="empty">Nothing in the state is different.</p>}
      <ul class="changes">
        {changes.slice(0, CHANGES_MAX).map(({ path, before, after }) => (
          <li key={path}>
            <button
              type="button"
              class="link"
              title="Go to the change before this one"
              onClick={() => {
                const found = lastChange(store.loaded.timeline, path, store.shown.cursor - 1);
                if (found === undefined) store.show({ notice: `${path} had not changed before` });
                else goTo(store, found.index);
              }}
            >
              {path}
            </button>{" "}
            <del>{textOf(before)}</del> → <ins>{textOf(after)}</ins>
          </li>
        ))}
      </ul>
      {changes.length > CHANGES_MAX && <p>and {changes.length - CHANGES_MAX} more</p>}
    </div>
  );
}

function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
