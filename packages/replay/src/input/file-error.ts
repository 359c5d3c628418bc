/**
 * What the operating system says of a file, as a sentence for the user.
 *
 * Node's own messages name the system call; a user wants to know what is wrong with the file and
 * what to do. Anything that is not about a file stays what it is: a programmer's error.
 */
import { SimError } from "@mmreplay/events";

const REFUSALS: Readonly<Record<string, readonly [code: string, found: string, action: string]>> = {
  ENOENT: ["E_NOT_FOUND", "no such file", "Check the path."],
  ENOTDIR: ["E_NOT_FOUND", "no such file", "Check the path."],
  EACCES: ["E_PERMISSION", "a file that you may not read", "Check its permissions."],
  EPERM: ["E_PERMISSION", "a file that you may not read", "Check its permissions."],
  EISDIR: ["E_DIRECTORY", "a directory", "Name the files in it, or use a pattern: DIR/*.txt.gz"],
  EMFILE: ["E_READ", "no free file descriptor", "Raise the limit (ulimit -n)."],
};

const WRITE_REFUSALS: typeof REFUSALS = {
  ENOENT: ["E_WRITE", "no such directory", "Make the directory first."],
  ENOTDIR: ["E_WRITE", "no such directory", "Make the directory first."],
  EACCES: ["E_WRITE", "a place that you may not write to", "Choose another place with -o."],
  EPERM: ["E_WRITE", "a place that you may not write to", "Choose another place with -o."],
  EROFS: ["E_WRITE", "a read-only file system", "Choose another place with -o."],
  EISDIR: ["E_WRITE", "a directory", "Name a file with -o."],
  ENOSPC: ["E_WRITE", "no space left on the device", "Free some space, or choose another place."],
  EDQUOT: ["E_WRITE", "your disk quota used up", "Free some space, or choose another place."],
  EFBIG: ["E_WRITE", "a file that grew too large", "Choose a file system without this limit."],
};

/** The error of reading `file` as a `SimError`; what is none of the file's doing comes back as is. */
export function readError(file: string, error: unknown): unknown {
  return explained(file, error, REFUSALS, "a file that can be read");
}

/** The error of writing `file` as a `SimError`; what is none of the file's doing comes back as is. */
export function writeError(file: string, error: unknown): unknown {
  return explained(file, error, WRITE_REFUSALS, "a file that can be written");
}

function explained(
  file: string,
  error: unknown,
  table: typeof REFUSALS,
  expected: string,
): unknown {
  if (error instanceof SimError) return error.at(file);
  if (!isSystemError(error)) return error;
  const [code, found, action] = table[error.code] ?? [
    table === REFUSALS ? "E_READ" : "E_WRITE",
    `the system's answer ${error.code}`,
    "Check the file and the device that holds it.",
  ];
  return new SimError({ code, place: file, found, expected, action });
}

function isSystemError(error: unknown): error is Error & { code: string; syscall: string } {
  return error instanceof Error && "code" in error && "syscall" in error;
}
