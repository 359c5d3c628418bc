/**
 * Probes that cannot fire alone: a return follows its entry, an end its start, an acknowledgement
 * lies in a callback. Where only the second of a pair fires, the first was not probed or its lines
 * were taken out, and what it would have shown is not "held".
 */

/** What fires, and the role that must have fired with it. */
const COMPANIONS: readonly (readonly [string, string])[] = [
  ["inv_end", "inv_start"],
  ["set_seq", "invalidate"],
];

const RETURN = " return";

/** Roles that never fired though others show that their calls were made. */
export function missingProbes(fired: ReadonlySet<string>): string[] {
  const needed = new Set<string>();
  for (const role of fired) if (role.endsWith(RETURN)) needed.add(role.slice(0, -RETURN.length));
  for (const [shown, companion] of COMPANIONS) if (fired.has(shown)) needed.add(companion);
  return [...needed].filter((role) => !fired.has(role));
}
