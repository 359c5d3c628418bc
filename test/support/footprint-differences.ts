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
 * parent's copies are taken out: the model's parent, who goes first, copies each page of the fork once and all
 * in one way, the recorded one some of them, once and in that way. What is more, less or different stays.
 */
export function withoutCopies([own, theirs]: Pair): Pair {
  const ours = copiesOf(own);
  const recorded = copiesOf(theirs);
  const missing = ours.forked.filter((page) => !ours.copies.has(page));
  const [usual] = ours.copies.values();
  const last = ours.forked.at(-1);
  // A callback is asked for one page more; after the last one there is none.
  const odd = [...ours.copies].filter(([page, how]) => how !== usual && page !== last);
  const others = [...recorded.copies].filter(([page, how]) => how !== ours.copies.get(page));
  return [
    [...ours.rest, ...missing.map((page) => `no copy of ${page}`)],
    [...recorded.rest, ...[...odd, ...others].map(([page, how]) => `copy of ${page}: ${how}`)],
  ];
}

/** The first copy of each page after its fork, as what is done to the page, and all other lines. */
function copiesOf(lines: readonly string[]): {
  readonly forked: readonly number[];
  readonly copies: ReadonlyMap<number, string>;
  readonly rest: readonly string[];
} {
  const forked = new Set<number>();
  const copies = new Map<number, string>();
  const rest: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const range = rangeIn(lines[at]);
    const block = blockAt(lines, at);
    at += Math.max(block.length, 1);
    if (range?.event === "PROTECTION_PAGE") {
      for (let page = range.first; page < range.end; page += 1) forked.add(page);
    }
    if (range === undefined || !isOnePage(range) || !forked.has(range.first)) rest.push(...block);
    else if (copies.has(range.first)) rest.push(...block);
    else copies.set(range.first, withoutPage(range.first, block));
  }
  return { forked: [...forked], copies, rest };
}

/** The lines of a page's region, with pages counted from it. */
const withoutPage = (page: number, block: readonly string[]): string =>
  block.join(", ").replaceAll(/\b(\d+)-(\d+)\b/g, (_, from, to) => `${from - page}-${to - page}`);

/**
 * `migrate_mixed`: the kernel does not join a mapping with a neighbour that has never had an anonymous page
 * (is_mergeable_anon_vma), so it migrates the first two pages that the device asks for one by one; the model has
 * no anon_vma and migrates them together. Their MIGRATE is taken out.
 */
export const withoutFirstTwo = (pair: Pair): Pair =>
  pair.map(
    (lines) => split(lines, ({ event, end }) => event === "MIGRATE" && end <= 2).rest,
  ) as unknown as Pair;
