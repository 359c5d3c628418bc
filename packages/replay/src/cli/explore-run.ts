/**
 * What `explore` does: which way to search, and where the results go.
 */
import type { NamedScenario } from "@mmreplay/core";
import { atEase } from "../explore/at-ease.ts";
import { type ExploreOptions, type ExploreReport, exploring } from "../explore/explore.ts";
import type { ShardReport } from "../explore/join.ts";
import {
  isFile,
  mutantNamed,
  type ScenarioText,
  scenarioCalled,
  scenarioOfText,
  scenarioText,
} from "../explore/named.ts";
import type { Subject } from "../explore/prepare.ts";
import type { Bounds } from "../explore/search.ts";
import { startTiming } from "../explore/timing.ts";
import { readText } from "../input/read-text.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_UNDECIDED, EXIT_VIOLATED } from "./exit-code.ts";
import { type ExploreFlags, refuseContradictions } from "./explore-flags.ts";
import { type Remarks, textOfReport } from "./explore-text.ts";
import { harmless } from "./harmless.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-output.ts";
import { packageVersion } from "./version.ts";
import { writeWholeFile } from "./whole-file.ts";

/** Searches, prints, and gives the exit code. */
export async function runExplore(
  name: string | undefined,
  flags: ExploreFlags,
  io: Io,
): Promise<number> {
  refuseContradictions(name, flags);
  await refuseInputs(name, flags);
  const timingOf = startTiming();
  const { report: found, named } = await reportOf(name, flags, io);
  const timing = flags.timing === true ? { timing: timingOf(found) } : {};
  const report = { ...found, ...(await remarksOn(found, named, flags, io)), ...timing };
  const text =
    flags.json === true
      ? jsonText(await printed(report, named))
      : await textOfReport(report, named);
  await io.stdout.write(text);
  const [finding] = report.findings;
  if (flags.output !== undefined) {
    if (flags.shard !== undefined) writeWholeFile(flags.output, jsonText(report));
    else if (finding !== undefined) await writeJournalOf(named, finding.schedule, flags.output);
    else
      await io.stderr.write(
        `mmreplay: no run fails, so ${harmless(flags.output)} is not written\n`,
      );
  }
  if (report.bound === "interrupted") return EXIT_INTERRUPTED;
  if (finding !== undefined) return EXIT_VIOLATED;
  return report.complete ? EXIT_OK : EXIT_UNDECIDED;
}

/** What the scenario says and no run does; a shard knows only its part. */
async function remarksOn(
  { mutant: id, bound }: ExploreReport,
  named: NamedScenario,
  flags: ExploreFlags,
  io: Io,
): Promise<Remarks> {
  if (flags.shard !== undefined || bound === "interrupted") return {};
  const { leftOutAlways, neverEnded } = await import("../explore/left-out.ts");
  const mutant = id === undefined ? undefined : mutantNamed(id);
  const options = { ...optionsOf(flags), stopped: () => io.signal.aborted };
  const leftOut = await atEase(leftOutAlways({ named, mutant }, options));
  const open = neverEnded(named);
  return {
    ...(leftOut.length === 0 ? {} : { leftOut }),
    ...(open.length === 0 ? {} : { neverEnded: open }),
  };
}

/** As it is printed: in the scenario's names. A shard's report is read again, and keeps the ids. */
async function printed<R extends ExploreReport>(report: R, named: NamedScenario): Promise<R> {
  if ("shard" in report) return report;
  const { inNames } = await import("../explore/program-words.ts");
  const findings = report.findings.map((finding) => ({
    ...finding,
    message: inNames(finding.message, named),
  }));
  return { ...report, findings };
}

async function reportOf(
  name: string | undefined,
  flags: ExploreFlags,
  io: Io,
): Promise<{ readonly report: ExploreReport; readonly named: NamedScenario }> {
  if (flags.merge !== undefined) return merged(flags.merge);
  const mutant = flags.mutant === undefined ? undefined : mutantNamed(flags.mutant);
  const place = name as string;
  const file = isFile(place) ? await scenarioText(place) : undefined;
  const named = file === undefined ? await scenarioCalled(place) : scenarioOfText(file);
  const stopped = (): boolean => io.signal.aborted;
  const options = { ...optionsOf(flags), stopped };
  return { report: await searched({ named, mutant }, options, flags, file), named };
}

async function searched(
  subject: Subject,
  options: ExploreOptions,
  flags: ExploreFlags,
  file: ScenarioText | undefined,
): Promise<ExploreReport> {
  if (flags.shard !== undefined) {
    const { exploringShard } = await import("../explore/join.ts");
    return atEase(exploringShard(subject, options, flags.shard, packageVersion(), file));
  }
  const { workers = 1 } = flags;
  if (workers > 1) {
    const { exploreOnThreads } = await import("../explore/threads.ts");
    return exploreOnThreads(subject, options, workers);
  }
  if (flags.resume !== undefined) return resumed(subject, options, flags.resume);
  return atEase(exploring(subject, options));
}

async function resumed(
  subject: Subject,
  options: ExploreOptions,
  name: string,
): Promise<ExploreReport> {
  const { exploringFrom } = await import("../explore/resume.ts");
  const text = await textIfThere(name);
  const file = text === undefined ? undefined : { name, text };
  const result = await atEase(exploringFrom(subject, options, packageVersion(), file));
  if (result.file !== undefined) writeWholeFile(name, result.file);
  return result.report;
}

async function merged(
  files: readonly string[],
): Promise<{ readonly report: ExploreReport; readonly named: NamedScenario }> {
  const { join, readShards, subjectOf } = await import("../explore/join.ts");
  const texts = await Promise.all(
    files.map(async (name) => ({ name, text: await readText(name) })),
  );
  const shards = readShards(texts, packageVersion());
  const subject = await subjectOf(shards[0] as ShardReport, files[0] as string);
  return { report: await join(subject, shards), named: subject.named };
}

function optionsOf(flags: ExploreFlags): ExploreOptions {
  const { strategy, symmetry, por, seed, pctDepth } = flags;
  const given = {
    ...(strategy === undefined ? {} : { strategy }),
    ...(seed === undefined ? {} : { seed }),
    ...(pctDepth === undefined ? {} : { pctDepth }),
  };
  const names = ["maxStates", "maxLassoStates", "maxSteps", "maxPreemptions", "runs"] as const;
  const bounds: Partial<Record<keyof Bounds, number>> = {};
  for (const name of names) if (flags[name] !== undefined) bounds[name] = flags[name];
  return { ...given, symmetry, por, bounds };
}

/** Before the search, which may take hours; the file of --resume is both by its meaning. */
async function refuseInputs(name: string | undefined, flags: ExploreFlags): Promise<void> {
  const { refuseOwnInput } = await import("../input/own-input.ts");
  const { output, resume, merge = [] } = flags;
  const scenario = name !== undefined && isFile(name) ? [name] : [];
  const kept = resume === undefined ? [] : [resume];
  if (output !== undefined) refuseOwnInput(output, [...scenario, ...merge, ...kept]);
  if (resume !== undefined) refuseOwnInput(resume, scenario);
}

async function textIfThere(file: string): Promise<string | undefined> {
  const { existsSync } = await import("node:fs");
  return existsSync(file) ? readText(file) : undefined;
}

async function writeJournalOf(named: NamedScenario, schedule: string, file: string): Promise<void> {
  const [{ writeJournal }, { runSchedule }] = await Promise.all([
    import("../explore/journal-of-run.ts"),
    import("../explore/run-schedule.ts"),
  ]);
  const { run, mutant } = runSchedule(named, schedule);
  const lines: string[] = [];
  writeJournal(run, { scenario: named.name, mutant }, (line) => void lines.push(line));
  writeWholeFile(file, lines.join(""));
}
