/**
 * Refuses an output that is one of the inputs, under whatever name.
 *
 * A recording is often the only copy of what happened once. Names tell too little: a link, `./` or a
 * redirected standard input is the same file, so files are compared by device and inode.
 */
import { type Stats, statSync } from "node:fs";
import { SimError } from "@mmreplay/events";
import { STDIN } from "./expand.ts";

/** Where the system shows what standard input was redirected from. */
const STDIN_FILE = "/dev/stdin";

/**
 * Compares an output with the inputs of a command, before anything is written.
 *
 * @throws SimError `E_OWN_INPUT` when writing `output` would replace one of the inputs.
 */
export function refuseOwnInput(output: string, inputs: readonly string[]): void {
  const written = fileAt(output);
  if (written === undefined) return;
  for (const input of inputs) {
    const read = fileAt(input === STDIN ? STDIN_FILE : input);
    if (read?.dev !== written.dev || read.ino !== written.ino) continue;
    throw new SimError({
      code: "E_OWN_INPUT",
      place: output,
      found: "the input itself as the output",
      expected: "another file",
      action: "It would be lost: choose another name with -o.",
    });
  }
}

/** A regular file, after all links; what cannot be looked at is refused where it is opened. */
function fileAt(name: string): Stats | undefined {
  try {
    const found = statSync(name, { throwIfNoEntry: false });
    return found?.isFile() ? found : undefined;
  } catch {
    return undefined;
  }
}
