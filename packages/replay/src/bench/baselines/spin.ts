/**
 * Spin on a model of the same protocol, as ../shared/peers has it: one transition for each locked step.
 *
 * Spin makes a C program of the model and of the numbers of tasks; what is measured is that program,
 * not the making of it.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { assert } from "@mmreplay/events";
import type { ChildRun } from "../benchmark.ts";
import { isInstalled, type Workshop } from "../workshop.ts";

/** The file of the model in its folder. */
const MODEL = "interval-notifier.pml";

/**
 * Slots of Spin's table of states, as a power of two: what is fastest. With 2^24 instead a search of the
 * 25 million states of 4F2I1R takes a quarter more time and a third less memory.
 */
const SLOT_BITS = 24;
const SLOT_BITS_OF: Readonly<Record<string, number>> = { "peer/4F2I1R": 27 };

/** What is lacking for Spin; undefined: nothing. */
export async function spinLacks(folder: string): Promise<string | undefined> {
  if (!(await isInstalled("spin"))) return "spin is not installed (Debian: apt-get install spin)";
  return modelLacks(folder);
}

/** Why a folder is not that of the model; undefined: it is. */
export function modelLacks(folder: string): string | undefined {
  if (existsSync(join(folder, MODEL))) return undefined;
  return `there is no ${join(folder, MODEL)} (--spin DIR says where the Promela model is)`;
}

/** Compiles the search of a scenario of the peers' family; the result runs it. */
export async function spinSearch(
  workshop: Workshop,
  modelFolder: string,
  scenario: string,
  mode: "depth-first" | "breadth-first",
): Promise<() => Promise<ChildRun>> {
  const [, faulters, invalidators, inserter] = /^peer\/(\d)F(\d)I(1R)?$/.exec(scenario) ?? [];
  assert(faulters !== undefined, "a scenario of the peers' family");
  const sizes = [`-DNF=${faulters}`, `-DNI=${invalidators}`, `-DINS=${inserter ? 1 : 0}`];
  const model = resolve(modelFolder, MODEL);
  await workshop.prepare("spin", ["-o1", "-o2", "-o3", ...sizes, "-DBUG=0", "-a", model]);
  const flags = ["-O3", "-w", "-DNOREDUCE", "-DSAFETY", "-DMEMLIM=18000"];
  if (mode === "breadth-first") flags.push("-DBFS");
  const program = join(workshop.folder, `pan-${mode}`);
  const slotBits = SLOT_BITS_OF[scenario] ?? SLOT_BITS;
  await workshop.prepare("gcc", [...flags, "-o", program, "pan.c"]);
  return async () => {
    const { stdout, usage } = await workshop.run(program, ["-m100000", `-w${slotBits}`]);
    return { work: workOf(scenario, stdout), usage };
  };
}

/** What Spin's report says, in the words of a search of ours. */
function workOf(scenario: string, report: string): string {
  const number = (pattern: RegExp): number => Number(pattern.exec(report)?.[1]);
  assert(number(/errors: (\d+)/) === 0, "Spin finds no error in the model");
  assert(!/max search depth too small|resource limit/.test(report), "Spin searches all of it");
  const states = number(/(\d+) states, stored/);
  // Spin counts the first state as a transition.
  const transitions = number(/(\d+) transitions/) - 1;
  return `${scenario}: ${states} states, ${transitions} transitions`;
}
