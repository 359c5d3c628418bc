/**
 * A user's profile from JSON, or a sentence about what is wrong with it.
 *
 * The schema sees the shape. Beyond it: names that can never match, fields that the role does not
 * have, and a base that does not exist are refused, too, because each would silently map nothing.
 */
import { excerpt } from "../import/printable.ts";
import { probeName } from "../import/probe-name.ts";
import { issueText } from "../journal/schema-issue.ts";
import { SimError } from "../sim-error.ts";
import { didYouMean } from "../vocabulary/near-match.ts";
import { type Profile, profileSchema } from "./profile.ts";
import { lostKey } from "./repeated-key.ts";
import { builtInProfile } from "./resolve.ts";
import { ROLE_FIELDS } from "./role.ts";

/**
 * The profile that a JSON text describes; `file` is named in errors.
 *
 * @throws SimError `E_PROFILE_JSON` when the text is no JSON, `E_PROFILE_TWICE` when a key stands
 * twice in one object, `E_PROFILE` when its shape is wrong,
 * `E_PROFILE_PROBE` when a probe name can never match, `E_PROFILE_FIELD` when a role has no such
 * field, `E_PROFILE_NAME` when it extends no built-in profile.
 * @example
 * ```ts
 * const text = '{"name":"mine","title":"","checkedOn":[],"extends":"core","probes":{"rb":{"role":"read_begin"}}}';
 * decodeProfile(text, "mine.json").extends; // "core"
 * ```
 */
export function decodeProfile(jsonText: string, file: string): Profile {
  const json = parsed(jsonText, file);
  checkKeys(jsonText, file);
  const result = profileSchema.safeParse(json);
  if (!result.success) {
    const text = issueText(result.error.issues, json, Object.keys(profileSchema.shape));
    throw new SimError({
      code: "E_PROFILE",
      place: file,
      found: text.found,
      expected: text.expected,
      action: text.hint || "The format is packages/events/schema/profile.schema.json.",
    });
  }
  checkBase(result.data, file);
  for (const [printed, probe] of Object.entries(result.data.probes)) {
    checkName(printed, file);
    for (const field of Object.keys(probe.fields ?? {})) {
      checkField(printed, probe.role, field, file);
    }
  }
  return result.data;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new SimError({
      code: "E_PROFILE_JSON",
      place: file,
      found: text.trim() === "" ? "an empty file" : `text that is not JSON (${excerpt(why)})`,
      expected: "a profile in JSON",
      action: "Correct the file.",
    });
  }
}

function checkKeys(jsonText: string, file: string): void {
  const key = lostKey(jsonText);
  if (key === undefined) return;
  throw new SimError({
    code: "E_PROFILE_TWICE",
    place: file,
    found: `the key ${excerpt(key)}${key === "__proto__" ? "" : " twice in one object"}`,
    expected: "each key once, and no __proto__",
    action: "Remove the one that is not meant.",
  });
}

function checkBase(profile: Profile, file: string): void {
  if (profile.extends === undefined) return;
  try {
    builtInProfile(profile.extends);
  } catch (error) {
    throw error instanceof SimError ? error.at(`${file}: "extends"`) : error;
  }
}

function checkName(printed: string, file: string): void {
  const { probe, edge } = probeName(printed);
  if (probe === printed && edge === "entry" && printed !== "") return;
  throw new SimError({
    code: "E_PROFILE_PROBE",
    place: file,
    found: `the probe name ${excerpt(printed)}`,
    expected: "a name without its group and without the suffix of a return probe",
    action:
      probe === "" ? "Give the name." : `Write ${excerpt(probe)}: it stands for entry and return.`,
  });
}

function checkField(
  printed: string,
  role: keyof typeof ROLE_FIELDS,
  field: string,
  file: string,
): void {
  const known: readonly string[] = ROLE_FIELDS[role];
  if (known.includes(field)) return;
  throw new SimError({
    code: "E_PROFILE_FIELD",
    place: file,
    found: `the field ${excerpt(field)} of ${excerpt(printed)}`,
    expected:
      known.length === 0
        ? `no fields, as its role is "${role}"`
        : `fields of the role "${role}": ${known.join(", ")}`,
    action: didYouMean(field, known) || "Write the canonical name first: canonical: printed.",
  });
}
