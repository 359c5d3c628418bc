/**
 * What differs between two states: a path for each leaf, down to the last one.
 *
 * A state is plain data, so the difference of two is, too; a debugger that says only "mms changed" has
 * said nothing.
 */

/** One leaf that differs; a side is absent where it has no such leaf. */
export interface Change {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** One leaf: a value that is no object with properties. */
export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** The leaves that differ, in the order of the properties. */
export function changesBetween(before: unknown, after: unknown): Change[] {
  const changes: Change[] = [];
  compare(before, after, "", changes);
  return changes;
}

/** All leaves of a value, with their paths. */
export function leavesOf(value: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  collect(value, "", leaves);
  return leaves;
}

function compare(before: unknown, after: unknown, path: string, changes: Change[]): void {
  if (Object.is(before, after)) return;
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], pathOf(path, key, Array.isArray(after)), changes);
    }
    return;
  }
  if (isEmpty(before) && isEmpty(after) && Array.isArray(before) === Array.isArray(after)) return;
  changes.push({
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

function collect(value: unknown, path: string, leaves: Leaf[]): void {
  if (!isBranch(value) || isEmpty(value)) {
    leaves.push({ path, value });
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    collect(inner, pathOf(path, key, Array.isArray(value)), leaves);
  }
}

function pathOf(path: string, key: string, inArray: boolean): string {
  if (inArray || !/^[A-Za-z_]\w*$/.test(key)) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isEmpty(value: unknown): boolean {
  return isBranch(value) && Object.keys(value).length === 0;
}
