/**
 * The smaller workloads next to one, in the order in which they are tried: without a task, without operations,
 * with fewer pages, without a notifier, with fewer devices, without options, with a smaller set-up.
 *
 * The order is part of a workload's name (`drawn/SEED/ROUND.i.j.k`: the i-th of the smaller ones, of that the
 * j-th …), and it is the one in which fast-check shrinks, too. A candidate that would be no other workload, or
 * none at all, has a place without one, so that places do not depend on how others come out.
 */
import type { Operation } from "@mmreplay/core";
import { mirrorId } from "@mmreplay/events";
import type { Workload } from "../workload.ts";
import {
  type Candidate,
  candidateOf,
  changed,
  type Draft,
  draftOf,
  type Line,
  without,
  withoutTasks,
} from "./draft.ts";
import { cutTo, onFirstPage, withinNotifiers } from "./fewer-pages.ts";
import { tidied } from "./tidy.ts";
import { type Unit, unitsOf } from "./units.ts";

/** Makes a candidate; undefined: this place has none. */
export type Smaller = () => Candidate | undefined;

/** The candidates, each made when it is asked for. */
export function smallerWorkloads(workload: Workload): Smaller[] {
  const draft = draftOf(workload);
  const { workload: itself } = candidateOf(draft);
  const tasks = [...draft.programs.keys()].slice(1);
  const cuts: (() => Draft)[] = [
    ...(tasks.length > 1
      ? tasks.map((task) => () => withoutTasks(draft, (one) => one === task))
      : []),
    ...tasks.flatMap((task) => withoutUnits(draft, task)),
    ...fewerPages(draft),
    ...withoutNotifiers(draft),
    ...fewerDevices(draft),
    ...withoutOptions(draft),
    ...withoutUnits(draft, 0),
  ];
  return cuts.map((cut) => () => {
    const smaller = tidied(cut());
    if (smaller === undefined) return undefined;
    const candidate = candidateOf(withinNotifiers(smaller));
    return same(candidate.workload, itself) ? undefined : candidate;
  });
}

function same(one: Workload, other: Workload): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** From so many units on halves of a program are taken out before single ones are. */
const HALVES_FROM = 4;

function withoutUnits(draft: Draft, task: number): (() => Draft)[] {
  const units = unitsOf(draft.programs[task] ?? []);
  const half = Math.ceil(units.length / 2);
  const halves = [units.slice(half).flat(), units.slice(0, half).flat()];
  const parts: Unit[] = units.length < HALVES_FROM ? [] : halves;
  // A region may do without its change.
  const changes = units.flatMap((unit) =>
    unit.filter(({ op }) => op.op === "cpu_change").map((line): Unit => [line]),
  );
  return [...parts, ...units, ...changes].map((part) => {
    const gone = new Set(part);
    return () => without(draft, (line) => gone.has(line));
  });
}

function fewerPages(draft: Draft): (() => Draft)[] {
  const { pages, memory } = draft.rest;
  const sizes = [...new Set([1, Math.ceil(pages / 2), pages - 1])];
  const spaces = memory === true ? [] : sizes.filter((size) => size >= 1 && size < pages);
  const lines = draft.programs.flat();
  const cuttable = lines.filter(({ op }) => onFirstPage(op, draft) !== op);
  const cut = (which: (line: Line) => boolean): Draft => ({
    ...draft,
    programs: draft.programs.map((program) =>
      program.map((line) => (which(line) ? { ...line, op: onFirstPage(line.op, draft) } : line)),
    ),
  });
  return [
    ...spaces.map((size) => () => cutTo(draft, size)),
    ...(cuttable.length > 1 ? [() => cut(() => true)] : []),
    ...cuttable.map((one) => () => cut((line) => line === one)),
  ];
}

const isOf = ({ op }: Line, n: number): boolean => "n" in op && op.n === n;

function withoutNotifiers(draft: Draft): (() => Draft)[] {
  return Array.from({ length: draft.rest.notifiers }, (_, n) => () => {
    return without(draft, (line) => isOf(line, n));
  });
}

/** Every driver instance on one device; every notifier of the first instance. */
function fewerDevices(draft: Draft): (() => Draft)[] {
  const { devices, ...rest } = draft.rest;
  const inserts = draft.programs.flat().filter(({ op }) => op.op === "insert" && op.mirror);
  const first = (op: Operation): Operation => {
    return op.op === "insert" || op.op === "hold" ? { ...op, mirror: mirrorId(0) } : op;
  };
  return [
    ...(devices?.some((device) => device !== 0) === true ? [() => ({ ...draft, rest })] : []),
    ...(inserts.length > 0 ? [() => changed(draft, first)] : []),
  ];
}

function withoutOptions(draft: Draft): (() => Draft)[] {
  const { rest, seqModulus } = draft;
  const { hugeAlways, rangeFault, ...usual } = rest;
  const { erasesEnd, ...driver } = rest.driver;
  const lines = draft.programs.flat();
  const isNonblock = lines.some(({ op }) => op.op === "inv_start" && !op.blockable);
  const fails = lines.some(({ op }) => "inject" in op);
  return [
    ...(seqModulus === undefined ? [] : [() => unwrapped(draft)]),
    ...(hugeAlways === undefined && rangeFault === undefined
      ? []
      : [() => ({ ...draft, rest: usual })]),
    ...(erasesEnd === undefined ? [] : [() => ({ ...draft, rest: { ...rest, driver } })]),
    ...(isNonblock ? [() => changed(draft, blocking)] : []),
    ...(fails ? [() => changed(draft, succeeding)] : []),
  ];
}

/** Numbers that never wrap, and begin where they usually do. */
function unwrapped(draft: Draft): Draft {
  const { seqModulus: _, ...plain } = without(draft, ({ op }) => op.op === "preset_seq");
  return { ...plain, seqModulus: undefined };
}

const blocking = (op: Operation): Operation =>
  op.op === "inv_start" ? { ...op, blockable: true } : op;

function succeeding(op: Operation): Operation {
  if (!("inject" in op)) return op;
  const { inject: _, ...usual } = op;
  return usual as Operation;
}
