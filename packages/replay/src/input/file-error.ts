/**
 * What the operating system says of a file, as a sentence for the user.
 *
 * Node's own messages name the system call; a user wants to know what is wrong with the file and
 * what to do. Anything that is not about a file stays what it is: a programmer's error.
 */
import { SimError } from "@mmreplay/events";

type Refusal = readonly [code: string, found: string, action: string];

const NOT_FOUND: Refusal = ["E_NOT_FOUND", "no such file", "Check the path."];
const UNREADABLE: Refusal = [
  "E_PERMISSION",
  "a file that you may not read",
  "Check its permissions.",
];

const REFUSALS: Readonly<Record<string, Refusal>> = {
  ENOENT: NOT_FOUND,
  ENOTDIR: NOT_FOUND,
  EACCES: UNREADABLE,
  EPERM: UNREADABLE,
  EISDIR: ["E_DIRECTORY", "a directory", "Name the files in it, or use a pattern: DIR/*.txt.gz"],
  EMFILE: ["E_READ", "no free file descriptor", "Raise the limit (ulimit -n)."],
};

const ELSEWHERE = "Choose another place with -o.";
const FREE_SPACE = "Free some space, or choose another place.";

const unwritable = (found: string, action: string): Refusal => ["E_WRITE", found, action];

const NO_DIRECTORY = unwritable("no such directory", "Make the directory first.");
const FORBIDDEN = unwritable("a place that you may not write to", ELSEWHERE);

const WRITE_REFUSALS: typeof REFUSALS = {
  ENOENT: NO_DIRECTORY,
  ENOTDIR: NO_DIRECTORY,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: unwritable("a read-only file system", ELSEWHERE),
  EISDIR: unwritable("a directory", "Name a file with -o."),
  ENOSPC: unwritable("no space left on the device", FREE_SPACE),
  EDQUOT: unwritable("your disk quota used up", FREE_SPACE),
  EFBIG: unwritable("a file that grew too large", "Choose a file system without this limit."),
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
