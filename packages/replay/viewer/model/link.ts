/**
 * Where one stands, as the part of the address after `#`: `e=18234&mark=18228,18240&lanes=cpu&axis=event`.
 */
import type { AxisKind } from "./axis.ts";
import type { LaneMode } from "./lanes.ts";
import type { Marks, Shown } from "./store.ts";

/** What a link says. */
export interface Link {
  /** -1: before the first event. */
  readonly cursor: number | null;
  readonly marks: Marks;
  readonly mode: LaneMode | null;
  readonly axis: AxisKind | null;
  readonly query: string;
}

/** The link of what is shown. */
export function linkOf({ cursor, marks, mode, axis, search }: Shown): string {
  const params = new URLSearchParams();
  params.set("e", String(cursor));
  const both = [marks.a, marks.b].filter((index) => index !== null);
  if (both.length > 0) params.set("mark", both.join(","));
  params.set("lanes", mode);
  params.set("axis", axis);
  if (search.text !== "") params.set("q", search.text);
  return `#${params.toString()}`;
}

/** What a link says; what it does not say, or says wrongly, is null. */
export function readLink(hash: string): Link {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const [a = null, b = null] = (params.get("mark") ?? "")
    .split(",")
    .map((text) => momentOf(text))
    .filter((index) => index !== null);
  return {
    cursor: momentOf(params.get("e") ?? ""),
    marks: { a, b },
    mode: among(["task", "cpu", "notifier"], params.get("lanes")),
    axis: among(["time", "event"], params.get("axis")),
    query: params.get("q") ?? "",
  };
}

/** The index of an event, or -1: the moment before the first one. */
function momentOf(text: string): number | null {
  return /^(-1|\d{1,15})$/.test(text) ? Number(text) : null;
}

function among<const T extends string>(words: readonly T[], text: string | null): T | null {
  return words.find((word) => word === text) ?? null;
}
