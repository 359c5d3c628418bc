/**
 * The page without data, as the build leaves it.
 */
import { readFileSync } from "node:fs";
import { SimError } from "@mmreplay/events";

/** Where it is, from the bundle, from the compiled modules, and from the sources in tests. */
const PLACES = ["../viewer/index.html", "../../dist/viewer/index.html"];

/**
 * The template.
 *
 * @throws SimError `E_TEMPLATE` when it was not built.
 */
export function readTemplate(): string {
  for (const place of PLACES) {
    try {
      return readFileSync(new URL(place, import.meta.url), "utf8");
    } catch {
      // It is at the other place, or nowhere.
    }
  }
  throw new SimError({
    code: "E_TEMPLATE",
    found: "no page template beside the program",
    expected: "packages/replay/dist/viewer/index.html",
    action: "Run: npm run build",
  });
}
