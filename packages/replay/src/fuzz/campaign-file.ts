/**
 * The file from which a campaign goes on.
 *
 * It fits one seed, scenario, mutant, shard and version, and is taken only as it was written: its sums go into
 * what a report says was reached, and drawn again a round would be counted twice.
 */
import { SimError } from "@mmreplay/events";
import { contentOf } from "../explore/content.ts";
import { isSealed, sealed } from "../explore/sealed.ts";
import type { CampaignOptions, CampaignState } from "./campaign.ts";
import type { WorkerBounds } from "./local-worker.ts";

const KIND = "mmreplay-campaign";
const FORMAT = 1;

/** What a file must agree in with the campaign that goes on. */
export interface CampaignIdentity {
  readonly version: string;
  readonly seed: number;
  /** Hash of what the scenario says; null: drawn workloads. */
  readonly scenario: string | null;
  readonly mutant: string | null;
  /** Ids of the rules that are asked; null: all. */
  readonly rules: string | null;
  readonly shard: string;
  readonly maxSteps: number;
  readonly maxStates: number;
}

interface CampaignFile extends CampaignIdentity {
  readonly kind: typeof KIND;
  readonly format: typeof FORMAT;
  readonly state: CampaignState;
}

/** What a campaign is. */
export function identityOf(
  { subject, shard = { index: 0, of: 1 } }: CampaignOptions,
  { maxSteps, maxStates }: WorkerBounds,
  version: string,
): CampaignIdentity {
  const { seed, named, mutant, rules } = subject;
  return {
    version,
    seed,
    scenario: named === undefined ? null : contentOf(named),
    mutant: mutant?.id ?? null,
    rules: rules?.join(",") ?? null,
    shard: `${shard.index + 1}/${shard.of}`,
    maxSteps,
    maxStates,
  };
}

/** The text of the file. */
export function encodeCampaign(identity: CampaignIdentity, state: CampaignState): string {
  const file: CampaignFile = { kind: KIND, format: FORMAT, ...identity, state };
  return `${JSON.stringify(sealed(file))}\n`;
}

/**
 * Where the campaign of a file stands.
 *
 * @throws SimError `E_RESUME` when it is no such file, or one of another campaign.
 */
export function decodeCampaign(
  name: string,
  text: string,
  identity: CampaignIdentity,
): CampaignState {
  const file = parsed(name, text);
  for (const [field, expected] of Object.entries(identity)) {
    const found = file[field as keyof CampaignIdentity];
    if (found === expected) continue;
    throw refused(
      name,
      `a campaign with ${field} ${JSON.stringify(found)}`,
      JSON.stringify(expected),
      "Go on with the options that it was begun with, or take another folder.",
    );
  }
  return file.state;
}

function parsed(name: string, text: string): CampaignFile {
  const expected = `a file of a campaign (${KIND}, format ${FORMAT})`;
  const action = "Name the folder that fuzz --corpus has written, or leave out --resume.";
  let file: Partial<CampaignFile> | null;
  try {
    file = JSON.parse(text) as Partial<CampaignFile> | null;
  } catch {
    throw refused(name, "something else", expected, action);
  }
  if (file?.kind !== KIND || file.format !== FORMAT) {
    throw refused(name, "something else", expected, action);
  }
  if (!isSealed(file)) {
    throw refused(name, "a file that was changed after it was written", expected, action);
  }
  return file as CampaignFile;
}

function refused(place: string, found: string, expected: string, action: string): SimError {
  return new SimError({ code: "E_RESUME", place, found, expected, action });
}
