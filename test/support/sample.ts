/**
 * What a usual run leaves to CI: where many cases are of one kind, it takes the first of each kind.
 *
 * A test that says the same of a hundred mutants or recordings fails for a wrong product in most of them at once,
 * so one of each kind tells within seconds. MMREPLAY_WHOLE=1, as in CI (.ci/run), takes all of them.
 */
import type { Mutant } from "@mmreplay/core";

/** Whether all cases are asked for. */
export const WHOLE: boolean = process.env["MMREPLAY_WHOLE"] !== undefined;

/** The first case of each kind; all cases where the whole is asked for. */
export function ofEachKind<T>(cases: readonly T[], kindOf: (one: T) => unknown): readonly T[] {
  if (WHOLE) return cases;
  const kinds = new Map<unknown, T>();
  for (const one of cases) if (!kinds.has(kindOf(one))) kinds.set(kindOf(one), one);
  return [...kinds.values()];
}

/** Mutants are of one kind where they break the same rule, or nothing in the same way. */
export const whatBreaks = ({ rule, breaksNothing }: Mutant): unknown => rule ?? breaksNothing;

/** Scenarios are of one kind where their names begin alike: K-P, race, mm, peer. */
export const familyOf = ({ name }: { readonly name: string }): string =>
  /^K-[A-Z]|^[^/]+/.exec(name)?.[0] ?? name;
