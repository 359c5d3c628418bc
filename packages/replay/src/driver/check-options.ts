/**
 * What bounds a driver's check, looked at once before anything is asked.
 *
 * A bound that is none would leave everything unasked, and a misspelt one would be the default: both look like a
 * driver that is right.
 */
import { didYouMean, SimError } from "@mmreplay/events";

/** How to check; every bound that cuts something makes rules undecided, and the report says so. */
export interface CheckDriverOptions {
  /** States of one search; default 1,000,000. */
  readonly maxStates?: number;
  /** Schedules that are drawn of each large scenario; default 1,000; 0 leaves its rules undecided. */
  readonly schedules?: number;
  /** Steps of one of them; default 2,000. */
  readonly maxSteps?: number;
  /** Of what is drawn; default 1. */
  readonly seed?: number;
  /** Stops at the first scenario that fails, or that a bound has cut; default: no. */
  readonly stopAtFirst?: boolean;
  /** Names of scenarios, to ask only these; default: all. */
  readonly scenarios?: readonly string[];
}

/** The options with what holds where nothing is said. */
export interface CheckDriverBounds extends Required<Omit<CheckDriverOptions, "scenarios">> {
  /** Absent: all. */
  readonly scenarios: readonly string[] | undefined;
}

const USUAL: CheckDriverBounds = {
  maxStates: 1_000_000,
  schedules: 1_000,
  maxSteps: 2_000,
  seed: 1,
  stopAtFirst: false,
  scenarios: undefined,
};

/** The least that each number may be. */
const LEAST = { maxStates: 1, schedules: 0, maxSteps: 1, seed: 0 } as const;

/** The bounds that hold. @throws SimError `E_OPTION` when there is no such option, or its value is none. */
export function boundsOf(options: CheckDriverOptions): CheckDriverBounds {
  if (typeof options !== "object" || options === null) {
    throw wrong(shown(options), "an object of options", "Leave it out otherwise.");
  }
  const known = Object.keys(USUAL);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known) || "Leave it out.";
    throw wrong(`the option ${JSON.stringify(name)}`, `one of ${known.join(", ")}`, hint);
  }
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  const bounds: CheckDriverBounds = { ...USUAL, ...Object.fromEntries(said) };
  for (const [name, least] of Object.entries(LEAST)) {
    const value: unknown = bounds[name as keyof typeof LEAST];
    if (Number.isSafeInteger(value) && Number(value) >= least) continue;
    throw wrong(
      `${name} = ${shown(value)}`,
      `an integer from ${least}`,
      "Mend it, or leave it out.",
    );
  }
  const { stopAtFirst, scenarios } = bounds;
  if (typeof stopAtFirst !== "boolean") {
    throw wrong(`stopAtFirst = ${shown(stopAtFirst)}`, "true or false", "Say one of them.");
  }
  if (scenarios === undefined || isNames(scenarios)) return bounds;
  throw wrong(`scenarios = ${shown(scenarios)}`, "a list of names", "Leave it out to ask all.");
}

const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

function shown(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  return (JSON.stringify(value) ?? `a ${typeof value}`).slice(0, 60);
}

function wrong(found: string, expected: string, action: string): SimError {
  return new SimError({ code: "E_OPTION", found, expected, action });
}
