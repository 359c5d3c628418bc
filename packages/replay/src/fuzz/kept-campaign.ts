/**
 * Where a campaign stands, kept in its corpus: written now and then while it goes on, and read by `--resume`.
 *
 * Each campaign has a file of its own, by what it is, so one folder serves many seeds and shards. What is kept is
 * only ever replaced by what is farther: whoever forgets `--resume` loses nothing.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { hash64, SimError } from "@mmreplay/events";
import { readText } from "../input/read-text.ts";
import { type CampaignState, NOTHING_YET } from "./campaign.ts";
import { type CampaignIdentity, decodeCampaign, encodeCampaign } from "./campaign-file.ts";
import { makeFolder } from "./corpus.ts";

/** A campaign is written down at most so often. */
const KEEP_MS = 2_000;

/** Digits of the hash in a file's name. */
const HASH_DIGITS = 8;

const FILE = /^campaign-[0-9a-f]+\.json$/;

/** What a campaign is kept with. */
export interface KeepOptions {
  readonly corpus: string;
  readonly identity: CampaignIdentity;
  /** Goes on where it stands. */
  readonly resume: boolean;
  readonly write: (file: string, text: string) => void;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
}

/** A campaign that is kept. */
export interface KeptCampaign {
  /** Where it stood. */
  readonly from?: CampaignState;
  /** A round was counted; only whole ones can be gone on from. */
  counted(state: CampaignState, isWhole: boolean): void;
  /** Writes down what was not written yet. */
  end(): void;
}

/**
 * Begins to keep a campaign.
 *
 * @throws SimError `E_RESUME` when it is to go on and is not there, or is another one; `E_WRITE`.
 */
export async function keepCampaign(options: KeepOptions): Promise<KeptCampaign> {
  const { corpus, identity, resume, write, now } = options;
  const file = join(corpus, fileOf(identity));
  const found = existsSync(file) ? await readText(file) : undefined;
  if (resume && found === undefined) await refuse(corpus, identity);
  const before = found === undefined ? undefined : standing(file, found, identity, resume);
  makeFolder(corpus);
  let latest: CampaignState | undefined = before === undefined ? NOTHING_YET : undefined;
  let keptAt = Number.NEGATIVE_INFINITY;
  const keep = (): void => {
    if (latest === undefined || latest.nextRound <= (before?.nextRound ?? -1)) return;
    keptAt = now();
    write(file, encodeCampaign(identity, latest));
    latest = undefined;
  };
  return {
    ...(resume && before !== undefined ? { from: before } : {}),
    counted(state, isWhole) {
      if (isWhole) latest = state;
      if (now() - keptAt >= KEEP_MS) keep();
    },
    end: keep,
  };
}

/** What a file says; a broken one is in nobody's way who does not want to go on. */
function standing(
  file: string,
  text: string,
  identity: CampaignIdentity,
  resume: boolean,
): CampaignState | undefined {
  try {
    return decodeCampaign(file, text, identity);
  } catch (error) {
    if (resume || !(error instanceof SimError)) throw error;
    return undefined;
  }
}

/** Says what is there instead of the campaign that was asked for. */
async function refuse(corpus: string, identity: CampaignIdentity): Promise<never> {
  const others = existsSync(corpus) ? readdirSync(corpus).filter((name) => FILE.test(name)) : [];
  const [other] = others.sort();
  if (other !== undefined) {
    const file = join(corpus, other);
    decodeCampaign(file, await readText(file), identity);
  }
  throw new SimError({
    code: "E_RESUME",
    place: corpus,
    found: "no campaign",
    expected: "one that fuzz --corpus has kept there",
    action: "Leave out --resume to begin one.",
  });
}

function fileOf(identity: CampaignIdentity): string {
  return `campaign-${hash64(JSON.stringify(identity)).slice(0, HASH_DIGITS)}.json`;
}
