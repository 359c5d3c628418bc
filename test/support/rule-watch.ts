/**
 * The rules at work on a run: what each of them said.
 */
import { type Report, RULES, type Rule, type State, type Verdict } from "@mmreplay/core";
import type { EventType, MmEvent } from "@mmreplay/events";
import type { Watch } from "./run.ts";

/** What one rule said in one run. */
interface Answers {
  held: number;
  readonly violated: Verdict[];
  readonly undecided: string[];
}

/** A watch that asks every rule. */
export interface RuleWatch extends Watch {
  /** Nothing more will come. */
  end(state: State): void;
  answers(id: string): Answers;
  /** Ids of the rules that were violated, in the order of the table. */
  violated(): string[];
}

interface Asked {
  readonly rule: Rule;
  readonly memory: unknown;
  readonly report: Report;
}

/** Asks rules about one run, from its first event on. */
export function watchRules(rules: readonly Rule[] = RULES): RuleWatch {
  const said = new Map<string, Answers>();
  const asked = rules.map((rule): Asked => {
    const answers: Answers = { held: 0, violated: [], undecided: [] };
    said.set(rule.id, answers);
    return { rule, memory: rule.start(), report: collecting(answers) };
  });
  const byType = new Map<EventType, Asked[]>();
  for (const one of asked) {
    for (const type of one.rule.on) byType.set(type, [...(byType.get(type) ?? []), one]);
  }
  const concerned = (event: MmEvent): readonly Asked[] => byType.get(event.type) ?? [];
  return {
    before(state, event) {
      for (const { rule, memory } of concerned(event)) rule.before?.(memory, state, event);
    },
    after(state, event) {
      for (const { rule, memory, report } of concerned(event)) {
        rule.after(memory, state, event, report);
      }
    },
    end(state) {
      for (const { rule, memory, report } of asked) rule.end?.(memory, state, report);
    },
    answers: (id) => said.get(id) ?? { held: 0, violated: [], undecided: [] },
    violated: () =>
      [...said].filter(([, answers]) => answers.violated.length > 0).map(([id]) => id),
  };
}

function collecting(answers: Answers): Report {
  return {
    held(cases = 1) {
      answers.held += cases;
    },
    violated(verdict) {
      answers.violated.push(verdict);
    },
    undecided(reason) {
      answers.undecided.push(reason);
    },
  };
}
