/**
 * The search field: Enter goes to the next match, Shift-Enter to the previous one, and the list can show matches
 * alone.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { runSearch, stepMatch } from "../model/searching.ts";
import { useShown, useStore } from "./use-shown.ts";

const EXAMPLES = [
  "retry",
  "violation",
  "seq",
  "type mmu_interval_read_retry",
  "task 1",
  "notifier 0 and retry",
  "page 0x",
  "changes mms[0].subs.seq",
  "mms[0].subs.active > 1",
];

/** The field. */
export function SearchBox() {
  const store = useStore();
  const search = useShown((shown) => shown.search);
  const ready = useShown(({ phase }) => phase === "ready");
  const [text, setText] = useState(search.text);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(search.text), [search.text]);
  const { matches, done, problem } = search;
  const count = matches === null ? "" : `${matches.length}${done < 1 ? "+" : ""} found`;
  return (
    <search class="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(store, input.current?.value ?? text, 1);
        }}
      >
        <input
          ref={input}
          id="search"
          type="search"
          list="examples"
          disabled={!ready}
          value={text}
          placeholder="Search ( / )"
          aria-label="Search events: a condition, text, an address, or an event number"
          aria-invalid={problem !== null}
          aria-describedby="search-result"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
            if (event.key !== "Enter" || !event.shiftKey) return;
            event.preventDefault();
            submit(store, event.currentTarget.value, -1);
          }}
        />
        <datalist id="examples">
          {EXAMPLES.map((example) => (
            <option key={example} value={example} />
          ))}
        </datalist>
        <span id="search-result" class={problem === null ? "faint" : "problem"} role="status">
          {problem ?? count}
        </span>
        <label class="only">
          <input
            type="checkbox"
            checked={search.only}
            disabled={matches === null}
            onChange={(event) =>
              store.show({ search: { ...store.shown.search, only: event.currentTarget.checked } })
            }
          />{" "}
          only these
        </label>
      </form>
    </search>
  );
}

/** Enter may come before what was typed last is drawn, so `text` is what stands in the field. */
function submit(store: ReturnType<typeof useStore>, text: string, direction: 1 | -1): void {
  if (text !== "" && text === store.shown.search.text) stepMatch(store, direction);
  else runSearch(store, text);
}
