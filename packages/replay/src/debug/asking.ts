/**
 * What can be asked at a moment: values, differences, who changed what, the table. Nobody moves.
 */
import type { MmEvent } from "@mmreplay/events";
import { counted } from "../cli/counted.ts";
import type { Searching } from "../explore/search.ts";
import { pictureOfEvent } from "../recording/around.ts";
import { AFTER_MAX, BEFORE_MAX } from "../recording/slice-around.ts";
import { leavesOf } from "../report/changes.ts";
import { twoColumnTable } from "../report/table/table.ts";
import { seekingChange } from "../timeline/last-change.ts";
import { valueAt } from "../timeline/path.ts";
import { momentsIn } from "./arguments.ts";
import type { Stepper } from "./stepper.ts";
import { changeLine, eventLine, short } from "./words.ts";

const TABLE_WIDTH = 75;
const LEAVES_MAX = 40;

/** The state, or what is at a path. */
export function print(at: Stepper, path: string): string[] {
  const { state } = at.timeline.moment;
  const value = path === "" ? state : valueAt(state, at.steps(path));
  if (value === undefined) return [`nothing is at ${path}`];
  const leaves = leavesOf(value);
  const lines = leaves.slice(0, LEAVES_MAX).map(({ path: inner, value: leaf }) => {
    return `  ${joined(path, inner)} = ${short(leaf)}`;
  });
  return leaves.length > LEAVES_MAX
    ? [...lines, `  ... and ${leaves.length - LEAVES_MAX} more`]
    : lines;
}

/** What this event changed, what changed since a moment, or between two. */
export function diff(at: Stepper, argument: string): string[] {
  const { index } = at.timeline.moment;
  const places = momentsIn(argument).map((text) => at.place(text));
  const [from = index - 1, to = index] = places;
  const changes = at.timeline.diff(from, to);
  return [
    `from #${from} to #${to}: ${counted(changes.length, "change")}`,
    ...changes.map(changeLine),
  ];
}

/** The event that last changed a value. */
export function* why(at: Stepper, path: string): Searching<string[]> {
  const { index, state } = at.timeline.moment;
  const now = `${path} = ${short(valueAt(state, at.steps(path)))}`;
  const change = yield* seekingChange(at.timeline, path, index);
  if (change === undefined) return [`${now}, and it was never anything else`];
  const event: MmEvent = at.timeline.eventAt(change.index);
  return [
    now,
    `  ${short(change.before)} -> ${short(change.after)} by`,
    `  ${eventLine(event, at.nameOf)}`,
  ];
}

/** The two-column table around this event. */
export function diagram(at: Stepper): string[] {
  const { event, index } = at.timeline.moment;
  if (event === undefined) return ["no event is here"];
  const first = Math.max(0, index - BEFORE_MAX);
  const last = Math.min(at.timeline.length - 1, index + AFTER_MAX);
  const slice = Array.from({ length: last - first + 1 }, (_, place) =>
    at.timeline.eventAt(first + place),
  );
  const lines = twoColumnTable(pictureOfEvent(at.file, slice, event, at.opened.summary), {
    width: TABLE_WIDTH,
    frame: "plain",
  });
  return lines.length === 0 ? ["no step of the protocol is here"] : [...lines];
}

function joined(path: string, inner: string): string {
  if (path === "" || inner === "") return path + inner;
  return inner.startsWith("[") ? path + inner : `${path}.${inner}`;
}
