/**
 * A file that is there whole or not at all.
 *
 * It grows under a temporary name in the same folder, so that the rename cannot leave the file system,
 * and takes its name only when everything is written. Writes are synchronous: the producer is, too, and
 * a full disk stops it at once.
 */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { writeError } from "../input/file-error.ts";

/** Text is gathered into pieces of this size. */
const PIECE_CHARACTERS = 256 * 1024;

/** A file that is being written. */
export interface WholeFile {
  write(text: string): void;
  /** Gives the file its name. */
  finish(): void;
  /** Removes what was written, unless it is finished. */
  discard(): void;
}

/** Writes a file at once. @throws SimError `E_WRITE` when it cannot be written. */
export function writeWholeFile(file: string, text: string): void {
  const whole = createWholeFile(file);
  try {
    whole.write(text);
    whole.finish();
  } finally {
    whole.discard();
  }
}

/**
 * Begins a file. A device or a FIFO that exists under the name is written to as it is, and a link
 * stays: the file that it leads to is written.
 *
 * @throws SimError `E_WRITE` here or from a write, when it cannot be written.
 */
export function createWholeFile(file: string): WholeFile {
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw writeError(file, error);
    }
  };
  const inPlace = attempt(() => isSpecial(file));
  const target = inPlace ? file : attempt(() => endOfLinks(file));
  const temporary = inPlace
    ? file
    : join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  const descriptor = attempt(() => openSync(temporary, "w"));
  let open = true;
  let finished = false;
  let pending = "";
  const flush = (): void => {
    const bytes = Buffer.from(pending);
    pending = "";
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  };
  const close = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  return {
    write(text) {
      pending += text;
      if (pending.length >= PIECE_CHARACTERS) attempt(flush);
    },
    finish() {
      attempt(() => {
        flush();
        if (!inPlace) fsyncSync(descriptor);
        close();
        if (!inPlace) renameSync(temporary, target);
      });
      finished = true;
    },
    discard() {
      close();
      if (!finished && !inPlace) rmSync(temporary, { force: true });
    },
  };
}

function isSpecial(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** Where a name leads to, whether a file is there yet or not; `isSpecial` has met any circle. */
function endOfLinks(file: string): string {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return file;
  const next = readlinkSync(file);
  // Not joined: the system must follow `..` after the links before it.
  return endOfLinks(isAbsolute(next) ? next : `${dirname(file)}/${next}`);
}
