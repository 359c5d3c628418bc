/**
 * A profile with everything that it inherits, ready for lookup.
 */
import { SimError } from "../sim-error.ts";
import { didYouMean } from "../vocabulary/near-match.ts";
import { CORE_PROFILE } from "./core-profile.ts";
import type { MirrorOffsets, Profile } from "./profile.ts";
import type { Role } from "./role.ts";
import { TEST_HMM_PROFILE } from "./test-hmm-profile.ts";

const BUILT_IN: readonly Profile[] = [CORE_PROFILE, TEST_HMM_PROFILE];

/** Names of the built-in profiles. */
export const PROFILE_NAMES: readonly string[] = BUILT_IN.map((profile) => profile.name);

/** What a printed probe means. */
export interface ResolvedProbe {
  readonly role: Role;
  /** Canonical field name to the printed name, for the fields that are printed under another. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** A profile with all that it inherits. */
export interface ResolvedProfile {
  readonly name: string;
  readonly title: string;
  readonly checkedOn: readonly string[];
  /** By the name as printed, without its group and without `_ret`. */
  readonly probes: ReadonlyMap<string, ResolvedProbe>;
  /** Null: the driver's layout is unknown. */
  readonly mirror: MirrorOffsets | null;
  readonly updateEndInclusive: boolean;
}

/**
 * The built-in profile of a name.
 *
 * @throws SimError `E_PROFILE_NAME` when there is none.
 * @example
 * ```ts
 * builtInProfile("test_hmm").extends; // "core"
 * ```
 */
export function builtInProfile(name: string): Profile {
  const profile = BUILT_IN.find((one) => one.name === name);
  if (profile !== undefined) return profile;
  throw new SimError({
    code: "E_PROFILE_NAME",
    found: `the profile ${JSON.stringify(name.slice(0, 60))}`,
    expected: `one of ${PROFILE_NAMES.join(", ")}`,
    action: didYouMean(name, PROFILE_NAMES) || "Name a built-in profile or give a file.",
  });
}

/**
 * Puts a profile on top of the built-in one that it extends: its probes replace those of the same
 * name, its layout replaces the inherited one as a whole.
 *
 * @throws SimError `E_PROFILE_NAME` when it extends none that is built in.
 */
export function resolveProfile(profile: Profile): ResolvedProfile {
  const base =
    profile.extends === undefined ? null : resolveProfile(builtInProfile(profile.extends));
  const probes = new Map(base?.probes);
  for (const [printed, { role, fields }] of Object.entries(profile.probes)) {
    probes.set(printed, fields === undefined ? { role } : { role, fields });
  }
  return {
    name: profile.name,
    title: profile.title,
    checkedOn: profile.checkedOn,
    probes,
    mirror: profile.mirror ?? base?.mirror ?? null,
    updateEndInclusive: profile.updateEndInclusive ?? base?.updateEndInclusive ?? false,
  };
}
