/**
 * What a driver's definition must be, and what to say where it is not.
 *
 * What can be seen without a run is looked at here, once. What a step's function answers is looked at each
 * time that it is asked, with the same words: a mistake in the definition is never a finding about the protocol.
 */
import { didYouMean, SimError } from "@mmreplay/events";
import type { Driver } from "./driver.ts";
import type { FaultAction, InvalidateAction } from "./driver-actions.ts";

/** One action of either half. */
export type DriverAction = FaultAction | InvalidateAction;

/** Steps of either half, by their labels. */
export type DriverSteps = Readonly<Record<string, unknown>>;

/** The half of a driver that a label belongs to. */
export type DriverHalf = "faultPath" | "invalidate";

/** The code of every error in a driver's definition. */
export const DRIVER_ERROR = "E_DRIVER";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const LABEL = /^[A-Za-z_]\w*$/;

const SHARED = ["lock", "trylock", "unlock", "clear", "set", "goto", "return"];
const KNOWN: Readonly<Record<DriverHalf, readonly string[]>> = {
  faultPath: [
    ...SHARED,
    "read_begin",
    "read_seq_unguarded",
    "mmap_read_lock",
    "mmap_read_unlock",
    "hmm_range_fault",
    "look_up",
    "check_retry",
    "read_retry",
    "map",
    "retry",
  ],
  invalidate: [...SHARED, "set_seq"],
};

/** Labels that each kind of action must name. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  trylock: ["next", "busy"],
  hmm_range_fault: ["next", "busy"],
  check_retry: ["next", "retry"],
  read_retry: ["next", "retry"],
  return: [],
};

/** Fields in which an action may name a label. */
const NAMING = ["next", "busy", "retry", "absent"];

/** What a driver is made of, and whether it is an object of its own. */
const PARTS: Readonly<Record<keyof Driver, boolean>> = {
  name: false,
  faultPath: true,
  invalidate: true,
  variables: true,
  maxTries: false,
};

/** Looks at the parts of what a program without types may give; some may be absent. @throws SimError `E_DRIVER`. */
export function checkParts(given: unknown, absent: readonly string[] = []): void {
  const known = Object.keys(PARTS);
  const parts = `an object of ${known.join(", ")}`;
  if (!isObject(given)) throw wrong(shown(given), parts, "Make one with defineDriver.");
  for (const part of Object.keys(given)) {
    if (known.includes(part)) continue;
    const hint = didYouMean(part, known) || "Leave it out.";
    throw wrong(`the part ${JSON.stringify(part)} of a driver`, `one of ${known.join(", ")}`, hint);
  }
  for (const [part, isOne] of Object.entries(PARTS)) {
    if (!isOne || isObject(given[part])) continue;
    if (given[part] === undefined && absent.includes(part)) continue;
    const found = given[part] === undefined ? `no ${part}` : `${part} = ${shown(given[part])}`;
    throw wrong(`${found} in a driver`, "an object", "Make the driver with defineDriver.");
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown): string =>
  (JSON.stringify(value) ?? String(value)).slice(0, 60).replaceAll("\n", " ");

/** Looks at all that can be seen without a run. @throws SimError `E_DRIVER`. */
export function checkDefinition(driver: Driver): void {
  checkParts(driver);
  const { name, variables, maxTries } = driver;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw wrong(
      name === undefined ? "no name" : shown(name),
      "a name of letters, digits, dots and dashes",
      "Name it so.",
    );
  }
  for (const half of ["faultPath", "invalidate"] as const) checkHalf(driver, half);
  for (const [variable, value] of Object.entries(variables)) {
    if (Number.isSafeInteger(value)) continue;
    throw wrong(`${variable} = ${value}`, "an integer", "Give it a number to begin with.");
  }
  if (maxTries === undefined || (Number.isSafeInteger(maxTries) && maxTries > 0)) return;
  throw wrong(`maxTries = ${maxTries}`, "a number of passes, from 1", "Leave it out otherwise.");
}

function checkHalf(driver: Driver, half: DriverHalf): void {
  const steps: DriverSteps = driver[half];
  if (!Object.hasOwn(steps, "start")) {
    throw wrong(`no label start in ${half}`, "the label at which it begins", "Name that start.");
  }
  for (const [label, step] of Object.entries(steps)) {
    if (!LABEL.test(label)) {
      throw wrong(`the label ${JSON.stringify(label)} in ${half}`, "a word", "Rename it.");
    }
    if (typeof step !== "function") checkAction(driver, half, label, step as DriverAction);
  }
  for (const label of Object.keys(steps)) checkGotos(half, steps, label);
}

/** An action of the label, as the definition or its function gives it. @throws SimError `E_DRIVER`. */
export function checkAction(
  driver: Driver,
  half: DriverHalf,
  label: string,
  action: DriverAction,
): void {
  const what = action?.do;
  const place = `${half}.${label}`;
  if (!KNOWN[half].includes(what)) {
    const hint = didYouMean(String(what), KNOWN[half]);
    const found = what === undefined ? `no action at ${place}` : `"${String(what)}" at ${place}`;
    throw wrong(found, `one of ${KNOWN[half].join(", ")}`, hint || "Use one of these.");
  }
  checkFields(place, action);
  checkTargets(driver, half, place, action);
  if (action.do === "return") checkResult(half, place, action.result);
  if (action.do === "set") checkVariables(driver, place, action.variables);
  checkNumbers(place, action);
}

/** Fields of an action beside `do` and the labels that it must name. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  clear: ["startPage", "endPageExclusive"],
  map: ["startPage", "endPageExclusive"],
  set: ["variables"],
  hmm_range_fault: ["absent"],
  look_up: ["absent"],
  set_seq: ["seq"],
  return: ["result"],
};

/** A field that the action has not would be passed over: a label at which nobody ever goes on. */
function checkFields(place: string, action: DriverAction): void {
  const known = ["do", ...(TARGETS[action.do] ?? ["next"]), ...(FIELDS[action.do] ?? [])];
  for (const field of Object.keys(action)) {
    if (known.includes(field)) continue;
    const hint = didYouMean(field, known) || "Leave it out.";
    throw wrong(`the field "${field}" at ${place}`, `one of ${known.join(", ")}`, hint);
  }
}

function checkTargets(driver: Driver, half: DriverHalf, place: string, action: DriverAction): void {
  const labels = Object.keys(driver[half]);
  const fields = action as unknown as Readonly<Record<string, unknown>>;
  const needed = TARGETS[action.do] ?? ["next"];
  for (const field of NAMING) {
    const label = fields[field];
    if (label === undefined && !needed.includes(field)) continue;
    if (typeof label === "string" && labels.includes(label)) continue;
    const found = label === undefined ? `no ${field}` : `${field}: ${JSON.stringify(label)}`;
    const hint = didYouMean(String(label), labels) || "Add the step, or name one that is there.";
    throw wrong(`${found} at ${place}`, `a label of ${half}`, hint);
  }
}

const RESULTS: Readonly<Record<DriverHalf, readonly unknown[]>> = {
  faultPath: ["stored", "gave_up", "not_present", "failed"],
  invalidate: [true, false],
};

function checkResult(half: DriverHalf, place: string, result: unknown): void {
  if (RESULTS[half].includes(result)) return;
  const allowed = RESULTS[half].map((one) => JSON.stringify(one)).join(" or ");
  throw wrong(`the result ${JSON.stringify(result)} at ${place}`, allowed, "Return one of these.");
}

function checkVariables(
  { variables }: Driver,
  place: string,
  values: Readonly<Record<string, number | undefined>>,
): void {
  for (const [name, value] of Object.entries(values ?? {})) {
    const known = Object.keys(variables);
    if (!known.includes(name)) {
      const hint = didYouMean(name, known) || "Declare it under variables.";
      throw wrong(`the variable ${name} at ${place}`, "one that the driver declares", hint);
    }
    if (Number.isSafeInteger(value)) continue;
    throw wrong(`${name} = ${value} at ${place}`, "an integer", "Set it to one.");
  }
}

function checkNumbers(place: string, action: DriverAction): void {
  const fields = action as unknown as Readonly<Record<string, unknown>>;
  for (const name of ["startPage", "endPageExclusive", "seq"]) {
    const value = fields[name];
    if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0)) continue;
    throw wrong(`${name} ${String(value)} at ${place}`, "a natural number", "Use the view's.");
  }
}

/** Steps that only go elsewhere must come to one that does something. */
function checkGotos(half: DriverHalf, steps: DriverSteps, first: string): void {
  const seen = new Set<string>();
  for (let label = first; !seen.has(label); ) {
    seen.add(label);
    const step = steps[label];
    if (typeof step === "function" || (step as DriverAction).do !== "goto") return;
    label = (step as { readonly next: string }).next;
  }
  throw loops(half, first);
}

/** The error of a loop in which nothing is done. */
export function loops(half: DriverHalf, label: string): SimError {
  return wrong(
    `a loop of goto from ${half}.${label}`,
    "a step that does something",
    "Let one of them make an event.",
  );
}

/** An error in the definition, in one sentence. */
export function wrong(found: string, expected: string, action: string): SimError {
  return new SimError({ code: DRIVER_ERROR, found, expected, action });
}
