/**
 * Scenarios and mutants by their names, and what to say when there is none of that name.
 */
import { type Mutant, type NamedScenario, SCENARIOS, ZOO } from "@mmreplay/core";
import { SimError } from "@mmreplay/events";

/** The scenario of a name. @throws SimError `E_SCENARIO`. */
export function scenarioNamed(name: string): NamedScenario {
  return named(SCENARIOS, name, ({ name: own }) => own, "E_SCENARIO", "scenario list");
}

/** The mutant of an id. @throws SimError `E_MUTANT`. */
export function mutantNamed(id: string): Mutant {
  return named(ZOO, id, ({ id: own }) => own, "E_MUTANT", "zoo");
}

function named<T>(
  all: readonly T[],
  wanted: string,
  nameOf: (one: T) => string,
  code: string,
  command: string,
): T {
  const found = all.find((one) => nameOf(one) === wanted);
  if (found !== undefined) return found;
  throw new SimError({
    code,
    found: JSON.stringify(wanted.slice(0, 60)),
    expected: "a name that is known",
    action: `mmreplay ${command} names them.`,
  });
}
