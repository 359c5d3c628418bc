/**
 * Variants of a recording, damaged from seeds: the kinds of damage in turn, each with a seed of its own.
 *
 * Each recording gets every kind once. MMREPLAY_DAMAGE=200, as in CI, makes it 200 variants of each, and adds what
 * is left out of the usual run;
 * MMREPLAY_DAMAGE_LARGER=1 adds larger recordings where the full set is there.
 */
import { checkBytes, type FileReport } from "@mmreplay/replay";
import { DAMAGES, type Damage } from "./damage.ts";
import { seededChoices } from "./random.ts";
import { inChunks, recordingBytes } from "./recordings.ts";

const VARIANTS = Number(process.env["MMREPLAY_DAMAGE"] ?? DAMAGES.length);

/** Whether everything is damaged that can be; else one of several alike. */
export const ALL: boolean = process.env["MMREPLAY_DAMAGE"] !== undefined;

/** Whether larger recordings are damaged, too. */
export const LARGER: boolean = process.env["MMREPLAY_DAMAGE_LARGER"] !== undefined;

/** The variants of a recording. */
export const VARIANTS_OF_EACH: readonly { seed: number; damage: Damage }[] = Array.from(
  { length: VARIANTS },
  (_, seed) => ({ seed, damage: DAMAGES[seed % DAMAGES.length] as Damage }),
);

/** The lines of a recording, without their ends. */
export function linesOf(file: string): string[] {
  return recordingBytes(file).toString("latin1").split("\n");
}

/** What check says of these lines. */
export function checkLines(file: string, lines: readonly string[]): Promise<FileReport> {
  return checkBytes(file, inChunks(Buffer.from(lines.join("\n"), "latin1")), {});
}

/** What check says of a recording that was damaged. */
export function damagedReport(file: string, seed: number, { damage }: Damage): Promise<FileReport> {
  return checkLines(file, damage(linesOf(file), seededChoices(seed)));
}
