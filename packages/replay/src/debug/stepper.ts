/**
 * What can be done and asked at a moment of a timeline; each answer is some lines.
 */
import type { State } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { SimError } from "@mmreplay/events";
import { pictureOfEvent } from "../recording/around.ts";
import type { Finding } from "../recording/check-report.ts";
import { AFTER_MAX, BEFORE_MAX } from "../recording/slice-around.ts";
import { leavesOf } from "../report/changes.ts";
import { twoColumnTable } from "../report/table/table.ts";
import { conditionAlong } from "../timeline/along.ts";
import { Bookmarks } from "../timeline/bookmarks.ts";
import { type Condition, conditionOf } from "../timeline/condition.ts";
import { findNext, findPrevious } from "../timeline/find.ts";
import { findingsOf } from "../timeline/findings.ts";
import { lastChange } from "../timeline/last-change.ts";
import type { OpenedTimeline } from "../timeline/open.ts";
import { stepsOf, valueAt } from "../timeline/path.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { alongIn, type Followed } from "./along-words.ts";
import { changeLine, changeLines, eventLine, momentLines, short } from "./words.ts";

const TABLE_WIDTH = 75;
const LEAVES_MAX = 40;

interface Break {
  readonly text: string;
  readonly condition: Condition;
}

/** Somebody who stands at a moment and asks. */
export class Stepper {
  readonly #file: string;
  readonly #opened: OpenedTimeline;
  readonly #stopped: () => boolean;
  readonly #breaks: Break[] = [];
  readonly #marks = new Bookmarks();
  #followed: Followed | undefined;
  #findings: readonly Finding[] | undefined;

  /** @param stopped Whether the user has interrupted a search that takes long. */
  constructor(file: string, opened: OpenedTimeline, stopped: () => boolean = () => false) {
    this.#file = file;
    this.#opened = opened;
    this.#stopped = stopped;
  }

  /** What is stepped through. */
  get file(): string {
    return this.#file;
  }

  /** Its timeline. */
  get timeline(): Timeline {
    return this.#opened.timeline;
  }

  readonly #nameOf = (task: number): string =>
    this.#opened.summary.taskNames.get(task) ?? `task${task}`;

  /** Events that the selection takes; undefined: nothing is selected. */
  get selected(): number | undefined {
    return this.#opened.selected?.count;
  }

  /** So many events on or back, or to the next one of a task, a notifier or a page, or to the next mark. */
  step(argument: string, way: "next" | "back"): string[] {
    if (argument !== "" && "mark".startsWith(argument)) return this.#toMark(way);
    const along = alongIn(argument, this.timeline.moment, this.#followed);
    if (along !== undefined) {
      const said = this.search(conditionAlong(along), way);
      this.#followed = { along, index: this.timeline.moment.index };
      return said;
    }
    const count = countOf(argument);
    const { selected } = this.#opened;
    const { index } = this.timeline.moment;
    const by = way === "next" ? 1 : -1;
    if (selected === undefined) return this.to(index + by * count);
    let place: number | undefined = index;
    for (let left = count; left > 0 && place !== undefined; left -= 1) {
      place = selected.nearest(place, by, this.timeline.length);
    }
    return place === undefined ? [this.#noneIn(way)] : this.to(place);
  }

  #toMark(way: "next" | "back"): string[] {
    const mark = this.#marks.nearest(this.timeline.moment.index, way);
    if (mark === undefined) return [`no mark ${way === "next" ? "after" : "before"} this event`];
    return [`${mark.name}:`, ...this.to(mark.index)];
  }

  #noneIn(way: "next" | "back"): string {
    return `no event ${way === "next" ? "after" : "before"} this one is selected`;
  }

  /** To an event, with what it changed and what is violated there. */
  to(index: number): string[] {
    const { length } = this.timeline;
    const moment = this.timeline.seek(index);
    const end = index >= length ? ["the end: no event follows"] : [];
    return [...end, ...momentLines(moment, this.#nameOf), ...this.#changed(), ...this.#violated()];
  }

  #changed(): string[] {
    const { index } = this.timeline.moment;
    return index < 0 ? [] : changeLines(this.timeline.diff(index - 1, index));
  }

  /** What is violated here, once it has been looked for. */
  #violated(): string[] {
    const { index } = this.timeline.moment;
    const here = (this.#findings ?? []).filter((finding) => finding.index === index);
    return here.map(({ rule, message }) => `  ${rule} violated: ${message}`);
  }

  /** The condition of a text. */
  condition(text: string): Condition {
    return conditionOf(text, {
      violations: () => new Set(this.#allFindings().map(({ index }) => index)),
    });
  }

  /** The same condition, met by what is selected alone; it sees every event, as it may remember the one before. */
  #ofSelected(condition: Condition): Condition {
    const { selected } = this.#opened;
    if (selected === undefined) return condition;
    return () => {
      const visitor = condition();
      const after = (event: MmEvent, state: State): boolean =>
        visitor.after(event, state) && selected.has(event.index);
      return { ...visitor, after };
    };
  }

  #find(condition: Condition, way: "next" | "back"): number | undefined {
    const find = way === "next" ? findNext : findPrevious;
    const { index } = this.timeline.moment;
    return find(this.timeline, this.#ofSelected(condition), index, this.#stopped);
  }

  #allFindings(): readonly Finding[] {
    this.#findings ??= findingsOf(this.#opened);
    return this.#findings;
  }

  /** To the nearest event that meets a condition. */
  search(condition: Condition, way: "next" | "back"): string[] {
    const found = this.#find(condition, way);
    if (found !== undefined) return this.to(found);
    return [
      this.#stopped()
        ? "interrupted"
        : `no event ${way === "next" ? "after" : "before"} this one meets it`,
    ];
  }

  /** One more break, or all there are. */
  breaks(text: string): string[] {
    if (text !== "") this.#breaks.push({ text, condition: this.condition(text) });
    if (this.#breaks.length === 0) return ["no breaks"];
    return this.#breaks.map((one, at) => `${at + 1}  ${one.text}`);
  }

  /** A break less. */
  forget(argument: string): string[] {
    const [gone] = this.#breaks.splice(countOf(argument) - 1, 1);
    return [gone === undefined ? `no break ${argument}` : `forgot ${gone.text}`];
  }

  /** To the nearest event that meets a break, or the end. */
  run(way: "next" | "back"): string[] {
    const met = this.#breaks.flatMap(({ condition }) => {
      const found = this.#find(condition, way);
      return found === undefined ? [] : [found];
    });
    if (met.length > 0) return this.to(way === "next" ? Math.min(...met) : Math.max(...met));
    return this.to(way === "next" ? this.timeline.length - 1 : -1);
  }

  /** To the next violation, or with `back` the one before. */
  violation(argument: string): string[] {
    const { index } = this.timeline.moment;
    const all = this.#allFindings().filter(({ verdict }) => verdict === "violated");
    const back = argument !== "" && "back".startsWith(argument);
    const finding = back
      ? all.findLast((one) => one.index < index)
      : all.find((one) => one.index > index);
    if (finding === undefined) {
      return [
        all.length === 0
          ? "no rule is violated"
          : `no violation ${back ? "before" : "after"} this one`,
      ];
    }
    const evidence = finding.evidence.map(({ index: at, text }) => `    #${at} ${text}`);
    return [...this.to(finding.index), ...evidence];
  }

  /** The state, or what is at a path. */
  print(path: string): string[] {
    const { state } = this.timeline.moment;
    const value = path === "" ? state : valueAt(state, stepsOf(path));
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
  diff(argument: string): string[] {
    const { index } = this.timeline.moment;
    const places = argument === "" ? [] : argument.split(/\s+/).map((text) => this.place(text));
    const [from = index - 1, to = index] = places;
    const changes = this.timeline.diff(from, to);
    return [`from #${from} to #${to}: ${changes.length} changes`, ...changes.map(changeLine)];
  }

  /** The event that last changed a value. */
  why(path: string): string[] {
    const { index, state } = this.timeline.moment;
    const now = `${path} = ${short(valueAt(state, stepsOf(path)))}`;
    const change = lastChange(this.timeline, path, index);
    if (change === undefined) return [`${now}, and it was never anything else`];
    const event: MmEvent = this.timeline.eventAt(change.index);
    return [
      now,
      `  ${short(change.before)} -> ${short(change.after)} by`,
      `  ${eventLine(event, this.#nameOf)}`,
    ];
  }

  /** The two-column table around this event. */
  diagram(): string[] {
    const { event, index } = this.timeline.moment;
    if (event === undefined) return ["no event is here"];
    const first = Math.max(0, index - BEFORE_MAX);
    const last = Math.min(this.timeline.length - 1, index + AFTER_MAX);
    const slice = Array.from({ length: last - first + 1 }, (_, at) =>
      this.timeline.eventAt(first + at),
    );
    const lines = twoColumnTable(pictureOfEvent(this.#file, slice, event, this.#opened.summary), {
      width: TABLE_WIDTH,
      frame: "plain",
    });
    return lines.length === 0 ? ["no step of the protocol is here"] : [...lines];
  }

  /** A name for this moment, or all there are. */
  mark(name: string): string[] {
    if (name !== "") this.#marks.set(name, this.timeline.moment.index);
    if (this.#marks.count === 0) return ["no marks"];
    return this.#marks.list().map(({ name: mark, index }) => `${mark}  #${index}`);
  }

  /** The event that a number or a mark names. */
  place(text: string): number {
    const marked = this.#marks.at(text);
    if (marked !== undefined) return marked;
    if (/^#?-?\d+$/.test(text)) return Number(text.replace("#", ""));
    throw new SimError({
      code: "E_PLACE",
      found: JSON.stringify(text),
      expected: `the index of an event${this.#marks.count === 0 ? "" : " or a mark"}`,
      action: "mark NAME remembers a moment.",
    });
  }
}

/** A number of events, or 1. */
export function countOf(argument: string): number {
  if (argument === "") return 1;
  if (/^\d+$/.test(argument)) return Number(argument);
  throw new SimError({
    code: "E_COUNT",
    found: JSON.stringify(argument),
    expected: "a number",
    action: "Say how many.",
  });
}

function joined(path: string, inner: string): string {
  if (path === "" || inner === "") return path + inner;
  return inner.startsWith("[") ? path + inner : `${path}.${inner}`;
}
