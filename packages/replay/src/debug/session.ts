/**
 * A debugging session over a timeline: one line in, some lines out.
 *
 * It knows nothing of terminals, so a test, a pipe and a person use the same one. A verb may be shortened as far
 * as it stays the only one, or to its letter.
 */
import { SimError } from "@mmreplay/events";
import type { Searching } from "../explore/search.ts";
import { leavesOf } from "../report/changes.ts";
import { checkAlone } from "./arguments.ts";
import type { Stepper } from "./stepper.ts";
import { type Verb, verbsOf } from "./verbs.ts";

/** A session. */
export class DebugSession {
  readonly #at: Stepper;
  readonly #verbs: readonly Verb[];
  #ended = false;

  /** @param at Who stands where the session begins. */
  constructor(at: Stepper) {
    this.#at = at;
    this.#verbs = [
      ...verbsOf(at),
      {
        name: "help",
        letter: "h",
        takes: "[VERB]",
        does: "this, or what one verb does",
        run: (argument) => this.#help(argument),
      },
      { name: "quit", letter: "q", takes: "", does: "the end", run: () => this.#quit() },
    ];
  }

  /** `quit` was said. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Where one stands, before the next line. */
  get prompt(): string {
    const { moment, length } = this.#at.timeline;
    return `#${moment.index}/${length - 1}> `;
  }

  /** What a session begins with. */
  greeting(): string[] {
    const { file, timeline, selected } = this.#at;
    const taken =
      selected === undefined ? "" : `, ${selected} selected: steps go from one to the next`;
    return [
      `${file}: ${timeline.length} events${taken}`,
      "next, back, until CONDITION, why PATH, diff, diagram, violation, help, quit",
    ];
  }

  /**
   * Carries out one line; a search pauses on the way, and whoever leaves it there has not moved.
   *
   * @throws SimError when something is wrong with the line; the session can go on.
   */
  *execute(line: string): Searching<string[]> {
    const [word = "", ...rest] = line.trim().split(/\s+/);
    if (word === "") return [];
    const verb = this.#verb(word);
    const argument = rest.join(" ");
    if (verb.takes === "") checkAlone(verb.name, argument);
    const answer = verb.run(argument);
    return Array.isArray(answer) ? answer : yield* answer;
  }

  /** Lines that begin as this one does: verbs, then conditions and paths. */
  complete(line: string): string[] {
    const [word = "", ...rest] = line.trimStart().split(/\s+/);
    if (rest.length === 0) {
      return this.#verbs.map(({ name }) => name).filter((name) => name.startsWith(word));
    }
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
    if (takes.includes("VERB")) return this.#verbs.map(({ name }) => name);
    if (takes.includes("notifier")) return ["task", "notifier", "page", "mark"];
    if (!takes.includes("PATH")) return [];
    return leavesOf(this.#at.timeline.moment.state).map(({ path }) => path);
  }

  #verb(word: string): Verb {
    const exact = this.#verbs.find(({ letter, name }) => letter === word || name === word);
    const begun = this.#verbs.filter(({ name }) => name.startsWith(word));
    const verb = exact ?? (begun.length === 1 ? begun[0] : undefined);
    if (verb !== undefined) return verb;
    throw new SimError({
      code: "E_VERB",
      found: JSON.stringify(word),
      expected: begun.length > 1 ? begun.map(({ name }) => name).join(" or ") : "a verb",
      action: "Say help.",
    });
  }

  #help(argument: string): string[] {
    const verbs = argument === "" ? this.#verbs : [this.#verb(argument)];
    return verbs.map(({ letter, name, takes, does }) => {
      return `${letter}  ${`${name} ${takes}`.padEnd(34)} ${does}`;
    });
  }

  #quit(): string[] {
    this.#ended = true;
    return [];
  }
}
