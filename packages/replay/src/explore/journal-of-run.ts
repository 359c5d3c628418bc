/**
 * The journal of a run: equal runs, equal bytes. The seed that chose a run is not part of it.
 */
import { encodeEvent, encodeHeader } from "@mmreplay/events";
import type { ScenarioRun } from "./scenario-run.ts";

/** Writes the journal, line by line. */
export function writeJournal(
  run: ScenarioRun,
  named: { readonly scenario: string; readonly mutant: string | undefined },
  write: (line: string) => void,
): void {
  const { scenario, mutant } = named;
  write(
    encodeHeader({
      mmreplay: "journal",
      version: 1,
      kind: "run",
      kernel: "6.1",
      seqModulus: run.state.seqModulus,
      scenario,
      ...(mutant === undefined ? {} : { mutant }),
    }),
  );
  for (const event of run.events) write(encodeEvent(event));
}
