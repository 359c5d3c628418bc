/**
 * Smaller ranges of pages: of one operation, of all, of the whole address space.
 *
 * Zones of memory stay where they are, so there only what accesses pages touches fewer of them; huge pages of
 * the pool are wholes, and stay so.
 */
import type { Operation } from "@mmreplay/core";
import { addressOfPage, endPageExclusive, pageOf } from "@mmreplay/events";
import { changed, type Draft } from "./draft.ts";

/** An operation over its first page alone; itself where it has no more, or may not be cut. */
export function onFirstPage(op: Operation, draft: Draft): Operation {
  switch (op.op) {
    case "insert":
      if (draft.rest.memory === true || pageOf(op.length) <= 1) return op;
      return { ...op, length: addressOfPage(1) };
    case "inv_start": {
      const end = addressOfPage(pageOf(op.start) + 1);
      return endPageExclusive(op.end) - pageOf(op.start) <= 1 ? op : { ...op, end };
    }
    case "fault":
      return op.np <= 1 && op.pageOffset === 0 ? op : { ...op, np: 1, pageOffset: 0 };
    case "cpu_access":
    case "dmirror":
    case "file_read":
    case "file_write":
      return op.np <= 1 || draft.rest.pmdOrder !== undefined ? op : { ...op, np: 1 };
    default:
      return op;
  }
}

/** The address space cut to so many pages; ranges beyond them come to lie at its end. */
export function cutTo(draft: Draft, pages: number): Draft {
  const { rest } = draft;
  const cut = (from: number, to: number): readonly [number, number] => {
    const first = Math.min(from, pages - 1);
    return [first, Math.min(Math.max(to, first + 1), pages)];
  };
  const smaller = changed(
    { ...draft, rest: { ...rest, pages, cpu: rest.cpu.slice(0, pages) } },
    (op) => {
      if (op.op === "populate") return { ...op, page: Math.min(op.page, pages - 1) };
      if (op.op === "insert") {
        const [from, to] = cut(pageOf(op.start), pageOf(op.start) + pageOf(op.length));
        return { ...op, start: addressOfPage(from), length: addressOfPage(to - from) };
      }
      if (!("start" in op)) return op;
      const [from, to] = cut(pageOf(op.start), endPageExclusive(op.end));
      return { ...op, start: addressOfPage(from), end: addressOfPage(to) };
    },
  );
  return withinNotifiers(smaller);
}

/** Faults inside their notifiers, whichever insertion they meet. */
export function withinNotifiers(draft: Draft): Draft {
  const least = new Map<number, number>();
  for (const { op } of draft.programs.flat()) {
    if (op.op !== "insert") continue;
    const np = pageOf(op.length);
    least.set(op.n, Math.min(np, least.get(op.n) ?? np));
  }
  return changed(draft, (op) => {
    if (op.op !== "fault") return op;
    const np = Math.max(1, least.get(op.n) ?? 1);
    const pageOffset = Math.min(op.pageOffset, np - 1);
    return { ...op, pageOffset, np: Math.min(op.np, np - pageOffset) };
  });
}
