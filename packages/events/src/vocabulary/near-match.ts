/**
 * What a misspelt word may have meant.
 *
 * Names of events, probes and roles are long and alike, so an unknown one is answered with the
 * nearest known ones: by edit distance (insert, delete, replace, swap neighbours), a third of the
 * word at most. Words from outside may be of any length; past WORD_LENGTH_MAX nothing is near.
 */

const WORD_LENGTH_MAX = 100;
const NEAR_MATCHES_MAX = 3;

/** At most three known words that resemble `word`, nearest first. */
export function nearMatches(word: string, known: readonly string[]): readonly string[] {
  if (word.length > WORD_LENGTH_MAX) return [];
  const limit = Math.max(1, Math.floor(word.length / 3));
  return known
    .map((candidate) => ({ candidate, distance: distanceOf(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= limit || isPartOf(word, candidate))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEAR_MATCHES_MAX)
    .map(({ candidate }) => candidate);
}

/** A sentence that offers the near matches: `Did you mean "x" or "y"?`; empty when there are none. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearMatches(word, known).map((name) => `"${name}"`);
  return near.length === 0 ? "" : `Did you mean ${near.join(" or ")}?`;
}

/** Kernel names come with and without prefixes: `range_start` for `mmu_..._range_start`. */
function isPartOf(word: string, candidate: string): boolean {
  return word.length >= 5 && candidate.includes(word);
}

/** Optimal string alignment distance. */
function distanceOf(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, at(beforeLast, j - 2) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
