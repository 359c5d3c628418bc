/**
 * The findings: the rule in words, the events that prove the violation, and the table for a commit message.
 */

import { useEffect, useState } from "preact/hooks";
import type { EvidenceLine, Finding } from "../../src/recording/check-report.ts";
import { goTo, showFinding } from "../model/moves.ts";
import { tableAt } from "../model/table.ts";
import { useShown, useStore } from "./use-shown.ts";

/** For so long one must look at a finding before its table is drawn. */
const REST_MS = 60;

/** The panel that says why. */
export function Why() {
  const store = useStore();
  const chosen = useShown((shown) => shown.finding);
  const { findings, report } = store;
  const finding = findings[chosen];
  return (
    <div class="why">
      {finding !== undefined && <Chosen key={chosen} finding={finding} />}
      <h3>
        {findings.length === 0
          ? "No violation was found"
          : `${findings.length} findings${report.omitted > 0 ? `, ${report.omitted} more not listed` : ""}`}
      </h3>
      <ol class="findings">
        {findings.map(({ rule, message, index }, place) => (
          <li key={`${index}-${place}`} class={place === chosen ? "current" : undefined}>
            <button type="button" onClick={() => showFinding(store, place)}>
              <b class="rule">{rule}</b> <span class="faint">#{index}</span> {message}
            </button>
          </li>
        ))}
      </ol>
      {report.notes.length > 0 && (
        <>
          <h3>What limits this answer</h3>
          <ul>
            {report.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Chosen({ finding }: { readonly finding: Finding }) {
  const store = useStore();
  const ready = useShown(({ phase }) => phase === "ready");
  const rule = store.head.rules[finding.rule];
  const [table, setTable] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!ready) return;
    // Not while somebody goes on from finding to finding.
    const timer = setTimeout(() => setTable(tableAt(store, finding.index)), REST_MS);
    return () => clearTimeout(timer);
  }, [finding, ready]);
  return (
    <section class="chosen" aria-label="The chosen finding">
      <h3>
        <b class="rule">{finding.rule}</b> violated at event {finding.index}
        {finding.line !== null && <span class="faint"> line {finding.line}</span>}
      </h3>
      <p>{finding.message}</p>
      <ol class="evidence">
        {finding.evidence.map((line, at) => (
          <Evidence
            key={`${line.index}-${line.text}`}
            line={line}
            step={at + 1}
            last={line.index === finding.index}
          />
        ))}
      </ol>
      {table.length > 0 && (
        <>
          <pre tabIndex={0}>{table.join("\n")}</pre>
          <CopyTable />
        </>
      )}
      {rule !== undefined && (
        <details>
          <summary>the rule</summary>
          <p>{rule.statement}</p>
          <p class="faint">{rule.source}</p>
        </details>
      )}
    </section>
  );
}

interface EvidenceProps {
  readonly line: EvidenceLine;
  /** Its number in the lanes. */
  readonly step: number;
  readonly last: boolean;
}

function Evidence({ line, step, last }: EvidenceProps) {
  const store = useStore();
  const cursor = useShown((shown) => shown.cursor);
  return (
    <li
      class={
        [last ? "violates" : "", line.index === cursor ? "current" : ""].join(" ").trim() ||
        undefined
      }
    >
      <button type="button" onClick={() => goTo(store, line.index)}>
        <span class="step">{step}</span> <span class="faint">#{line.index}</span> <b>{line.task}</b>{" "}
        {line.text}
      </button>
    </li>
  );
}

/** Puts the table of the cursor's event on the clipboard. */
export function CopyTable() {
  const store = useStore();
  return (
    <button type="button" onClick={() => copyTable(store)}>
      Copy table (y)
    </button>
  );
}

/** See `CopyTable`. */
export function copyTable(store: ReturnType<typeof useStore>): void {
  const lines = tableAt(store, Math.max(0, store.shown.cursor));
  if (lines.length === 0) {
    store.show({ notice: "no step of the protocol is near this event" });
    return;
  }
  navigator.clipboard.writeText(`${lines.join("\n")}\n`).then(
    () => store.show({ notice: "the table is on the clipboard" }),
    () => store.show({ notice: "the browser did not allow to copy" }),
  );
}
