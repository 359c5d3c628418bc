/**
 * Litmus tests: actors in columns, one step a row, then what is seen after it.
 *
 * The first columns are the actors; a cell there is the step that the actor takes, by its name in the
 * vectors (`cb_lock`), several in one (`cb_lock..cb_unlock`), a refusal (`mn_start_cb!`), or, in
 * brackets, what it waits for after the row (`(read_begin)`). The other columns are seen values
 * (seen.ts). An empty one means "as in the row above", except under `says`, where it means nothing.
 * After the last row all go on to their ends; every rule has watched and must not have been violated.
 */
import { blockedOn, type DriverOptions, type Operation } from "@mmreplay/core";
import { type TaskId, taskId } from "@mmreplay/events";
import { expect, it } from "vitest";
import { opName } from "../../packages/replay/src/conform/op-name.ts";
import { insert, M, N, P, presetSeq, scenario } from "./operations.ts";
import { type RuleWatch, watchRules } from "./rule-watch.ts";
import { type Run, standsAt, startRun } from "./run.ts";
import { finish } from "./schedule.ts";
import { SEEN, saysOf } from "./seen.ts";
import { stalePagesOf } from "./stale.ts";

/** A litmus test. */
export interface Litmus {
  /** Intervals inserted at set-up, in this order, in pages. */
  notifiers?: Partial<Record<"N" | "M" | "P", readonly [start: number, end: number]>>;
  /** What else happens at set-up, after the insertions. */
  setUp?: readonly Operation[];
  /** invalidate_seq, overwritten after the first insertion. */
  seq?: number;
  seqModulus?: number;
  pages?: number;
  present?: number;
  driver?: Partial<DriverOptions>;
  /** Programs, by the name of the actor. */
  actors: Readonly<Record<string, readonly Operation[]>>;
  rows: string;
  /** Rules that are violated, because the test is about that. */
  violates?: readonly string[];
  /** Actors that never come to their end. */
  stuck?: readonly string[];
  /** Looks at the end of the run. */
  finally?: (run: Run) => void;
}

interface Played extends Litmus {
  readonly run: Run;
  readonly names: readonly string[];
}

/** Defines a test from a litmus table; its name is a statement of the protocol. */
export function litmus(statement: string, test: Litmus): void {
  it(statement, () => {
    const rules = watchRules();
    const names = Object.keys(test.actors);
    const played: Played = { ...test, run: startTest(test, rules), names };
    const table = test.rows.trim().split("\n").map(cellsOf);
    const header = table[0] as string[];
    expect(header.slice(0, names.length), "the first columns are the actors").toEqual(names);
    const last = new Map<string, string>();
    for (const [index, cells] of table.slice(1).entries()) row(played, header, cells, last, index);
    outcome(played, rules);
  });
}

function startTest(test: Litmus, rules: RuleWatch): Run {
  const ids = { N, M, P };
  const inserts = Object.entries(test.notifiers ?? {}).map(([name, [from, to]]) =>
    insert(ids[name as keyof typeof ids], from, to),
  );
  const preset = test.seq === undefined ? [] : [presetSeq(test.seq)];
  const setUp = [...inserts.slice(0, 1), ...preset, ...inserts.slice(1), ...(test.setUp ?? [])];
  const { present, driver, seqModulus } = test;
  const run = startRun(
    scenario({
      pages: test.pages ?? 12,
      ...(present === undefined ? {} : { present }),
      ...(driver === undefined ? {} : { driver }),
      programs: [setUp, ...Object.values(test.actors)],
    }),
    { watch: rules, ...(seqModulus === undefined ? {} : { seqModulus }) },
  );
  while (run.canMove(taskId(0))) run.step(taskId(0));
  return run;
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

function row(
  test: Played,
  header: readonly string[],
  cells: readonly string[],
  last: Map<string, string>,
  index: number,
): void {
  const place = `row ${index + 1}: ${cells.join(" | ")}`;
  const { run, names } = test;
  let said = "";
  const waiting: [TaskId, string][] = [];
  for (const [column, name] of names.entries()) {
    const cell = cells[column] ?? "";
    const task = taskId(column + 1);
    if (cell.startsWith("(")) waiting.push([task, cell.slice(1, -1)]);
    else if (cell !== "") said = take(run, task, cell, `${place} (${name})`);
  }
  for (const [task, why] of waiting) {
    expect(blockedOn(run.state, run.scenario, task)?.why, `${place}: ${why}`).toBe(why);
  }
  for (let column = names.length; column < header.length; column++) {
    const name = header[column] as string;
    const cell = cells[column] ?? "";
    if (name === "says") {
      if (cell !== "") expect(said, place).toBe(cell);
      continue;
    }
    const expected = cell === "" ? (last.get(name) as string) : cell;
    const see = SEEN[name];
    if (see === undefined) throw new Error(`nobody can see "${name}"`);
    expect(see(run), `${name} after ${place}`).toBe(expected);
    last.set(name, expected);
  }
}

/** Takes the steps of a cell; what they said. */
function take(run: Run, task: TaskId, cell: string, place: string): string {
  const [first, ...rest] = cell.split("..");
  const until = rest[0];
  let name = step(run, task, first as string, place);
  let said = name.says;
  while (until !== undefined && name.op !== until) {
    name = step(run, task, undefined, place);
    said = name.says;
  }
  return said;
}

function step(
  run: Run,
  task: TaskId,
  expected: string | undefined,
  place: string,
): { op: string; says: string } {
  const refuses = expected?.endsWith("!") === true;
  if (!refuses) expect(run.canMove(task), `${place}: the actor can move`).toBe(true);
  const label = standsAt(run, task) ?? "";
  const events = run.step(task, refuses ? "refuse" : "default");
  const skipped = events[0]?.type === "task_skip";
  const op = skipped ? "skip" : opName(label, events);
  if (expected !== undefined) expect(op, place).toBe(expected.replace("!", ""));
  return { op, says: saysOf(events) };
}

function outcome(test: Played, rules: RuleWatch): void {
  const { run, names } = test;
  finish(run);
  rules.end(run.state);
  test.finally?.(run);
  const stuck = run.unfinished().map((task) => names[task - 1]);
  expect(stuck, "actors that never come to their end").toEqual(test.stuck ?? []);
  expect(rules.violated(), "violated rules").toEqual(test.violates ?? []);
  if (test.violates === undefined) expect(stalePagesOf(run), "stale pages").toEqual([]);
}
