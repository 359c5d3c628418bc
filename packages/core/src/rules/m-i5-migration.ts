/**
 * M-I5: a migration leaves one page, and no entry that waits for it.
 *
 * Whether it succeeds or gives a page up, migrate_vma_finalize maps the source or the destination where an
 * entry still waits for the page; where none does, the page was taken away meanwhile (K-I34).
 */
import { addressOfPage, shortAddress } from "@mmreplay/events";
import { isMigrating } from "../memory/cpu-entry.ts";
import { type HeldPage, namingsOf } from "../memory/held-pages.ts";
import type { State } from "../state/state.ts";
import type { Rule } from "./rule.ts";

/** M-I5. */
export const M_I5: Rule<{ pages: readonly HeldPage[] }> = {
  id: "M-I5",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "migrate_vma_finalize maps a page in place of each migration entry; after it none names a page of the migration, and of its source and its destination at most one is mapped.",
  source: "K-I34, mm/migrate_device.c: migrate_vma_finalize",
  on: ["handle_mm_fault", "migrate_vma_finalize_return"],
  observes: [["migrate_vma_collect", "migrate_vma_finalize_return"]],
  start: () => ({ pages: [] }),
  before(memory, state, event) {
    memory.pages = (state.tasks[event.task]?.held?.pages ?? []).map((page) => ({ ...page }));
  },
  after({ pages }, state, event, report) {
    if (event.type === "handle_mm_fault") {
      const none = event.entries.find(([, entry]) => entry === 0);
      if (none === undefined || state.frames.length === 0) return;
      const address = addressOfPage(none[0]);
      const message = `Page ${shortAddress(address)} is mapped nowhere after its migration.`;
      report.violated({ message, address });
      return;
    }
    for (const held of pages) {
      const wrong = leftBy(state, held);
      if (wrong === undefined) continue;
      const at = shortAddress(addressOfPage(held.page));
      const address = addressOfPage(held.page);
      report.violated({ message: `The migration of page ${at} is over, and ${wrong}.`, address });
      return;
    }
    report.held(pages.length);
  },
};

function leftBy(state: State, { from, to }: HeldPage): string | undefined {
  const mapped = [from, to].filter((frame) => frame !== 0 && isNamed(state, frame));
  const waiting = mapped.find((frame) =>
    namingsOf(state, frame).some(({ entry }) => isMigrating(entry)),
  );
  if (waiting !== undefined) return `a migration entry still names frame ${waiting}`;
  if (mapped.length < 2) return undefined;
  return `both its source (frame ${from}) and its destination (frame ${to}) are mapped`;
}

const isNamed = ({ frames }: State, frame: number): boolean => (frames[frame]?.maps ?? 0) > 0;
