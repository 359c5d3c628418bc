/**
 * Benchmarks of the importers: text of a generated recording to observations.
 */
import { createImporter, type Observation } from "@mmreplay/events";
import type { GeneratedFormat } from "../generate/layouts.ts";
import { jsonLines } from "./baselines/json-lines.ts";
import { importByRegExp } from "./baselines/regexp-importer.ts";
import type { Benchmark, Side } from "./benchmark.ts";
import { asJsonLines, observationsOf } from "./inputs.ts";

/** Takes observations and adds up values of each, so that none is made in vain. */
export class Tally {
  events = 0;
  sum = 0;

  readonly take = (observation: Observation): void => {
    if (observation.kind !== "probe") return;
    const { task, cpu, at, probe, fields, line } = observation;
    this.events += 1;
    this.sum += line + task + cpu + at + probe.length;
    const value = fields["sub"] ?? fields["range"] ?? fields["dmirror"] ?? "";
    this.sum += value.length;
  };

  /** The same text for the same observations. */
  readonly told = (): string => `${this.events} events, sum ${this.sum}`;
}

const importing =
  (format: GeneratedFormat, chunks: readonly Uint8Array[]): Side =>
  () => {
    const tally = new Tally();
    const importer = createImporter(format);
    for (const chunk of chunks) importer.push(chunk, tally.take);
    importer.end(tally.take);
    return tally.told;
  };

const parsing =
  (chunks: readonly Uint8Array[]): Side =>
  () => {
    const tally = new Tally();
    jsonLines(chunks, tally.take);
    return tally.told;
  };

const againstJson = (name: string, format: GeneratedFormat): Benchmark => ({
  name,
  unit: "lines/s",
  baseline: "JSON.parse of the same events",
  setUp(inputs) {
    const chunks = inputs.recording(format);
    const json = asJsonLines(observationsOf(format, chunks));
    return { amount: inputs.size.lines, own: importing(format, chunks), baseline: parsing(json) };
  },
});

const againstRegExp: Benchmark = {
  name: "ftrace-regexp",
  unit: "lines/s",
  baseline: "regular expressions",
  setUp(inputs) {
    const chunks = inputs.recording("ftrace");
    const baseline: Side = () => {
      const tally = new Tally();
      importByRegExp(chunks, tally.take);
      return tally.told;
    };
    return { amount: inputs.size.lines, own: importing("ftrace", chunks), baseline };
  },
};

/** Each format against JSON, and ftrace against the obvious importer. */
export const IMPORT_BENCHMARKS: readonly Benchmark[] = [
  againstJson("ftrace", "ftrace"),
  againstRegExp,
  againstJson("trace-cmd", "trace-cmd"),
  againstJson("perf", "perf-script"),
  againstJson("bpftrace", "bpftrace"),
];
