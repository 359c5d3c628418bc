/**
 * What a condition may name, where somebody says what there is: who names what there is not, or compares what has no
 * order, would search a whole file for nothing.
 */
import { didYouMean, SimError } from "@mmreplay/events";
import { type Comparison, isOrder, sortOf } from "./comparison.ts";
import type { Term } from "./condition-grammar.ts";
import { valueAt } from "./path.ts";

/** What there is. */
export interface Known {
  readonly types: readonly string[];
  readonly rules: readonly string[];
  /** Ids that were given out are those below. */
  readonly tasks: number;
  readonly notifiers: number;
  /** States that show what is at a path. */
  readonly states: readonly unknown[];
  /** The steps of a path. @throws SimError `E_PATH` when it leads nowhere. */
  readonly path: (text: string) => readonly string[];
}

/**
 * Looks at the names of a term.
 *
 * @throws SimError `E_CONDITION` or `E_PATH` when it names what there is not, or compares what has no order.
 */
export function checkTerm(term: Term, known: Known): void {
  switch (term.kind) {
    case "violation":
      if (term.rule !== undefined) checkName("rule", term.rule, known.rules);
      break;
    case "type":
      checkName("type", term.name, known.types);
      break;
    case "task":
      checkId(term.kind, term.id, known.tasks);
      break;
    case "notifier":
      checkId(term.kind, term.id, known.notifiers);
      break;
    case "changes":
      known.path(term.path);
      break;
    case "comparison":
      checkOrder(term, known);
      break;
  }
}

const NAMES = {
  type: { expected: "the type of an event", page: "docs/protocol.md" },
  rule: { expected: "the id of a rule", page: "docs/rules.md" },
} as const;

function checkName(kind: keyof typeof NAMES, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const { expected, page } = NAMES[kind];
  throw new SimError({
    code: "E_CONDITION",
    found: `the ${kind} ${JSON.stringify(name)}`,
    expected,
    action: didYouMean(name, names) || `${page} lists them.`,
  });
}

function checkId(kind: string, id: number, count: number): void {
  if (id < count) return;
  throw new SimError({
    code: "E_CONDITION",
    found: `${kind} ${id}`,
    expected: count === 0 ? `no ${kind}: there is none` : `a ${kind} from 0 to ${count - 1}`,
    action: "Name one that there is.",
  });
}

/** What is null or absent may become anything; any other value keeps its sort. */
function checkOrder({ path, operator, wanted }: Comparison, known: Known): void {
  const steps = known.path(path);
  if (!isOrder(operator)) return;
  const values = known.states.map((state) => valueAt(state, steps));
  const sorts = values.filter((value) => value !== undefined && value !== null).map(sortOf);
  const sort = sortOf(wanted);
  if (sorts.length === 0 || sort === undefined || sorts.includes(sort)) return;
  throw new SimError({
    code: "E_CONDITION",
    found: `${path} before ${operator}, which is no ${sort}`,
    expected: sort === "number" ? "the path of a number" : "the path of an address",
    action: `print ${path} shows what is there.`,
  });
}
