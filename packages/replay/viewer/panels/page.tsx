/**
 * The page: toolbar, minimap, lanes, and below them list, state and reasons, all of the same moment.
 */
import { useEffect } from "preact/hooks";
import { EventList } from "./event-list.tsx";
import { Help } from "./help.tsx";
import { Minimap } from "./minimap.tsx";
import { Side } from "./side.tsx";
import { StatePanel } from "./state.tsx";
import { Timeline } from "./timeline.tsx";
import { Legend, Toolbar } from "./toolbar.tsx";
import { useMoment } from "./use-moment.ts";
import { useShown, useStore } from "./use-shown.ts";

/** How long a notice stays. */
const NOTICE_MS = 2500;

/** Everything. */
export function Page() {
  const phase = useShown((shown) => shown.phase);
  const cursor = useShown((shown) => shown.cursor);
  const looked = useMoment();
  return (
    <>
      <Toolbar />
      <main>
        <Legend />
        <Minimap />
        <Timeline />
        <div class="panels">
          <section aria-label="Events" class="panel">
            <h2>
              Events <span class="faint">{cursor >= 0 ? `at #${cursor}` : ""}</span>
            </h2>
            <EventList />
          </section>
          <section aria-label="State" class="panel">
            <h2>
              State{" "}
              <span class="faint">{looked === undefined ? "" : `after #${looked.index}`}</span>
            </h2>
            {/* It scrolls, so the keyboard must reach it. */}
            <section class="scroll" tabIndex={0} aria-label="State at the cursor">
              <StatePanel looked={looked} />
            </section>
          </section>
          <section aria-label="Reasons" class="panel">
            <Side looked={looked} />
          </section>
        </div>
      </main>
      <Help />
      <Notice />
      {phase !== "ready" && <Reading />}
    </>
  );
}

function Reading() {
  const store = useStore();
  const phase = useShown((shown) => shown.phase);
  const failure = useShown((shown) => shown.failure);
  const read = useShown((shown) => shown.read);
  if (phase === "failed") {
    return (
      <p class="reading problem" role="alert">
        {failure}
      </p>
    );
  }
  return (
    <p class="reading" role="status">
      <progress value={read} max={store.head.length} aria-label="Events read" /> {read} of{" "}
      {store.head.length} events
    </p>
  );
}

function Notice() {
  const store = useStore();
  const notice = useShown((shown) => shown.notice);
  useEffect(() => {
    if (notice === "") return;
    const timer = setTimeout(() => store.show({ notice: "" }), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <p class={notice === "" ? "notice" : "notice visible"} role="status">
      {notice}
    </p>
  );
}
