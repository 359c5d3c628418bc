/**
 * Named differences of footprints: each takes out what it names, and nothing else.
 */
import { describe, expect, it } from "vitest";
import { inOrder, withoutCopies, withoutFirstTwo } from "../../../support/footprint-differences.ts";

const region = (event: string, pages: string, ...inside: string[]): string[] => [
  `${event} ${pages}, blockable true, no owner`,
  ...inside,
  "callback true",
  "end",
];
const page = (first: number, ...inside: string[]): string[] =>
  region("CLEAR", `${first}-${first + 1}`, ...inside);
const alike = ([own, theirs]: readonly [readonly string[], readonly string[]]): boolean =>
  JSON.stringify(own) === JSON.stringify(theirs);

describe("the order of an eviction", () => {
  const up = [...page(0, "erase 0-2, 2 pages"), ...page(1)];
  const down = [...page(1, "erase 1-2, 1 pages"), ...page(0, "erase 0-1, 1 pages")];

  it("does not matter, nor which callback has erased a page", () => {
    expect(alike([up, down])).toBe(false);
    expect(alike(inOrder([up, down]))).toBe(true);
  });

  it("keeps a page that is not told or not erased, and the place of everything else", () => {
    expect(alike(inOrder([up, page(1, "erase 0-2, 2 pages")]))).toBe(false);
    expect(alike(inOrder([up, [...page(1), ...page(0, "erase 0-1, 1 pages")]]))).toBe(false);
    const unmap = region("UNMAP", "0-2");
    expect(
      alike(
        inOrder([
          [...up, ...unmap],
          [...unmap, ...down],
        ]),
      ),
    ).toBe(false);
  });
});

describe("who copies", () => {
  const fork = region("PROTECTION_PAGE", "0-2");
  const both = [...fork, ...page(0), ...page(1)];
  const compared = (own: readonly string[], theirs: readonly string[]): boolean =>
    alike(withoutCopies([own, theirs]));

  it("does not matter after the fork", () => {
    expect(compared(both, [...fork, ...page(1)])).toBe(true);
    expect(compared(both, fork)).toBe(true);
    expect(compared(both, both)).toBe(true);
  });

  it("matters before it, and of pages that were not forked", () => {
    expect(compared([...page(0), ...both], fork)).toBe(false);
    expect(compared([...both, ...page(2)], fork)).toBe(false);
    expect(compared(both, [...fork, ...page(2)])).toBe(false);
  });

  it("matters where the model copies a page twice, or not at all", () => {
    expect(compared([...both, ...page(0)], fork)).toBe(false);
    expect(compared([...fork, ...page(0)], fork)).toBe(false);
    expect(compared([...fork, ...page(0)], both)).toBe(false);
    expect(compared(both, [...both, ...page(1)])).toBe(false);
  });

  it("matters where one copy does something else than the others", () => {
    const three = region("PROTECTION_PAGE", "0-3");
    const erasesOne = [...three, ...page(0), ...page(1, "erase 1-2, 1 pages"), ...page(2)];
    expect(compared(erasesOne, three)).toBe(false);
    expect(compared(both, [...fork, ...page(1, "erase 1-2, 1 pages")])).toBe(false);
  });
});

describe("mappings that the kernel does not join", () => {
  it("are left out of a migration, with their pages only", () => {
    const [one, other] = [region("MIGRATE", "0-2"), region("MIGRATE", "0-1")];
    const further = region("MIGRATE", "2-4");
    expect(
      alike(
        withoutFirstTwo([
          [...one, ...further],
          [...other, ...further],
        ]),
      ),
    ).toBe(true);
    expect(alike(withoutFirstTwo([[...one, ...further], one]))).toBe(false);
  });
});
