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
  const fork = region("PROTECTION_PAGE", "0-4");

  it("does not matter after the fork", () => {
    expect(
      alike(
        withoutCopies([
          [...fork, ...page(0), ...page(1)],
          [...fork, ...page(1)],
        ]),
      ),
    ).toBe(true);
  });

  it("matters before it, and where the model does not copy", () => {
    expect(alike(withoutCopies([[...page(0), ...fork], fork]))).toBe(false);
    expect(alike(withoutCopies([fork, [...fork, ...page(0)]]))).toBe(false);
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
