/**
 * Breaks: conditions at which somebody stops on the way.
 */
import { SimError } from "@mmreplay/events";
import type { Searching } from "../explore/search.ts";
import type { Condition } from "../timeline/condition.ts";
import type { Stepper, Way } from "./stepper.ts";

interface Break {
  readonly text: string;
  readonly condition: Condition;
}

/** The breaks of somebody who steps. */
export class Breaks {
  readonly #at: Stepper;
  readonly #all: Break[] = [];

  /** @param at Who stops at them. */
  constructor(at: Stepper) {
    this.#at = at;
  }

  /** One more break, or all there are. */
  add(text: string): string[] {
    if (text !== "") this.#all.push({ text, condition: this.#at.condition(text) });
    if (this.#all.length === 0) return ["no breaks"];
    return this.#all.map((one, at) => `${at + 1}  ${one.text}`);
  }

  /** A break less. @throws SimError `E_BREAK` when there is none of that number. */
  forget(argument: string): string[] {
    const place = /^\d{1,9}$/.test(argument) ? Number(argument) : 0;
    const gone = place === 0 ? undefined : this.#all[place - 1];
    if (gone === undefined) {
      const count = this.#all.length;
      throw new SimError({
        code: "E_BREAK",
        found: JSON.stringify(argument),
        expected: count === 0 ? "a break: there is none" : `the number of a break, 1 to ${count}`,
        action: "break lists them.",
      });
    }
    this.#all.splice(place - 1, 1);
    return [`forgot ${gone.text}`];
  }

  /** To the nearest event that meets a break, or the end. */
  *run(way: Way): Searching<string[]> {
    const met: number[] = [];
    for (const { text, condition } of this.#all) {
      yield* this.#at.readyFor(text);
      const found = yield* this.#at.find(condition, way);
      if (found !== undefined) met.push(found);
    }
    if (met.length > 0) return this.#at.to(way === "next" ? Math.min(...met) : Math.max(...met));
    return this.#at.to(way === "next" ? this.#at.timeline.length - 1 : -1);
  }
}
