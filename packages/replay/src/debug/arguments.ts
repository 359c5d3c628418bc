/**
 * What verbs take: who says more than a verb takes, or something else, is told so, as a word that is passed over would be
 * taken for one that was understood.
 */
import { SimError } from "@mmreplay/events";
import { termIn } from "../timeline/condition-grammar.ts";

/** A number of events, or 1. @throws SimError `E_COUNT` when it is no number. */
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

/** The moments of `diff`, in words. @throws SimError `E_ARGUMENT` when there are more than two. */
export function momentsIn(argument: string): string[] {
  const moments = argument === "" ? [] : argument.split(/\s+/);
  if (moments.length <= 2) return moments;
  throw new SimError({
    code: "E_ARGUMENT",
    found: `${moments.length} moments after diff`,
    expected: "two at most",
    action: "Ask for two of them at a time.",
  });
}

/** Whether `violation` goes back. @throws SimError `E_ARGUMENT` when something else is said. */
export function isBack(argument: string): boolean {
  if (argument === "") return false;
  if ("back".startsWith(argument)) return true;
  throw new SimError({
    code: "E_ARGUMENT",
    found: `${JSON.stringify(argument)} after violation`,
    expected: "back, or nothing",
    action: "until violation RULE goes to the next one of a rule.",
  });
}

/** Refuses a name of a moment that is another moment's. @throws SimError `E_MARK` when it is. */
export function checkMark(name: string): void {
  if (!/^#?-?\d+$/.test(name) && termIn(name).kind === "none") return;
  throw new SimError({
    code: "E_MARK",
    found: JSON.stringify(name),
    expected: "a name for this moment, which is no number and no condition",
    action: "Go to the moment that is meant, and give it another name.",
  });
}

/** Refuses what follows a verb that stands alone. @throws SimError `E_ARGUMENT` when something does. */
export function checkAlone(verb: string, argument: string): void {
  if (argument === "") return;
  throw new SimError({
    code: "E_ARGUMENT",
    found: `${JSON.stringify(argument)} after ${verb}`,
    expected: "nothing",
    action: "Leave it out.",
  });
}
