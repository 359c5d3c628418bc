/**
 * Somebody who stands at a moment of a timeline and moves; each answer is some lines.
 *
 * What takes long pauses now and then (`Searching`), so that a session can be interrupted; whoever is left in the middle
 * of a search has not moved.
 */
import { RULES, type State } from "@mmreplay/core";
import { EVENT_TYPES, type MmEvent, SimError } from "@mmreplay/events";
import type { Searching } from "../explore/search.ts";
import type { Finding } from "../recording/check-report.ts";
import { conditionAlong } from "../timeline/along.ts";
import { Bookmarks } from "../timeline/bookmarks.ts";
import { type Condition, conditionOf } from "../timeline/condition.ts";
import { termsOf } from "../timeline/condition-grammar.ts";
import { seekingNext, seekingPrevious } from "../timeline/find.ts";
import { findingAll, findingsOf } from "../timeline/findings.ts";
import { knownSteps } from "../timeline/known-path.ts";
import type { OpenedTimeline } from "../timeline/open.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { alongIn, type Followed } from "./along-words.ts";
import { checkMark, countOf, isBack } from "./arguments.ts";
import { changeLines, momentLines } from "./words.ts";

/** Which way somebody goes. */
export type Way = "next" | "back";

/** Somebody who stands at a moment and moves. */
export class Stepper {
  readonly file: string;
  readonly opened: OpenedTimeline;
  readonly #marks = new Bookmarks();
  #followed: Followed | undefined;
  #findings: readonly Finding[] | undefined;

  /** @param file What is stepped through. */
  constructor(file: string, opened: OpenedTimeline) {
    this.file = file;
    this.opened = opened;
  }

  /** Its timeline. */
  get timeline(): Timeline {
    return this.opened.timeline;
  }

  /** What a task is called. */
  readonly nameOf = (task: number): string =>
    this.opened.summary.taskNames.get(task) ?? `task${task}`;

  /** Events that the selection takes; undefined: nothing is selected. */
  get selected(): number | undefined {
    return this.opened.selected?.count;
  }

  /** So many events on or back, or to the next one of a task, a notifier or a page, or to the next mark. */
  *step(argument: string, way: Way): Searching<string[]> {
    if (argument !== "" && "mark".startsWith(argument)) return this.#toMark(way);
    const along = alongIn(argument, this.timeline.moment, this.#followed);
    if (along !== undefined) {
      const said = yield* this.search(conditionAlong(along), way);
      this.#followed = { along, index: this.timeline.moment.index };
      return said;
    }
    const count = countOf(argument);
    const { selected } = this.opened;
    const { index } = this.timeline.moment;
    const by = way === "next" ? 1 : -1;
    if (selected === undefined) return this.to(index + by * count);
    let place: number | undefined = index;
    for (let left = count; left > 0 && place !== undefined; left -= 1) {
      place = selected.nearest(place, by, this.timeline.length);
    }
    return place === undefined ? [this.#noneIn(way)] : this.to(place);
  }

  #toMark(way: Way): string[] {
    const mark = this.#marks.nearest(this.timeline.moment.index, way);
    if (mark === undefined) return [`no mark ${way === "next" ? "after" : "before"} this event`];
    return [`${mark.name}:`, ...this.to(mark.index)];
  }

  #noneIn(way: Way): string {
    return `no event ${way === "next" ? "after" : "before"} this one is selected`;
  }

  /** To an event, with what it changed and what is violated there. */
  to(index: number): string[] {
    const { length } = this.timeline;
    const moment = this.timeline.seek(index);
    const end = index >= length ? ["the end: no event follows"] : [];
    return [...end, ...momentLines(moment, this.nameOf), ...this.#changed(), ...this.#violated()];
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

  /**
   * The condition of a text.
   *
   * @throws SimError `E_CONDITION` or `E_PATH` when it is none, or names what there is not.
   */
  condition(text: string): Condition {
    const { head, moment } = this.timeline;
    let all: ReadonlySet<number> | undefined;
    return conditionOf(text, {
      violations: () => {
        all ??= this.#violating();
        return all;
      },
      violationsOf: (rule) => this.#violating(rule),
      known: {
        types: EVENT_TYPES,
        rules: RULES.map(({ id }) => id),
        tasks: head.tasks.length,
        notifiers: head.notifiers.length,
        states: [head, moment.state],
        path: (path) => this.steps(path),
      },
    });
  }

  /** The steps of a path. @throws SimError `E_PATH` when it leads nowhere. */
  steps(path: string): string[] {
    return knownSteps(path, [this.timeline.head, this.timeline.moment.state]);
  }

  /** The same condition, met by what is selected alone; it sees every event, as it may remember the one before. */
  #ofSelected(condition: Condition): Condition {
    const { selected } = this.opened;
    if (selected === undefined) return condition;
    return () => {
      const visitor = condition();
      const after = (event: MmEvent, state: State): boolean =>
        visitor.after(event, state) && selected.has(event.index);
      return { ...visitor, after };
    };
  }

  /** Where the nearest event is that meets a condition; undefined: nowhere. */
  *find(condition: Condition, way: Way): Searching<number | undefined> {
    const seeking = way === "next" ? seekingNext : seekingPrevious;
    const { index } = this.timeline.moment;
    return yield* seeking(this.timeline, this.#ofSelected(condition), index);
  }

  /** Judges the events where a condition asks for violations, so that a search for them need not. */
  *readyFor(text: string): Searching<void> {
    if (termsOf(text).some(({ kind }) => kind === "violation")) yield* this.#allFindings();
  }

  *#allFindings(): Searching<readonly Finding[]> {
    this.#findings ??= yield* findingAll(this.opened);
    return this.#findings;
  }

  /** Indexes of the events that violate a rule: this one, or any. */
  #violating(rule?: string): ReadonlySet<number> {
    this.#findings ??= findingsOf(this.opened);
    const all = this.#findings.filter((one) => rule === undefined || one.rule === rule);
    return new Set(all.map(({ index }) => index));
  }

  /** To the nearest event that meets a condition in words. */
  *searchFor(text: string, way: Way): Searching<string[]> {
    const condition = this.condition(text);
    yield* this.readyFor(text);
    return yield* this.search(condition, way);
  }

  /** To the nearest event that meets a condition. */
  *search(condition: Condition, way: Way): Searching<string[]> {
    const found = yield* this.find(condition, way);
    if (found !== undefined) return this.to(found);
    return [`no event ${way === "next" ? "after" : "before"} this one meets it`];
  }

  /** To the next violation, or with `back` the one before. */
  *violation(argument: string): Searching<string[]> {
    const { index } = this.timeline.moment;
    const all = (yield* this.#allFindings()).filter(({ verdict }) => verdict === "violated");
    const back = isBack(argument);
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

  /** A name for this moment, or all there are. */
  mark(name: string): string[] {
    if (name !== "") {
      checkMark(name);
      this.#marks.set(name, this.timeline.moment.index);
    }
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
