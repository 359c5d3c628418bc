/**
 * Scenarios by their names or files, mutants by their ids, and what to say when there is none.
 */
import { statSync } from "node:fs";
import { type Mutant, type NamedScenario, SCENARIOS, scenarioOfFile, ZOO } from "@mmreplay/core";
import { decodeScenario, didYouMean, SimError } from "@mmreplay/events";
import { openInput } from "../input/open.ts";

/** Bytes of a scenario file. */
const FILE_BYTES_MAX = 1 << 20;

/** The scenario of a name, listed or drawn. @throws SimError `E_SCENARIO`. */
export async function scenarioCalled(name: string): Promise<NamedScenario> {
  if (!isDrawn(name)) return scenarioNamed(name);
  const { drawnNamed } = await import("../fuzz/drawn.ts");
  return drawnNamed(name);
}

/** Whether a name is one of a drawn workload (drawn.ts), rightly written or not. */
function isDrawn(name: string): boolean {
  return name.startsWith("drawn/");
}

/** The listed scenario of a name. @throws SimError `E_SCENARIO`. */
export function scenarioNamed(name: string): NamedScenario {
  const known = SCENARIOS.map((one) => one.name);
  const isThere = statSync(name, { throwIfNoEntry: false })?.isFile() === true;
  if (!known.includes(name) && isThere) throw notJson(name);
  const commands = "scenario list names them; a file's name ends in .json";
  return named(SCENARIOS, name, ({ name: own }) => own, "E_SCENARIO", commands);
}

/** The mutant of an id. @throws SimError `E_MUTANT`. */
export function mutantNamed(id: string): Mutant {
  return named(ZOO, id, ({ id: own }) => own, "E_MUTANT", "zoo names them");
}

/** Whether a scenario is given by its file. */
export function isFile(place: string): boolean {
  return place.endsWith(".json");
}

/** The text of a scenario file, and where it was found. */
export interface ScenarioText {
  readonly place: string;
  readonly text: string;
}

/**
 * The scenario of a name, or of a file: what ends in .json is one.
 *
 * @throws SimError when there is none, or the file does not say one.
 */
export async function scenarioAt(place: string): Promise<NamedScenario> {
  return isFile(place) ? scenarioOfText(await scenarioText(place)) : scenarioCalled(place);
}

/** The scenario that a file's text says. */
export function scenarioOfText({ place, text }: ScenarioText): NamedScenario {
  return scenarioOfFile(decodeScenario(text, place), nameOf(place), place, text);
}

/** A scenario file, read. */
export async function scenarioText(place: string): Promise<ScenarioText> {
  return { place, text: await textOf(place) };
}

/** What leads to a scenario again: its name, or its file. */
export function placeOf(named: NamedScenario): string {
  const { name, source } = named;
  if (isDrawn(name)) return name;
  // A scenario of which only some rules are asked is still that scenario.
  return SCENARIOS.some((one) => one.name === name && one.source === source) ? name : source;
}

/** What a file's scenario is called in schedules: its name without what a schedule cannot hold. */
function nameOf(file: string): string {
  const base = file.split("/").at(-1) ?? file;
  return base.slice(0, -".json".length).replace(/[^A-Za-z0-9._-]/g, "_") || "scenario";
}

async function textOf(file: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of openInput(file, nothing())) {
    pieces.push(piece);
    length += piece.length;
    if (length <= FILE_BYTES_MAX) continue;
    throw new SimError({
      code: "E_SCENARIO_FILE",
      place: file,
      found: `more than ${FILE_BYTES_MAX} bytes`,
      expected: "a scenario in JSON",
      action: "Is this a recording? mmreplay check takes it.",
    });
  }
  return Buffer.concat(pieces).toString("utf8");
}

function notJson(place: string): SimError {
  return new SimError({
    code: "E_SCENARIO",
    place,
    found: "a file whose name does not end in .json",
    expected: "a scenario's name, or a file in JSON (.json)",
    action: "Is it a scenario? Name it .json.",
  });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function named<T>(
  all: readonly T[],
  wanted: string,
  nameIn: (one: T) => string,
  code: string,
  commands: string,
): T {
  const found = all.find((one) => nameIn(one) === wanted);
  if (found !== undefined) return found;
  const hint = didYouMean(wanted, all.map(nameIn));
  throw new SimError({
    code,
    found: JSON.stringify(wanted.slice(0, 60)),
    expected: "a name that is known",
    action: hint === "" ? `mmreplay ${commands}.` : hint,
  });
}
