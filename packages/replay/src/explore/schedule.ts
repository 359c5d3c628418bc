/**
 * A schedule: which task moved at each step, as a short text that can be pasted.
 *
 * `v1:` is the version; then come the scenario, after a `+` the mutant, and the choices: the tasks'
 * numbers, one letter each (0-9, a-z), an upper-case letter where the task took the branch that
 * refuses. A letter that comes more than twice in a row is followed by `*` and how often, in base 36.
 */
import type { Branch } from "@mmreplay/core";
import { assert, SimError } from "@mmreplay/events";

/** One step: a task, and how it answers where the kernel may answer either way. */
export interface Choice {
  readonly task: number;
  readonly branch: Branch;
}

/** A schedule of a scenario. */
export interface Schedule {
  readonly scenario: string;
  readonly mutant?: string;
  readonly choices: readonly Choice[];
}

const VERSION = "v1";
const FORM = /^v1:([^:+]+)(?:\+([^:+]+))?:((?:[0-9a-zA-Z](?:\*[0-9a-z])?)*)$/;

/** Tasks that a letter can stand for, and refuse: the last capitals stand for digits that refuse. */
const SCHEDULED_TASKS_MAX = 26;

/** The text of a schedule. */
export function encodeSchedule({ scenario, mutant, choices }: Schedule): string {
  const letters = choices.map(letterOf).join("");
  const packed = letters.replace(/(.)\1{2,34}/g, (run, letter: string) => {
    return `${letter}*${run.length.toString(36)}`;
  });
  return `${VERSION}:${scenario}${mutant === undefined ? "" : `+${mutant}`}:${packed}`;
}

/**
 * The schedule of a text.
 *
 * @throws SimError `E_SCHEDULE` when it is none.
 */
export function decodeSchedule(text: string): Schedule {
  const match = FORM.exec(text);
  if (match === null) {
    throw new SimError({
      code: "E_SCHEDULE",
      found: JSON.stringify(text.slice(0, 60)),
      expected: "v1:SCENARIO[+MUTANT]:CHOICES, a letter or digit for each step",
      action: "Paste the whole line that explore has printed.",
    });
  }
  const [, scenario = "", mutant, packed = ""] = match;
  const letters = packed.replace(/(.)\*(.)/g, (_, letter: string, count: string) =>
    letter.repeat(Number.parseInt(count, 36)),
  );
  return {
    scenario,
    ...(mutant === undefined ? {} : { mutant }),
    choices: [...letters].map(choiceOf),
  };
}

/** Digits have no upper case: a refusing task below 10 is one of these. */
const REFUSING_DIGITS = "QRSTUVWXYZ";

function letterOf({ task, branch }: Choice): string {
  assert(task < SCHEDULED_TASKS_MAX, `a schedule names at most ${SCHEDULED_TASKS_MAX} tasks`);
  const letter = task.toString(36);
  if (branch === "default") return letter;
  return task < 10 ? (REFUSING_DIGITS[task] as string) : letter.toUpperCase();
}

function choiceOf(letter: string): Choice {
  const digit = REFUSING_DIGITS.indexOf(letter);
  if (digit >= 0) return { task: digit, branch: "refuse" };
  const branch = letter === letter.toLowerCase() ? "default" : "refuse";
  return { task: Number.parseInt(letter, 36), branch };
}
