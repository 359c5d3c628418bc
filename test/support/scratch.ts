/**
 * Files that a test writes: in a folder of their own, which is gone after the tests of its file.
 *
 * Test files share their modules (vitest.config.ts), so a folder may not live as long as this one:
 * test/setup/scratch.ts empties it after each test file.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folders: string[] = [];

/** A new folder. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mmreplay-test-"));
  folders.push(folder);
  return folder;
}

/** The path of a file in the first folder; written when there is content. */
export function scratch(name: string, content?: string | Uint8Array): string {
  const file = join(folders[0] ?? scratchFolder(), name);
  if (content !== undefined) writeFileSync(file, content);
  return file;
}

/** Removes all folders. */
export function removeScratch(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
}
