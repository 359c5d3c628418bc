/**
 * Patterns for file names: `*` is any run of characters, `?` is one, both within a path segment.
 *
 * The shell usually expands them; quoted ones, and those of callers without a shell, come here.
 * Classes and braces are not read, so a name with a bracket in it needs no escape.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Whether the text has a wildcard. */
export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/**
 * Whether one path segment matches. A leading dot must be written, as in a shell.
 *
 * Linear backtracking over the last `*` only, so no pattern can make it slow.
 */
export function segmentMatches(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (p < pattern.length && pattern[p] === "*") {
      star = p++;
      resume = n;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === name[n])) {
      p += 1;
      n += 1;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}

/** The files that match, sorted by name; empty when there are none. */
export async function glob(pattern: string): Promise<string[]> {
  const absolute = pattern.startsWith("/");
  const segments = pattern.split("/").filter((segment) => segment !== "");
  let found: string[] = [absolute ? "/" : ""];
  for (const segment of segments) {
    const next: string[] = [];
    for (const parent of found) {
      if (!hasWildcard(segment)) next.push(child(parent, segment));
      else {
        const names = (await namesIn(parent)).filter((name) => segmentMatches(segment, name));
        next.push(...names.map((name) => child(parent, name)));
      }
    }
    found = next;
  }
  return found.sort();
}

function child(parent: string, name: string): string {
  return parent === "" ? name : join(parent, name);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder === "" ? "." : folder);
  } catch {
    // No folder, or none that may be read: nothing in it matches.
    return [];
  }
}
