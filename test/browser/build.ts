/**
 * The page that is tested is made of the sources that are there now.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Builds the page's two templates. */
export function setup(): void {
  for (const mode of ["production", "mutants"]) {
    const { status, stderr } = spawnSync(
      join(ROOT, "node_modules/.bin/vite"),
      ["build", "packages/replay/viewer", "--mode", mode, "--logLevel", "error"],
      // Not vitest's own NODE_ENV: the page is the one that is published.
      { cwd: ROOT, encoding: "utf8", env: { ...process.env, NODE_ENV: "production" } },
    );
    if (status !== 0) throw new Error(`the page was not built: ${stderr}`);
  }
}
