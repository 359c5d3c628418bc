/**
 * Whether a rule still fails: a schedule is followed as far as it goes, then others are drawn.
 *
 * Only the rule in question is asked, which is much of the time; so a schedule that fails is run once more under
 * all rules, and counts only if none of them fails before. What nobody asks, a deadlock, needs no rule.
 */
import type { ModelChange, NamedScenario } from "@mmreplay/core";
import { SimError } from "@mmreplay/events";
import { byPriority } from "../../explore/draw-pct.ts";
import { anyMove } from "../../explore/draw-random.ts";
import { createGenerator } from "../../explore/generator.ts";
import { spaceOf } from "../../explore/prepare.ts";
import { ScenarioRun } from "../../explore/scenario-run.ts";
import type { Choice } from "../../explore/schedule.ts";
import type { Space } from "../../explore/space.ts";
import { NO_MOVE, type Picker, Walk } from "../../explore/walk.ts";

/** A rule that is to fail. */
export interface Question {
  readonly mutant: ModelChange | undefined;
  /** The id of a rule, or `deadlock`, `lost-wake-up`, `illegal-event`. */
  readonly rule: string;
  /** Ids of the rules that are asked; absent: all. */
  readonly rules?: readonly string[] | undefined;
  /** Of the schedules that are drawn. */
  readonly seed: number;
  /** Steps of one; what goes on for ever is cut there. */
  readonly maxSteps: number;
}

/** Asks one scenario; steps that one schedule has computed the others need not. */
export class Asking {
  /** Schedules that were run. */
  tries = 0;
  readonly #named: NamedScenario;
  readonly #question: Question;
  readonly #space: Space;
  readonly #walk: Walk;
  readonly #draws: readonly Picker[];

  private constructor(named: NamedScenario, question: Question) {
    const { mutant, rule } = question;
    const rules = named.rules.filter(({ id }) => id === rule);
    this.#named = named;
    this.#question = question;
    this.#space = spaceOf({ named: { ...named, rules }, mutant }, { drawn: true });
    this.#walk = new Walk(this.#space);
    const length = (): number => Math.max(1, this.#walk.path.length);
    this.#draws = [
      anyMove(this.#space),
      byPriority(this.#space, 2, length),
      byPriority(this.#space, 3, length),
    ];
  }

  /** Undefined: the bug keeps the set-up from its end. */
  static about(named: NamedScenario, question: Question): Asking | undefined {
    try {
      return new Asking(named, question);
    } catch (error) {
      if (error instanceof SimError && error.parts.code === "E_SET_UP") return undefined;
      throw error;
    }
  }

  /** Follows choices as far as they go, and then lets the lowest task go on; the schedule that fails. */
  followed(choices: readonly Choice[]): Choice[] | undefined {
    return this.#failing(following(this.#space, choices), 0);
  }

  /** Draws up to so many schedules; the first that fails. */
  drawn(count: number): Choice[] | undefined {
    for (let run = 0; run < count; run++) {
      const found = this.#failing(this.#draws[run % this.#draws.length] as Picker, run);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #failing(picker: Picker, run: number): Choice[] | undefined {
    const { rule, seed, maxSteps } = this.#question;
    const walk = this.#walk;
    this.tries += 1;
    picker.begin(createGenerator(seed, run));
    walk.begin();
    while (walk.step(picker) && walk.path.length < maxSteps);
    if (walk.finding?.rule !== rule) return undefined;
    const choices = this.#space.choices(walk.path, false);
    return failsFirst(this.#named, this.#question, choices) ? choices : undefined;
  }
}

/** Whether of all rules this one fails first, at the schedule's end. */
export function failsFirst(
  named: NamedScenario,
  { mutant, rule, rules }: Pick<Question, "mutant" | "rule" | "rules">,
  choices: readonly Choice[],
): boolean {
  const asked = named.rules.filter(({ id }) => rules === undefined || rules.includes(id));
  const run = new ScenarioRun(named, mutant, asked);
  // A search begins after the set-up, whatever was found there.
  const before = run.findings.length;
  for (const [at, choice] of choices.entries()) {
    if (!run.canMove(choice)) return false;
    run.step(choice);
    if (run.findings.length > before && at < choices.length - 1) return false;
  }
  return (run.findings[before] ?? run.failure())?.rule === rule;
}

/** Makes these choices; one that cannot be made is left out. Afterwards the lowest task that can goes on. */
function following({ moves, tasks }: Space, choices: readonly Choice[]): Picker {
  const asked = choices.map(({ task, branch }) =>
    moves.findIndex((move) => tasks[move.index] === task && move.branch === branch),
  );
  const others = [...moves.keys()].filter((move) => moves[move]?.branch === "default");
  let next = 0;
  return {
    begin() {
      next = 0;
    },
    pick(_, walk) {
      while (next < asked.length) {
        const move = asked[next++] as number;
        if (move >= 0 && walk.canMove(move)) return move;
        if (walk.finding !== undefined) return NO_MOVE;
      }
      return others.find((move) => walk.canMove(move)) ?? NO_MOVE;
    },
  };
}
