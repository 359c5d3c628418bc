/**
 * A small file of ours, read at once: where a search or a campaign stands, a shard.
 */
import { readFile } from "node:fs/promises";
import { readError } from "./file-error.ts";

/** The text of a file. @throws SimError when it cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw readError(file, error);
  }
}
