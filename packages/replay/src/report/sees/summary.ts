/**
 * All operations beside each other: what each tells, and what a device finds afterwards.
 */
import type { Access, FoundPage } from "../../sees/access.ts";
import type { Sight } from "../../sees/sight.ts";
import { returnCode } from "../table/names.ts";
import { locksOf, rangeOf } from "./words.ts";

const HEAD = ["operation", "event", "range", "may sleep", "lock", "then READ", "then WRITE"];

const LEGEND = [
  "event: what a notifier is told; nothing: none is called. may sleep: whether its callback may.",
  "then: what the device finds; pages 0-3 were mirrored. kept: its entry, or what the operation itself has stored,",
  "is still there. Else it faults and maps the same page, its copy, the zero page, a new or another one, read-only",
  "(ro) or for writing (rw).",
  "* held in the kernel; the model does not take it.",
];

/** The table's lines. */
export function summaryLines(sights: readonly Sight[]): string[] {
  const rows = [HEAD, ...sights.flatMap(rowsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...lines, "", ...LEGEND];
}

function rowsOf(sight: Sight): string[][] {
  const { seen, invalidations, accesses } = sight;
  const told =
    invalidations.length === 0
      ? [["nothing", "-", "-"]]
      : invalidations.map((one) => [
          one.event,
          rangeOf(one),
          one.blockable === false ? "no" : "yes",
        ]);
  const locks = locksOf(sight);
  const then = [accesses[0], accesses[1]].map((access) => (access ? accessWords(access) : "waits"));
  return told.map((cells, at) => [
    at === 0 ? seen.name : "",
    ...cells,
    locks[at] ?? "",
    ...(at === 0 ? then : []),
  ]);
}

/** What an access came to. */
export function accessWords({ rc, faults, busy, pages }: Access): string {
  const after = busy === 0 ? "" : ", after -EBUSY";
  if (rc !== 0) return `${returnCode(rc)}${after}`;
  const found = [...new Set(pages.map((page) => foundWords(page, faults)))];
  return `${found.join("; ")}${after}`;
}

function foundWords({ found, writable }: FoundPage, faults: number): string {
  return `${faults === 0 ? "kept" : found}, ${writable ? "rw" : "ro"}`;
}
