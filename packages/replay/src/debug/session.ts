/**
 * A debugging session over a timeline: one line in, some lines out.
 *
 * It knows nothing of terminals, so a test, a pipe and a person use the same one. A verb may be shortened as far
 * as it stays the only one, or to its letter.
 */
import type { MmEvent } from "@mmreplay/events";
import { SimError } from "@mmreplay/events";
import { AFTER_MAX, BEFORE_MAX, pictureOfEvent } from "../recording/around.ts";
import type { Finding } from "../recording/check-report.ts";
import { leavesOf } from "../report/changes.ts";
import { twoColumnTable } from "../report/table/table.ts";
import { type Condition, conditionOf } from "../timeline/condition.ts";
import { findNext, findPrevious } from "../timeline/find.ts";
import { findingsOf } from "../timeline/findings.ts";
import { lastChange } from "../timeline/last-change.ts";
import type { OpenedTimeline } from "../timeline/open.ts";
import { stepsOf, valueAt } from "../timeline/path.ts";
import { changeLine, changeLines, eventLine, momentLines, short } from "./words.ts";

const TABLE_WIDTH = 75;
const LEAVES_MAX = 40;

/** A verb: what it is called, what it takes, and what it does. */
interface Verb {
  readonly name: string;
  readonly letter: string;
  readonly takes: string;
  readonly does: string;
  readonly run: (argument: string) => string[];
}

interface Break {
  readonly text: string;
  readonly condition: Condition;
}

/** A session. */
export class DebugSession {
  readonly #file: string;
  readonly #opened: OpenedTimeline;
  readonly #stopped: () => boolean;
  readonly #breaks: Break[] = [];
  readonly #marks = new Map<string, number>();
  #findings: readonly Finding[] | undefined;
  #ended = false;

  /** @param stopped Whether the user has interrupted a search that takes long. */
  constructor(file: string, opened: OpenedTimeline, stopped: () => boolean = () => false) {
    this.#file = file;
    this.#opened = opened;
    this.#stopped = stopped;
  }

  /** `quit` was said. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Where one stands, before the next line. */
  get prompt(): string {
    return `#${this.#timeline.moment.index}/${this.#timeline.length - 1}> `;
  }

  /** What a session begins with. */
  greeting(): string[] {
    return [
      `${this.#file}: ${this.#timeline.length} events`,
      "next, back, until CONDITION, why PATH, diff, diagram, violation, help, quit",
    ];
  }

  /** Carries out one line. What is wrong with it is said, and the session goes on. */
  execute(line: string): string[] {
    const [word = "", ...rest] = line.trim().split(/\s+/);
    if (word === "") return [];
    try {
      return this.#verb(word).run(rest.join(" "));
    } catch (error) {
      if (error instanceof SimError) return [error.message];
      throw error;
    }
  }

  /** Lines that begin as this one does: verbs, then conditions and paths. */
  complete(line: string): string[] {
    const [word = "", ...rest] = line.trimStart().split(/\s+/);
    if (rest.length === 0)
      return this.#verbs.map(({ name }) => name).filter((name) => name.startsWith(word));
    const begun = rest.join(" ");
    const verb = this.#verbs.find((one) => one.name.startsWith(word) || one.letter === word);
    const lead = line.slice(0, line.length - begun.length);
    return this.#argumentsOf(verb?.takes ?? "")
      .filter((text) => text.startsWith(begun))
      .map((text) => lead + text);
  }

  #argumentsOf(takes: string): string[] {
    if (takes.includes("CONDITION")) {
      return ["violation", "retry", "seq", "type ", "task ", "notifier ", "page 0x", "changes "];
    }
    if (takes.includes("PATH")) {
      return leavesOf(this.#timeline.moment.state).map(({ path }) => path);
    }
    return [];
  }

  get #timeline() {
    return this.#opened.timeline;
  }

  readonly #nameOf = (task: number): string =>
    this.#opened.summary.taskNames.get(task) ?? `task${task}`;

  #verb(word: string): Verb {
    const named = this.#verbs.filter(({ name }) => name.startsWith(word));
    const verb = this.#verbs.find(({ letter, name }) => letter === word || name === word);
    const [only] = named.length === 1 ? named : [];
    if (verb ?? only) return (verb ?? only) as Verb;
    throw new SimError({
      code: "E_VERB",
      found: JSON.stringify(word),
      expected: named.length > 1 ? named.map(({ name }) => name).join(" or ") : "a verb",
      action: "Say help.",
    });
  }

  readonly #verbs: readonly Verb[] = [
    {
      name: "next",
      letter: "n",
      takes: "[N]",
      does: "go N events on",
      run: (argument) => this.#by(countOf(argument)),
    },
    {
      name: "back",
      letter: "b",
      takes: "[N]",
      does: "go N events back",
      run: (argument) => this.#by(-countOf(argument)),
    },
    {
      name: "goto",
      letter: "g",
      takes: "N|MARK",
      does: "go to an event or a mark",
      run: (argument) => this.#to(this.#place(argument)),
    },
    {
      name: "until",
      letter: "u",
      takes: "CONDITION",
      does: "go on to the next event that meets it",
      run: (argument) => this.#search(this.#condition(argument), "next"),
    },
    {
      name: "since",
      letter: "s",
      takes: "CONDITION",
      does: "go back to the last event that met it",
      run: (argument) => this.#search(this.#condition(argument), "back"),
    },
    {
      name: "break",
      letter: "k",
      takes: "[CONDITION]",
      does: "stop there from now on; without one, list",
      run: (argument) => this.#break(argument),
    },
    {
      name: "delete",
      letter: "x",
      takes: "N",
      does: "forget a break",
      run: (argument) => this.#delete(argument),
    },
    {
      name: "continue",
      letter: "c",
      takes: "",
      does: "go on to the next break, or the end",
      run: () => this.#run("next"),
    },
    {
      name: "reverse",
      letter: "r",
      takes: "",
      does: "go back to the last break, or the beginning",
      run: () => this.#run("back"),
    },
    {
      name: "violation",
      letter: "v",
      takes: "[back]",
      does: "go to the next violation, or the one before",
      run: (argument) => this.#violation(argument),
    },
    {
      name: "print",
      letter: "p",
      takes: "[PATH]",
      does: "the state, or what is at a path",
      run: (argument) => this.#print(argument),
    },
    {
      name: "diff",
      letter: "d",
      takes: "[N|MARK [N|MARK]]",
      does: "what this event changed, or what changed between two moments",
      run: (argument) => this.#diff(argument),
    },
    {
      name: "why",
      letter: "w",
      takes: "PATH",
      does: "the event that last changed a value",
      run: (argument) => this.#why(argument),
    },
    {
      name: "diagram",
      letter: "t",
      takes: "",
      does: "the two-column table around this event",
      run: () => this.#diagram(),
    },
    {
      name: "mark",
      letter: "m",
      takes: "[NAME]",
      does: "remember this moment; without a name, list",
      run: (argument) => this.#mark(argument),
    },
    { name: "help", letter: "h", takes: "", does: "this", run: () => this.#help() },
    {
      name: "quit",
      letter: "q",
      takes: "",
      does: "the end",
      run: () => {
        this.#ended = true;
        return [];
      },
    },
  ];

  #by(count: number): string[] {
    return this.#to(this.#timeline.moment.index + count);
  }

  #to(index: number): string[] {
    const { length } = this.#timeline;
    const moment = this.#timeline.seek(index);
    const end = index >= length ? ["the end: no event follows"] : [];
    return [...end, ...momentLines(moment, this.#nameOf), ...this.#changed(), ...this.#violated()];
  }

  #changed(): string[] {
    const { index } = this.#timeline.moment;
    return index < 0 ? [] : changeLines(this.#timeline.diff(index - 1, index));
  }

  /** What is violated here, once it has been looked for. */
  #violated(): string[] {
    const { index } = this.#timeline.moment;
    const here = (this.#findings ?? []).filter((finding) => finding.index === index);
    return here.map(({ rule, message }) => `  ${rule} violated: ${message}`);
  }

  #condition(text: string): Condition {
    return conditionOf(text, {
      violations: () => new Set(this.#allFindings().map(({ index }) => index)),
    });
  }

  #allFindings(): readonly Finding[] {
    this.#findings ??= findingsOf(this.#opened);
    return this.#findings;
  }

  #search(condition: Condition, way: "next" | "back"): string[] {
    const find = way === "next" ? findNext : findPrevious;
    const { index } = this.#timeline.moment;
    const found = find(this.#timeline, condition, index, this.#stopped);
    if (found !== undefined) return this.#to(found);
    return [
      this.#stopped()
        ? "interrupted"
        : `no event ${way === "next" ? "after" : "before"} this one meets it`,
    ];
  }

  #break(text: string): string[] {
    if (text !== "") this.#breaks.push({ text, condition: this.#condition(text) });
    if (this.#breaks.length === 0) return ["no breaks"];
    return this.#breaks.map((one, at) => `${at + 1}  ${one.text}`);
  }

  #delete(argument: string): string[] {
    const [gone] = this.#breaks.splice(countOf(argument) - 1, 1);
    return [gone === undefined ? `no break ${argument}` : `forgot ${gone.text}`];
  }

  /** To the nearest event that meets any break. */
  #run(way: "next" | "back"): string[] {
    const find = way === "next" ? findNext : findPrevious;
    const { index } = this.#timeline.moment;
    const met = this.#breaks.flatMap(({ condition }) => {
      const found = find(this.#timeline, condition, index, this.#stopped);
      return found === undefined ? [] : [found];
    });
    if (met.length > 0) return this.#to(way === "next" ? Math.min(...met) : Math.max(...met));
    return this.#to(way === "next" ? this.#timeline.length - 1 : -1);
  }

  #violation(argument: string): string[] {
    const { index } = this.#timeline.moment;
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
    return [...this.#to(finding.index), ...evidence];
  }

  #print(path: string): string[] {
    const { state } = this.#timeline.moment;
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

  #diff(argument: string): string[] {
    const { index } = this.#timeline.moment;
    const places = argument === "" ? [] : argument.split(/\s+/).map((text) => this.#place(text));
    const [from = index - 1, to = index] = places;
    const changes = this.#timeline.diff(from, to);
    return [`from #${from} to #${to}: ${changes.length} changes`, ...changes.map(changeLine)];
  }

  #why(path: string): string[] {
    const { index, state } = this.#timeline.moment;
    const now = `${path} = ${short(valueAt(state, stepsOf(path)))}`;
    const change = lastChange(this.#timeline, path, index);
    if (change === undefined) return [`${now}, and it was never anything else`];
    const event: MmEvent = this.#timeline.eventAt(change.index);
    return [
      now,
      `  ${short(change.before)} -> ${short(change.after)} by`,
      `  ${eventLine(event, this.#nameOf)}`,
    ];
  }

  #diagram(): string[] {
    const { event, index } = this.#timeline.moment;
    if (event === undefined) return ["no event is here"];
    const first = Math.max(0, index - BEFORE_MAX);
    const last = Math.min(this.#timeline.length - 1, index + AFTER_MAX);
    const slice = Array.from({ length: last - first + 1 }, (_, at) =>
      this.#timeline.eventAt(first + at),
    );
    const lines = twoColumnTable(pictureOfEvent(this.#file, slice, event, this.#opened.summary), {
      width: TABLE_WIDTH,
      frame: "plain",
    });
    return lines.length === 0 ? ["no step of the protocol is here"] : [...lines];
  }

  #mark(name: string): string[] {
    if (name !== "") this.#marks.set(name, this.#timeline.moment.index);
    if (this.#marks.size === 0) return ["no marks"];
    return [...this.#marks].map(([mark, index]) => `${mark}  #${index}`);
  }

  #place(text: string): number {
    const marked = this.#marks.get(text);
    if (marked !== undefined) return marked;
    if (/^#?-?\d+$/.test(text)) return Number(text.replace("#", ""));
    throw new SimError({
      code: "E_PLACE",
      found: JSON.stringify(text),
      expected: `the index of an event${this.#marks.size === 0 ? "" : " or a mark"}`,
      action: "mark NAME remembers a moment.",
    });
  }

  #help(): string[] {
    return this.#verbs.map(({ letter, name, takes, does }) => {
      return `${letter}  ${`${name} ${takes}`.padEnd(26)} ${does}`;
    });
  }
}

function countOf(argument: string): number {
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
