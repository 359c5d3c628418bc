/**
 * The options that every command which reads recordings or journals has: `--format` and `--profile`.
 *
 * Selections (`--clock`, `--mm`, `--range` and so on) are not offered before they are obeyed: an
 * option that changes nothing would make a verdict about the wrong events.
 */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { CheckOptions } from "../recording/check-options.ts";

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

/** The flags as the readers take them; a profile is a file when it looks like a path. */
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
  if (!/[/.]/.test(profile)) {
    // Asked for here, so that a wrong name is one error and not one for every file.
    (await import("@mmreplay/events")).builtInProfile(profile);
    return { name: profile };
  }
  try {
    return { json: await readFile(profile, "utf8"), file: profile };
  } catch (error) {
    throw (await import("../input/file-error.ts")).readError(profile, error);
  }
}
