/**
 * Values that are looked at while one steps: each path with its value at the cursor, and who changed it last.
 */
import { useState } from "preact/hooks";
import { lastChange } from "../../src/timeline/last-change.ts";
import { stepsOf, textOf, valueAt } from "../../src/timeline/path.ts";
import { goTo } from "../model/moves.ts";
import type { Looked } from "./use-moment.ts";
import { useStore } from "./use-shown.ts";

/** The watched paths. */
export function Watch({ looked }: { readonly looked: Looked | undefined }) {
  const store = useStore();
  const [paths, setPaths] = useState<readonly string[]>([]);
  const [text, setText] = useState("");
  const add = (): void => {
    try {
      stepsOf(text);
      if (text !== "" && !paths.includes(text)) setPaths([...paths, text]);
      setText("");
    } catch (error) {
      store.show({ notice: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <div class="watch">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <input
          type="text"
          value={text}
          placeholder="watch: mms[0].subs.seq"
          aria-label="Watch a value of the state, by its path"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </form>
      {paths.map((path) => (
        <Watched
          key={path}
          path={path}
          looked={looked}
          drop={() => setPaths(paths.filter((one) => one !== path))}
        />
      ))}
    </div>
  );
}

interface WatchedProps {
  readonly path: string;
  readonly looked: Looked | undefined;
  readonly drop: () => void;
}

function Watched({ path, looked, drop }: WatchedProps) {
  const store = useStore();
  const ask = (): void => {
    const found = lastChange(store.loaded.timeline, path, store.shown.cursor);
    if (found === undefined) store.show({ notice: `${path} has not changed` });
    else goTo(store, found.index);
  };
  return (
    <p class={looked?.changed.has(path) ? "changed" : undefined}>
      {path}:{" "}
      <code>{looked === undefined ? "" : textOf(valueAt(looked.state, stepsOf(path)))}</code>{" "}
      <button type="button" class="link" onClick={ask} aria-label={`Last change of ${path}`}>
        last change
      </button>{" "}
      <button type="button" class="link" onClick={drop} aria-label={`Do not watch ${path}`}>
        ✕
      </button>
    </p>
  );
}
