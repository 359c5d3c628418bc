/**
 * What `fuzz` does: which workers draw, when they end, and where the results go.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Rule, SEARCH_RULES } from "@mmreplay/core";
import { SimError } from "@mmreplay/events";
import { mutantNamed, scenarioAt } from "../explore/named.ts";
import {
  type CampaignOptions,
  type CampaignState,
  type CampaignWorker,
  campaign,
  isUndecided,
} from "../fuzz/campaign.ts";
import { identityOf } from "../fuzz/campaign-file.ts";
import { corpusEntry, corpusFiles, keepFailure, makeFolder } from "../fuzz/corpus.ts";
import { type KeptCampaign, keepCampaign } from "../fuzz/kept-campaign.ts";
import { localWorker, WORKER_BOUNDS, type WorkerBounds } from "../fuzz/local-worker.ts";

import { metAgain } from "../fuzz/met-again.ts";
import type { CampaignSubject } from "../fuzz/source.ts";
import { threadWorker } from "../fuzz/thread-worker.ts";
import { counted } from "./counted.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_UNDECIDED, EXIT_VIOLATED } from "./exit-code.ts";
import { type FuzzFlags, RUNS_USUAL, refuseContradictions } from "./fuzz-flags.ts";
import { againLine, type FuzzReport, jsonOfFuzz, textOfFuzz } from "./fuzz-text.ts";
import type { Io } from "./io.ts";
import { progressOn } from "./progress.ts";
import { packageVersion } from "./version.ts";
import { writeWholeFile } from "./whole-file.ts";

/** Draws, prints, and gives the exit code. */
export async function runFuzz(flags: FuzzFlags, io: Io): Promise<number> {
  refuseContradictions(flags);
  const subject = await subjectOf(flags);
  const bounds: WorkerBounds = {
    maxSteps: flags.maxSteps ?? WORKER_BOUNDS.maxSteps,
    maxStates: flags.maxStates ?? WORKER_BOUNDS.maxStates,
  };
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const workers = workersOf(flags, subject, bounds, io);
  const state =
    flags.path === undefined
      ? await drawn(flags, subject, bounds, workers, io)
      : await metAgain(flags.path, subject, workers[0] as CampaignWorker);
  const interrupted = io.signal.aborted;
  const report: FuzzReport = {
    ...(flags.scenario === undefined ? {} : { scenario: flags.scenario }),
    ...(flags.mutant === undefined ? {} : { mutant: flags.mutant }),
    ...(flags.rules === undefined ? {} : { rules: flags.rules }),
    seed: subject.seed,
    state,
    ...(interrupted ? { interrupted } : {}),
    ...(flags.path === undefined ? {} : { path: `${flags.path.round}:${flags.path.schedule}` }),
    ...(flags.timing === true
      ? {
          timing: {
            seconds: (performance.now() - begun) / 1e3,
            cpuSeconds: process.cpuUsage(cpu).user / 1e6,
          },
        }
      : {}),
  };
  await keepAll(flags, report);
  await io.stdout.write(
    flags.json === true ? await jsonOfFuzz(report) : await textOfFuzz(report, flags.reporter),
  );
  if (interrupted) return EXIT_INTERRUPTED;
  if (state.findings.length > 0) return EXIT_VIOLATED;
  return isUndecided(state) ? EXIT_UNDECIDED : EXIT_OK;
}

async function subjectOf({
  scenario,
  mutant,
  rules,
  seed = 1,
}: FuzzFlags): Promise<CampaignSubject> {
  const named = scenario === undefined ? undefined : await scenarioAt(scenario);
  return {
    seed,
    ...(named === undefined ? {} : { named }),
    ...(mutant === undefined ? {} : { mutant: mutantNamed(mutant) }),
    ...(rules === undefined ? {} : { rules: knownRules(rules, named?.rules ?? SEARCH_RULES) }),
  };
}

/** What fails without a rule, and is looked for whichever are asked. */
const UNASKED = ["deadlock", "lost-wake-up", "illegal-event"];

/** @throws SimError `E_RULE` for one that no search asks. */
function knownRules(ids: readonly string[], asked: readonly Rule[]): readonly string[] {
  const known = [...new Set([...asked.map(({ id }) => id), ...UNASKED])];
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return ids;
  throw new SimError({
    code: "E_RULE",
    place: "--rules",
    found: JSON.stringify(unknown),
    expected: `one of ${known.join(", ")}`,
    action: "Name rules that are asked here.",
  });
}

function workersOf(
  { workers = 1, path }: FuzzFlags,
  subject: CampaignSubject,
  bounds: WorkerBounds,
  io: Io,
): CampaignWorker[] {
  if (workers === 1 || path !== undefined) {
    return [localWorker(subject, bounds, () => io.signal.aborted)];
  }
  return Array.from({ length: workers }, () => threadWorker(subject, bounds, io.signal));
}

async function drawn(
  flags: FuzzFlags,
  subject: CampaignSubject,
  bounds: WorkerBounds,
  workers: readonly CampaignWorker[],
  io: Io,
): Promise<CampaignState> {
  const { runs = flags.seconds === undefined ? RUNS_USUAL : undefined, seconds, shard } = flags;
  const end = seconds === undefined ? undefined : performance.now() + seconds * 1e3;
  const progress = progressOn(io.stderr);
  const options: CampaignOptions = {
    subject,
    ...(runs === undefined ? {} : { runs }),
    ...(shard === undefined ? {} : { shard }),
    ...(end === undefined ? {} : { over: () => performance.now() >= end }),
    stopped: () => io.signal.aborted,
  };
  const kept = await keptOf(flags, options, bounds);
  try {
    const from = kept?.from === undefined ? {} : { from: kept.from };
    const onState = (state: CampaignState, isWhole: boolean): void => {
      progress.show(progressText(state));
      kept?.counted(state, isWhole);
    };
    const state = await campaign({ ...options, ...from, onState }, workers);
    kept?.end();
    return state;
  } finally {
    progress.clear();
  }
}

async function keptOf(
  { corpus, resume = false }: FuzzFlags,
  options: CampaignOptions,
  bounds: WorkerBounds,
): Promise<KeptCampaign | undefined> {
  if (corpus === undefined) return undefined;
  const identity = identityOf(options, bounds, packageVersion());
  const now = (): number => performance.now();
  return keepCampaign({ corpus, identity, resume, write: writeWholeFile, now });
}

function progressText({ totals, findings }: CampaignState): string {
  const { runs, steps } = totals;
  return `${counted(runs, "schedule")}, ${counted(steps, "step")}, ${counted(findings.length, "finding")}`;
}

async function keepAll({ corpus }: FuzzFlags, report: FuzzReport): Promise<void> {
  if (corpus === undefined) return;
  makeFolder(corpus);
  for (const finding of report.state.findings) {
    const entry = corpusEntry(finding, report.mutant);
    if (existsSync(join(corpus, entry, "journal.jsonl"))) continue;
    const named = await scenarioAt(finding.scenario);
    keepFailure(
      corpus,
      entry,
      corpusFiles(finding, named, againLine(report, finding)),
      writeWholeFile,
    );
  }
}
