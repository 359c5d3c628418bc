/**
 * The head of the page: the file, the verdict, violations, lanes, axis, search, colours, help.
 */

import { hiddenArrows } from "../model/arrows.ts";
import type { LaneMode } from "../model/lanes.ts";
import { showLanes, stepFinding, toggleAxis } from "../model/moves.ts";
import type { Theme } from "../model/store.ts";
import { SearchBox } from "./search-box.tsx";
import { useShown, useStore } from "./use-shown.ts";

const MODES: readonly (readonly [LaneMode, string])[] = [
  ["task", "tasks"],
  ["cpu", "CPUs"],
  ["notifier", "notifiers"],
];

/** The toolbar. */
export function Toolbar() {
  const store = useStore();
  const axis = useShown((shown) => shown.axis);
  const { report, violations, head } = store;
  const name = report.file.split("/").at(-1) ?? report.file;
  return (
    <header class="toolbar">
      <h1 title={report.file}>{name}</h1>
      <span class={`verdict ${report.verdict}`}>{report.verdict}</span>
      {violations.length > 0 && <Violations />}
      <Modes />
      {head.header.kind === "recording" && (
        <button
          type="button"
          title="Key t"
          aria-label={`Axis: ${axis === "time" ? "time" : "events"}; change it`}
          onClick={() => toggleAxis(store)}
        >
          axis: {axis === "time" ? "time" : "events"}
        </button>
      )}
      <SearchBox />
      <Ends />
    </header>
  );
}

function Violations() {
  const store = useStore();
  const finding = useShown((shown) => shown.finding);
  return (
    <span class="group">
      <button
        type="button"
        aria-label="Previous violation (N)"
        onClick={() => stepFinding(store, -1)}
      >
        ◂
      </button>
      <span aria-live="polite">
        {finding >= 0 ? `${finding + 1} of ` : ""}
        {store.violations.length} violations
      </span>
      <button type="button" aria-label="Next violation (n)" onClick={() => stepFinding(store, 1)}>
        ▸
      </button>
    </span>
  );
}

function Modes() {
  const store = useStore();
  const mode = useShown((shown) => shown.mode);
  const isRun = store.head.header.kind === "run";
  return (
    <fieldset class="group">
      <legend class="hidden">Lanes</legend>
      {MODES.map(([value, word], at) =>
        // A run has no processors.
        value === "cpu" && isRun ? null : (
          <button
            key={value}
            type="button"
            aria-pressed={mode === value}
            title={`Key ${at + 1}`}
            onClick={() => showLanes(store, value)}
          >
            {word}
          </button>
        ),
      )}
    </fieldset>
  );
}

/** Colours and help, at the end of the bar. */
function Ends() {
  const store = useStore();
  const theme = useShown((shown) => shown.theme);
  return (
    <span class="group end">
      <label>
        <span class="hidden">Colours</span>
        <select
          value={theme}
          onChange={(event) => store.show({ theme: event.currentTarget.value as Theme })}
        >
          <option value="system">system</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
        </select>
      </label>
      <button
        type="button"
        aria-label="Keys and colours (?)"
        onClick={() => store.show({ help: true })}
      >
        ?
      </button>
    </span>
  );
}

/** What the colours mean, in one line. */
export function Legend() {
  const store = useStore();
  const hidden = useShown(({ phase }) => (phase === "ready" ? hiddenArrows(store) : 0));
  return (
    <p class="legend">
      <span>
        <i class="swatch invalidation" /> invalidation
      </span>
      <span>
        <i class="swatch callback" /> its callback
      </span>
      <span>
        <i class="swatch band" /> while one is open in this mm
      </span>
      <span class="gap">read section:</span>
      <span>
        <i class="swatch kept" /> kept
      </span>
      <span>
        <i class="swatch retried" /> retried
      </span>
      <span>
        <i class="swatch stale" /> stale: a rule is violated
      </span>
      <span>
        <i class="swatch unknown" /> unknown
      </span>
      <span class={hidden > 0 ? "gap hiding" : "gap"}>
        <b class="flow">⤳</b> made it retry
        {hidden > 0 && (
          <b>
            {" "}
            ({hidden} here, too many to draw: zoom in with <kbd>w</kbd>)
          </b>
        )}
      </span>
      <span>
        <b class="flag">▼</b> violation
      </span>
    </p>
  );
}
