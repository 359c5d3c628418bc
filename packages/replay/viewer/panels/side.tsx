/**
 * The panel on the right: why a rule is violated, what changed, or the event itself.
 */
import { useState } from "preact/hooks";
import { Changes } from "./changes.tsx";
import { EventPanel } from "./event.tsx";
import type { Looked } from "./use-moment.ts";
import { useStore } from "./use-shown.ts";
import { Why } from "./why.tsx";

const TABS = ["why", "changed", "event"] as const;

/** The panel with its tabs. */
export function Side({ looked }: { readonly looked: Looked | undefined }) {
  const { violations, report } = useStore();
  const first = report.verdict === "held" ? "changed" : "why";
  const [tab, setTab] = useState<(typeof TABS)[number]>(first);
  const words = {
    why: `Why (${violations.length})`,
    changed: `Changed (${looked?.changes.length ?? 0})`,
    event: "Event",
  };
  const step = (key: string): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (by !== undefined) setTab(TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] ?? tab);
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label="About the event">
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="side-panel"
            onClick={() => setTab(name)}
            onKeyDown={({ key }) => step(key)}
          >
            {words[name]}
          </button>
        ))}
      </div>
      <div
        class="scroll"
        id="side-panel"
        role="tabpanel"
        aria-labelledby={`tab-${tab}`}
        tabIndex={0}
      >
        {tab === "why" && <Why />}
        {tab === "changed" && <Changes looked={looked} />}
        {tab === "event" && <EventPanel event={looked?.event} />}
      </div>
    </>
  );
}
