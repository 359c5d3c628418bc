/**
 * What the page shows, in one object; whoever draws it is told when it changes.
 */
import type { FileReport } from "../../src/recording/check-report.ts";
import type { PageHead } from "../../src/view/page-head.ts";
import { type PageViolation, violationsOf } from "../../src/view/violations.ts";
import type { Loaded } from "../load/load.ts";
import { type Axis, type AxisKind, axisOf, type Window } from "./axis.ts";
import type { Lane, LaneMode } from "./lanes.ts";
import { selectedIndexes } from "./selection.ts";
import type { Span } from "./span.ts";

/** Which colours are used. */
export type Theme = "system" | "light" | "dark";

/** Two remembered events. */
export interface Marks {
  readonly a: number | null;
  readonly b: number | null;
}

/** What a search has found. */
export interface Search {
  readonly text: string;
  /** Indexes that match, ascending; null: nothing is searched for. */
  readonly matches: Float64Array | null;
  /** The list shows only these. */
  readonly only: boolean;
  /** Part of the events that was looked at; 1: all. */
  readonly done: number;
  /** Why the text is no search. */
  readonly problem: string | null;
}

/** All that the page shows. */
export interface Shown {
  readonly phase: "reading" | "ready" | "failed";
  /** What failed. */
  readonly failure: string;
  readonly read: number;
  /** Event at which one stands; -1: before the first. */
  readonly cursor: number;
  readonly window: Window;
  readonly axis: AxisKind;
  readonly mode: LaneMode;
  readonly lanes: readonly Lane[];
  /** Pixels by which the lanes are scrolled. */
  readonly scroll: number;
  readonly marks: Marks;
  readonly search: Search;
  /** Place in the violations; -1: none is chosen. */
  readonly finding: number;
  readonly theme: Theme;
  readonly help: boolean;
  /** What was done, for a moment. */
  readonly notice: string;
}

/** What is searched at first. */
export const NO_SEARCH: Search = {
  text: "",
  matches: null,
  only: false,
  done: 1,
  problem: null,
};

/** The page's state, with the file that it is about. */
export class Store {
  readonly head: PageHead;
  readonly loaded: Loaded;
  /** All violations, in the order of their events. */
  readonly violations: readonly PageViolation[];
  /** Indexes of the events that violate a rule, ascending. */
  readonly violating: Float64Array;
  /** The same by their tasks, when the file was read. */
  violatingOf: ReadonlyMap<number, Float64Array> = new Map();
  /** Indexes of what was selected when the page was written; null: nothing was. */
  readonly selected: Float64Array | null;
  /** The page that was followed last, and to which event: one of many pages does not lead to another page. */
  followed: { readonly page: number; readonly index: number } | null = null;
  /** Height of the canvas with the lanes, in pixels; 0: it is not drawn yet. */
  room = 0;
  /** All spans by their start, when the file was read. */
  spans: readonly Span[] = [];
  #shown: Shown;
  readonly #listeners = new Set<() => void>();

  /** @param loaded The file, of which nothing need be read yet. */
  constructor(head: PageHead, loaded: Loaded) {
    this.head = head;
    this.loaded = loaded;
    this.violations = violationsOf(head, head.report.findings);
    this.violating = Float64Array.from(new Set(this.violations.map(({ index }) => index)));
    this.selected = selectedIndexes(head);
    this.#shown = {
      phase: "reading",
      failure: "",
      read: 0,
      cursor: -1,
      window: { from: 0, to: 1 },
      axis: head.header.kind === "recording" ? "time" : "event",
      mode: "task",
      lanes: [],
      scroll: 0,
      marks: { a: null, b: null },
      search: NO_SEARCH,
      finding: -1,
      theme: "system",
      help: false,
      notice: "",
    };
  }

  /** What is shown now. */
  get shown(): Shown {
    return this.#shown;
  }

  /** What `check` says of the file. */
  get report(): Omit<FileReport, "slice"> {
    return this.head.report;
  }

  /** A task as `check` names it. */
  taskName(id: number): string {
    return this.head.report.taskNames[id] ?? `task${id}`;
  }

  /** The axis that is shown. */
  get axis(): Axis {
    return axisOf(this.loaded.recorded, this.#shown.axis);
  }

  /** Changes what is shown. */
  show(changes: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...changes };
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after every change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
