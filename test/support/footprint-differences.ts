/**
 * Named differences of two footprints: what a recorded run decided by chance, or by what the model does not have,
 * is brought to one form or taken out of both; everything else is compared as it is.
 */

/** Two footprints of one process, the simulated one first. */
export type Pair = readonly [own: readonly string[], theirs: readonly string[]];

/** The single line, or the lines of a region without another inside, that begin at a place. */
function blockAt(lines: readonly string[], at: number): readonly string[] {
  const isRegion = rangeIn(lines[at]) !== undefined;
  return lines.slice(at, isRegion ? lines.indexOf("end", at) + 1 : at + 1);
}

interface Range {
  readonly event: string;
  readonly first: number;
  readonly end: number;
}

/** What the first line of a region says. */
function rangeIn(line: string | undefined): Range | undefined {
  const [, event, first, end] = /^([A-Z_]+) (\d+)-(\d+),/.exec(line ?? "") ?? [];
  return event === undefined ? undefined : { event, first: Number(first), end: Number(end) };
}

/** Lines in two parts: regions that are meant, and the rest. */
function split(
  lines: readonly string[],
  meant: (range: Range, before: readonly string[]) => boolean,
): { readonly taken: string[]; readonly rest: string[] } {
  const [taken, rest] = [[], []] as [string[], string[]];
  for (let at = 0; at < lines.length; ) {
    const range = rangeIn(lines[at]);
    const block = range !== undefined && meant(range, rest) ? blockAt(lines, at) : [];
    taken.push(...(block[0] === undefined ? [] : [block.join(", ")]));
    if (block.length === 0) rest.push(lines[at] ?? "");
    at += Math.max(block.length, 1);
  }
  return { taken, rest };
}

const isOnePage = ({ event, first, end }: Range): boolean => event === "CLEAR" && end - first === 1;

/**
 * `migrate_release`: the order in which pages are evicted is that of the driver's free list. Each run of single
 * pages that are cleared is put in the order of the pages. Which of them a neighbour's callback has erased before
 * is a matter of the order, too: all that are erased are said in the end.
 */
export const inOrder = (pair: Pair): Pair => pair.map(evictedInOrder) as unknown as Pair;

function evictedInOrder(lines: readonly string[]): string[] {
  const ordered: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const run: (readonly string[])[] = [];
    for (let range = rangeIn(lines[at]); range && isOnePage(range); range = rangeIn(lines[at])) {
      const block = blockAt(lines, at);
      run.push(block);
      at += block.length;
    }
    const page = (block: readonly string[]): number => rangeIn(block[0])?.first ?? 0;
    ordered.push(...erasedTogether(run.sort((a, b) => page(a) - page(b)).flat()));
    if (at < lines.length) ordered.push(lines[at] ?? "");
    at += 1;
  }
  return ordered;
}

function erasedTogether(lines: readonly string[]): string[] {
  const erased: number[] = [];
  const others = lines.filter((line) => {
    const [, first, end, count] = /^erase (\d+)-(\d+), (\d+) pages$/.exec(line) ?? [];
    if (Number(end) - Number(first) !== Number(count)) return true;
    for (let page = Number(first); page < Number(end); page += 1) erased.push(page);
    return false;
  });
  if (erased.length === 0) return others;
  return [...others, `erased ${erased.sort((a, b) => a - b).join(" ")}`];
}

/**
 * `exclusive_cow`: parent and child write the same pages, and of each page whoever writes first copies. The
 * parent's copies are taken out; the model's parent, who goes first, copies every page that the recorded one did.
 */
export function withoutCopies([own, theirs]: Pair): Pair {
  const forked = (before: readonly string[]): boolean =>
    before.some((line) => line.startsWith("PROTECTION_PAGE"));
  const ours = split(own, (range, before) => isOnePage(range) && forked(before));
  const recorded = split(theirs, (range, before) => isOnePage(range) && forked(before));
  const all = new Set(ours.taken);
  return [ours.rest, [...recorded.rest, ...recorded.taken.filter((copy) => !all.has(copy))]];
}

/**
 * `migrate_mixed`: the kernel does not join a mapping with a neighbour that has never had an anonymous page
 * (is_mergeable_anon_vma), so it migrates the first two pages that the device asks for one by one; the model has
 * no anon_vma and migrates them together. Their MIGRATE is taken out.
 */
export const withoutFirstTwo = (pair: Pair): Pair =>
  pair.map(
    (lines) => split(lines, ({ event, end }) => event === "MIGRATE" && end <= 2).rest,
  ) as unknown as Pair;
