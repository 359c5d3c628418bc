/**
 * Whether a path can ever lead to something: who misspells a name would search a whole file for nothing.
 *
 * Objects of a state keep their fields from the first event to the last, so a name that none of the states at hand has
 * where they have the object is wrong. What is null there, or absent, may come; entries in brackets come and go, but
 * an object whose id was never given out does not come.
 */
import type { State } from "@mmreplay/core";
import { didYouMean, SimError } from "@mmreplay/events";
import { leadsOn, stepsOf } from "./path.ts";

/**
 * The steps of a path that can lead to something.
 *
 * @param states The last state, and others that are at hand.
 * @throws SimError `E_PATH` when it is no path, or leads nowhere.
 */
export function knownSteps(path: string, states: readonly State[]): string[] {
  const steps = stepsOf(path);
  if (steps.length === 0) throw unknown(path, "", Object.keys(states[0] ?? {}));
  let reached: readonly unknown[] = states;
  for (const [depth, step] of steps.entries()) {
    const objects = reached.filter((value) => typeof value === "object" && value !== null);
    if (objects.length === 0) return steps;
    const holding = objects.filter((value) => leadsOn(value, step));
    if (holding.length === 0) {
      const lists = objects.filter((value) => Array.isArray(value));
      const isPlace = /^\d+$/.test(step);
      if (lists.length > 0 && (depth === 1 || !isPlace)) throw noPlace(path, lists, depth);
      if (lists.length === 0 && !isPlace) throw unknown(path, step, objects.flatMap(Object.keys));
      return steps;
    }
    reached = holding.map((value) => (value as Record<string, unknown>)[step]);
  }
  return steps;
}

function unknown(path: string, step: string, names: readonly string[]): SimError {
  const known = [...new Set(names)];
  const shown = known.length > NAMES_MAX ? [...known.slice(0, NAMES_MAX), "..."] : known;
  return new SimError({
    code: "E_PATH",
    found: `the path ${JSON.stringify(path)}`,
    expected: known.length === 0 ? "something that there is" : `one of ${shown.join(", ")}`,
    action: didYouMean(step, known) || "print shows what there is.",
  });
}

/** The refusal of a step into lists, which have no such place; those of the state itself have one for each id. */
function noPlace(path: string, lists: readonly (readonly unknown[])[], depth: number): SimError {
  const length = Math.max(...lists.map((list) => list.length));
  return new SimError({
    code: "E_PATH",
    found: `the path ${JSON.stringify(path)}`,
    expected: depth === 1 ? placesOf(length) : "a place in a list, from 0 on",
    action: "print shows what there is.",
  });
}

function placesOf(length: number): string {
  if (length === 0) return "no place: the list is empty";
  return length === 1 ? "place 0, the only one" : `a place from 0 to ${length - 1}`;
}

/** Names that are told. */
const NAMES_MAX = 16;
