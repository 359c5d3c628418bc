/**
 * The options that every command which reads recordings or journals has: `--format` and `--profile`.
 * What selects has a file of its own (select-options.ts).
 */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { CheckOptions } from "../recording/check-options.ts";

/** No profile is longer. */
const PROFILE_BYTES_MAX = 1024 * 1024;

/** What commander gives for them. */
export interface ReadFlags {
  readonly format?: string;
  readonly profile?: string;
}

/** Adds `--format` and `--profile` to a command. */
export function addReadOptions(command: Command): Command {
  return command
    .option("--format <name>", "read as this format, whatever the content says")
    .option("--profile <name|file>", "names of the probes: a built-in profile, or a JSON file");
}

/** The flags as the readers take them; a profile that is not built in is a file when it is there. */
export async function readOptions(flags: ReadFlags): Promise<CheckOptions> {
  const { format, profile } = flags;
  return {
    ...(format === undefined ? {} : { format: await knownFormat(format) }),
    ...(profile === undefined ? {} : { profile: await profileOf(profile) }),
  };
}

async function knownFormat(format: string): Promise<string> {
  const { IMPORT_FORMATS, SimError } = await import("@mmreplay/events");
  if ((IMPORT_FORMATS as readonly string[]).includes(format)) return format;
  throw new SimError({
    code: "E_FORMAT",
    place: "--format",
    found: JSON.stringify(format),
    expected: `one of ${IMPORT_FORMATS.join(", ")}`,
    action: "Leave it out to have the format found by content.",
  });
}

async function profileOf(profile: string): Promise<NonNullable<CheckOptions["profile"]>> {
  // Decoded here, so that a wrong profile is one error and not one for every file.
  const { builtInProfile, decodeProfile, PROFILE_NAMES } = await import("@mmreplay/events");
  const isFile = /[/.]/.test(profile) || existsSync(profile);
  if (PROFILE_NAMES.includes(profile) || !isFile) {
    builtInProfile(profile);
    return { name: profile };
  }
  const json = await profileText(profile);
  decodeProfile(json, profile);
  return { json, file: profile };
}

/** The text of a profile; reading ends when it is longer than any profile. */
async function profileText(file: string): Promise<string> {
  const { openInput } = await import("../input/open.ts");
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of openInput(file, noStdin())) {
    pieces.push(piece);
    length += piece.length;
    if (length > PROFILE_BYTES_MAX) throw await tooLong(file);
  }
  return Buffer.concat(pieces).toString("utf8");
}

async function* noStdin(): AsyncGenerator<Uint8Array> {}

async function tooLong(file: string): Promise<Error> {
  const { SimError } = await import("@mmreplay/events");
  return new SimError({
    code: "E_PROFILE",
    place: file,
    found: `more than ${PROFILE_BYTES_MAX} bytes`,
    expected: "a profile in JSON",
    action: "Is this the recording? Then name it without --profile.",
  });
}
