/**
 * The report of `sees`: the table of all operations, details of some, or one record of each.
 */
import { frameOf, frameOfCpu, kindOf, mayWrite } from "@mmreplay/core";
import type { Change, CpuChange, Sight, Step } from "../../sees/sight.ts";
import { detailLines } from "./detail.ts";
import { summaryLines } from "./summary.ts";

/** The table, and how to ask for one. */
export function summaryOf(sights: readonly Sight[]): string[] {
  const [first] = sights;
  const one = first === undefined ? [] : [`one in detail: mmreplay sees ${first.seen.name}`];
  const broken = sights.flatMap(({ seen, findings, stuck }) =>
    [...findings.map(({ rule, message }) => `${rule}: ${message}`), ...stuck].map(
      (wrong) => `${seen.name}: ${wrong}`,
    ),
  );
  return [...summaryLines(sights), ...(broken.length === 0 ? [] : ["", ...broken]), "", ...one];
}

/** Operations in detail, one after the other. */
export function detailsOf(sights: readonly Sight[]): string[] {
  return sights.flatMap((sight, at) => [...(at === 0 ? [] : [""]), ...detailLines(sight)]);
}

/** Whether a rule is broken in the run, or somebody waits for ever. */
export function isBroken({ findings, stuck }: Sight): boolean {
  return stuck.length > 0 || findings.length > 0;
}

/** Operations that are seen in a model with a bug as in the one without, event by event. */
export function unchangedIn(sights: readonly Sight[], plain: readonly Sight[]): string[] {
  const records = plain.map((sight) => JSON.stringify(recordOf(sight)));
  return sights.flatMap((sight, at) =>
    JSON.stringify(recordOf(sight)) === records[at] ? [sight.seen.name] : [],
  );
}

/** What is said where the text of no operation, or not of each, differs by a bug. */
export function unchangedLines(
  id: string,
  sights: readonly Sight[],
  plain: readonly Sight[],
  told: (sights: readonly Sight[]) => string[],
): string[] {
  const same = sights.filter((sight, at) => {
    return told([sight]).join("\n") === told(plain.slice(at, at + 1)).join("\n");
  });
  const all = same.length === sights.length;
  // A table of all operations is about all of them.
  if (same.length === 0 || (told === summaryOf && !all)) return [];
  const of = all ? "what is shown" : same.map(({ seen }) => seen.name).join(", ");
  return ["", `${id} changes nothing of ${of}; where it is found: mmreplay zoo ${id}`];
}

/** One operation for `--json`. */
export function recordOf(sight: Sight): object {
  const { seen, before, invalidations, lock, steps, afterwards, accesses, findings, stuck } = sight;
  return {
    operation: seen.name,
    site: seen.site,
    invalidations: invalidations.map(({ pages, ...rest }) => ({
      ...rest,
      startPage: pages?.[0] ?? null,
      endPageExclusive: pages?.[1] ?? null,
    })),
    lock,
    before: {
      cpu: before.cpu.map(cpuRecord),
      device: before.device.map(deviceRecord),
    },
    steps: steps.map(stepRecord),
    afterwards: { accesses, steps: afterwards.map(stepRecord) },
    findings,
    stuck,
  };
}

const cpuRecord = (entry: number): object | null =>
  entry === 0 ? null : { kind: kindOf(entry), frame: frameOfCpu(entry) };

const deviceRecord = (entry: number): object | null =>
  entry === 0 ? null : { writable: mayWrite(entry), frame: frameOf(entry) };

const changeRecord = (change: Change | CpuChange, entry: (entry: number) => object | null) => ({
  ...change,
  before: entry(change.before),
  after: entry(change.after),
});

function stepRecord({ event, cpu, device, seq }: Step): object {
  return {
    event,
    ...(seq === undefined ? {} : { seq }),
    cpu: cpu.map((change) => changeRecord(change, cpuRecord)),
    device: device.map((change) => changeRecord(change, deviceRecord)),
  };
}
