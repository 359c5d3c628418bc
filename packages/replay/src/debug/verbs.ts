/**
 * The verbs of a debugging session, by name and letter.
 */
import type { Searching } from "../explore/search.ts";
import { diagram, diff, print, why } from "./asking.ts";
import { Breaks } from "./breaks.ts";
import type { Stepper } from "./stepper.ts";

/** A verb: what it is called, what it takes, and what it does. */
export interface Verb {
  readonly name: string;
  readonly letter: string;
  readonly takes: string;
  readonly does: string;
  /** Its answer; one that takes long pauses on the way. */
  readonly run: (argument: string) => string[] | Searching<string[]>;
}

/** The verbs that move somebody and answer. */
export const verbsOf = (at: Stepper, breaks: Breaks = new Breaks(at)): readonly Verb[] => [
  {
    name: "next",
    letter: "n",
    takes: "[N|task|notifier|page|mark]",
    does: "go N events on, or to the next one of the same task, notifier or page, or to the next mark",
    run: (argument) => at.step(argument, "next"),
  },
  {
    name: "back",
    letter: "b",
    takes: "[N|task|notifier|page|mark]",
    does: "the same, backwards",
    run: (argument) => at.step(argument, "back"),
  },
  {
    name: "goto",
    letter: "g",
    takes: "N|MARK",
    does: "go to an event or a mark",
    run: (argument) => at.to(at.place(argument)),
  },
  {
    name: "until",
    letter: "u",
    takes: "CONDITION",
    does: "go on to the next event that meets it",
    run: (argument) => at.searchFor(argument, "next"),
  },
  {
    name: "since",
    letter: "s",
    takes: "CONDITION",
    does: "go back to the last event that met it",
    run: (argument) => at.searchFor(argument, "back"),
  },
  {
    name: "break",
    letter: "k",
    takes: "[CONDITION]",
    does: "stop there from now on; without one, list",
    run: (argument) => breaks.add(argument),
  },
  {
    name: "delete",
    letter: "x",
    takes: "N",
    does: "forget a break",
    run: (argument) => breaks.forget(argument),
  },
  {
    name: "continue",
    letter: "c",
    takes: "",
    does: "go on to the next break, or the end",
    run: () => breaks.run("next"),
  },
  {
    name: "reverse",
    letter: "r",
    takes: "",
    does: "go back to the last break, or the beginning",
    run: () => breaks.run("back"),
  },
  {
    name: "violation",
    letter: "v",
    takes: "[back]",
    does: "go to the next violation, or the one before",
    run: (argument) => at.violation(argument),
  },
  {
    name: "print",
    letter: "p",
    takes: "[PATH]",
    does: "the state, or what is at a path",
    run: (argument) => print(at, argument),
  },
  {
    name: "diff",
    letter: "d",
    takes: "[N|MARK [N|MARK]]",
    does: "what this event changed, or what changed between two moments",
    run: (argument) => diff(at, argument),
  },
  {
    name: "why",
    letter: "w",
    takes: "PATH",
    does: "the event that last changed a value",
    run: (argument) => why(at, argument),
  },
  {
    name: "diagram",
    letter: "t",
    takes: "",
    does: "the two-column table around this event",
    run: () => diagram(at),
  },
  {
    name: "mark",
    letter: "m",
    takes: "[NAME]",
    does: "remember this moment; without a name, list",
    run: (argument) => at.mark(argument),
  },
];
