/**
 * The count of what scenarios said about each rule, on its way to a report.
 */
import { type Rule, ruleOf } from "@mmreplay/core";
import { ALWAYS_ASKED, type DriverFinding, type DriverRule } from "./driver-report.ts";

interface Entry {
  readonly statement: string;
  states: number;
  held: number;
  drawn: number;
  readonly undecided: string[];
  finding?: DriverFinding;
}

/** A tally of rules; a rule in several forms is one. */
export interface Tally {
  /** These rules were asked in so many states, all of a scenario's, and held. */
  held(rules: readonly Rule[], states: number): void;
  /** These rules were asked in drawn schedules of one scenario more. */
  drawn(rules: readonly Rule[]): void;
  undecided(rules: readonly Rule[], states: number, why: string): void;
  violated(rules: readonly Rule[], finding: DriverFinding): void;
  /** Whether a run is known that breaks the rule, and that none shorter does. */
  knows(rule: string): boolean;
  /** Violated ones first, the shortest run first; then undecided ones. */
  rules(): DriverRule[];
}

const ORDER: readonly DriverRule["outcome"][] = ["violated", "undecided", "held"];

/** An empty tally. */
export function createTally(): Tally {
  const entries = new Map<string, Entry>();
  const entryOf = (rule: string, statement: string): Entry => {
    const known = entries.get(rule);
    if (known !== undefined) return known;
    const made: Entry = { statement, states: 0, held: 0, drawn: 0, undecided: [] };
    entries.set(rule, made);
    return made;
  };
  const each = (rules: readonly Rule[], tell: (entry: Entry) => void): void => {
    // The rule itself says more than its forms for a search.
    const asked = new Map(
      rules.map(({ id, statement }) => [id, ruleOf(id)?.statement ?? statement]),
    );
    for (const [id, statement] of Object.entries(ALWAYS_ASKED)) asked.set(id, statement);
    for (const [id, statement] of asked) tell(entryOf(id, statement));
  };
  return {
    held(rules, states) {
      each(rules, (entry) => {
        entry.states += states;
        entry.held += 1;
      });
    },
    drawn(rules) {
      each(rules, (entry) => {
        entry.drawn += 1;
      });
    },
    undecided(rules, states, why) {
      each(rules, (entry) => {
        entry.states += states;
        entry.undecided.push(why);
      });
    },
    violated(rules, finding) {
      each(rules, () => {});
      const entry = entryOf(finding.rule, "");
      if (entry.finding === undefined || isBetter(finding, entry.finding)) entry.finding = finding;
    },
    knows: (rule) => entries.get(rule)?.finding?.certified === true,
    rules: () =>
      [...entries]
        .map(([rule, { finding, ...entry }]): DriverRule => {
          const open = entry.undecided.length > 0 ? "undecided" : "held";
          const outcome = finding === undefined ? open : "violated";
          return { rule, outcome, ...entry, ...(finding === undefined ? {} : { finding }) };
        })
        .sort(
          (a, b) =>
            ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || lengthOf(a) - lengthOf(b),
        ),
  };
}

const lengthOf = ({ finding }: DriverRule): number => finding?.length ?? 0;

function isBetter(one: DriverFinding, other: DriverFinding): boolean {
  if (one.certified !== other.certified) return one.certified;
  return one.length < other.length;
}
