/**
 * The profile by which a recording's probes are read.
 *
 * Without a choice it is the largest built-in one: it holds the core's probes under the names that
 * the recorder scripts give them, and a driver's that happen not to fire do no harm.
 */
import { builtInProfile, decodeProfile, resolveProfile } from "@mmreplay/events";
import type { CheckOptions } from "./check-options.ts";
import type { LoweringOptions } from "./lowering.ts";

/** A profile as the lowering uses it. */
export interface UsedProfile extends Pick<LoweringOptions, "meaning" | "layout"> {
  readonly name: string;
}

/** The profile that is used when none is named. */
export const PROFILE_DEFAULT = "test_hmm";

/**
 * The profile of the options, with all that it inherits.
 *
 * @throws SimError when there is no built-in profile of the name, or a user's is no profile.
 */
export function profileOf(chosen: CheckOptions["profile"]): UsedProfile {
  const profile =
    chosen !== undefined && "json" in chosen
      ? decodeProfile(chosen.json, chosen.file)
      : builtInProfile(chosen?.name ?? PROFILE_DEFAULT);
  const { name, probes, mirror, updateEndInclusive } = resolveProfile(profile);
  return {
    name,
    meaning: (probe) => probes.get(probe),
    layout: { offsets: mirror, updateEndInclusive },
  };
}
