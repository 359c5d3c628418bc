/**
 * The findings: the rule in words, the events that prove the violation, and the table for a commit message.
 */

import { useEffect, useState } from "preact/hooks";
import type { EvidenceLine, Finding } from "../../src/recording/check-report.ts";
import type { PageViolation } from "../../src/view/violations.ts";
import { goTo, showFinding } from "../model/moves.ts";
import { tableAt } from "../model/table.ts";
import { useShown, useStore } from "./use-shown.ts";

/** For so long one must look at a finding before its table is drawn. */
const REST_MS = 60;

/** The panel that says why. */
export function Why() {
  const store = useStore();
  const chosen = useShown((shown) => shown.finding);
  const { violations, report } = store;
  const violation = violations[chosen];
  return (
    <div class="why">
      {violation !== undefined && <Chosen key={chosen} violation={violation} />}
      <h3>{titleOf(violations.length, report.omitted)}</h3>
      <ol class="findings">
        {violations.map(({ rule, index, finding }, place) =>
          finding === undefined ? null : (
            <li key={place} class={place === chosen ? "current" : undefined}>
              <button type="button" onClick={() => showFinding(store, place)}>
                <b class="rule">{rule}</b> <span class="faint">#{index}</span> {finding.message}
              </button>
            </li>
          ),
        )}
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

function titleOf(count: number, omitted: number): string {
  if (count === 0) return "No violation was found";
  const all = count === 1 ? "1 violation" : `${count} violations`;
  return omitted === 0 ? all : `${all}; of ${count - omitted} the text is here, n goes to each`;
}

function Chosen({ violation }: { readonly violation: PageViolation }) {
  const store = useStore();
  const ready = useShown(({ phase }) => phase === "ready");
  const { index, finding } = violation;
  const rule = store.head.rules[violation.rule];
  const [table, setTable] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!ready) return;
    // Not while somebody goes on from finding to finding.
    const timer = setTimeout(() => setTable(tableAt(store, index)), REST_MS);
    return () => clearTimeout(timer);
  }, [violation, ready]);
  return (
    <section class="chosen" aria-label="The chosen violation">
      <h3>
        <b class="rule">{violation.rule}</b> violated at event {index}
        {finding !== undefined && finding.line !== null && (
          <span class="faint"> line {finding.line}</span>
        )}
        <Elsewhere index={index} />
      </h3>
      {finding === undefined ? (
        <p>
          {rule?.statement}{" "}
          <span class="faint">The text of this violation is not in the page.</span>
        </p>
      ) : (
        <Proof finding={finding} />
      )}
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

/** Says that the violation is not at the event at which one stands. */
function Elsewhere({ index }: { readonly index: number }) {
  const store = useStore();
  const cursor = useShown((shown) => shown.cursor);
  if (cursor === index) return null;
  return (
    <>
      {" "}
      <span class="tag elsewhere">not at this event, #{cursor}</span>{" "}
      <button type="button" onClick={() => goTo(store, index)}>
        go to #{index}
      </button>
    </>
  );
}

/** What happens, and the events that prove it. */
function Proof({ finding }: { readonly finding: Finding }) {
  return (
    <>
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
    </>
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
