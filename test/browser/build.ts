/**
 * The page that is tested is made of the sources that are there now.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Builds the page's template. */
export function setup(): void {
  const vite = join(ROOT, "node_modules/.bin/vite");
  const folder = join(ROOT, "packages/replay/viewer");
  const { status, stderr } = spawnSync(vite, ["build", folder, "--logLevel", "error"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the page was not built: ${stderr}`);
}
