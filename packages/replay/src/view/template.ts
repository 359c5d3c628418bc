/**
 * The page without data, as the build leaves it: one for recordings and runs of the model, one for runs of a mutant,
 * which holds all mutants.
 */
import { readFileSync } from "node:fs";
import { type JournalHeader, SimError } from "@mmreplay/events";

/** Where it is, from the bundle, from the compiled modules, and from the sources in tests. */
const PLACES = ["../viewer", "../../dist/viewer"];

/**
 * The template of a journal.
 *
 * @throws SimError `E_TEMPLATE` when it was not built.
 */
export function readTemplate({ mutant }: JournalHeader): string {
  const name = mutant === undefined ? "index.html" : "mutants/index.html";
  for (const place of PLACES) {
    try {
      return readFileSync(new URL(`${place}/${name}`, import.meta.url), "utf8");
    } catch {
      // It is at the other place, or nowhere.
    }
  }
  throw new SimError({
    code: "E_TEMPLATE",
    found: "no page template beside the program",
    expected: `packages/replay/dist/viewer/${name}`,
    action: "Run: npm run build",
  });
}
