/**
 * Faults: what goes wrong around a driver that does everything right.
 *
 * A callback that may not sleep is refused, a registration finds no memory, somebody stays on the driver's
 * lock, the OOM reaper comes, the process exits in the middle. A fault is data that applies to any workload: it
 * says of which kind it is and where, as numbers that are taken modulo what is there; where it would not be legal
 * it changes nothing.
 */
import type { Operation, Scenario } from "@mmreplay/core";
import { mirrorId, regionId } from "@mmreplay/events";
import { candidateOf, draftOf } from "../shrink/draft.ts";
import { tidied } from "../shrink/tidy.ts";
import { between, type Choices, pick } from "./choices.ts";
import { EXIT, section } from "./words.ts";

/** The kinds of faults. */
export const FAULT_KINDS = ["refusal", "allocation", "slow-lock", "oom-reaper", "exit"] as const;

/** What goes wrong. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault. */
export interface Fault {
  readonly kind: FaultKind;
  /** In which task. */
  readonly task: number;
  /** Before which of its operations, or to which of those that it can happen to. */
  readonly at: number;
  /** On which page, in which of its forms. */
  readonly form: number;
}

const NUMBERS = 64;

/** Draws one to three faults. */
export function drawFaults(choices: Choices): Fault[] {
  return Array.from({ length: between(choices, 1, 3) }, () => ({
    kind: pick(choices, FAULT_KINDS),
    task: choices.below(NUMBERS),
    at: choices.below(NUMBERS),
    form: choices.below(NUMBERS),
  }));
}

/** The scenario with these faults. */
export function withFaults(scenario: Scenario, faults: readonly Fault[]): Scenario {
  return faults.reduce((before, fault) => INSERTIONS[fault.kind](before, fault), scenario);
}

type Insertion = (scenario: Scenario, fault: Fault) => Scenario;

const INSERTIONS: Readonly<Record<FaultKind, Insertion>> = {
  refusal: refused,
  allocation: failed,
  "slow-lock": (scenario, fault) => inserted(scenario, fault, [holder(scenario, fault)]),
  "oom-reaper": reaped,
  exit: exiting,
};

/** The task that a fault is in: one beside the set-up. */
function taskOf({ programs }: Scenario, { task }: Fault): number {
  return programs.length < 2 ? 0 : 1 + (task % (programs.length - 1));
}

const replaced = (
  scenario: Scenario,
  at: number,
  change: (program: readonly Operation[]) => readonly Operation[],
): Scenario => ({
  ...scenario,
  programs: scenario.programs.map((program, task) => (task === at ? change(program) : program)),
});

/** Operations in a task, outside of its regions; not before the first of a child, which is its birth. */
function inserted(scenario: Scenario, fault: Fault, operations: readonly Operation[]): Scenario {
  const task = taskOf(scenario, fault);
  if (task === 0) return scenario;
  return replaced(scenario, task, (program) => {
    const places = placesIn(program);
    const place = places[fault.at % places.length] ?? program.length;
    return [...program.slice(0, place), ...operations, ...program.slice(place)];
  });
}

/** Places of a program that lie in no region. */
function placesIn(program: readonly Operation[]): number[] {
  let open = 0;
  const places: number[] = [];
  for (const [place, { op }] of program.entries()) {
    if (open === 0 && op !== "child") places.push(place);
    if (op === "inv_start") open += 1;
    if (op === "inv_end") open -= 1;
  }
  return [...places, program.length];
}

/** A plain notifier that may refuse beside interval ones is the kernel's own gap (K-Z28). */
function mayRefuseBadly({ programs }: Scenario): boolean {
  const all = programs.flat();
  return (
    all.some((op) => op.op === "insert") && all.some((op) => op.op === "mn_register" && op.m === 1)
  );
}

/** One of the task's regions may not block; if it has none, one more comes. */
function refused(scenario: Scenario, fault: Fault): Scenario {
  if (mayRefuseBadly(scenario)) return scenario;
  const task = taskOf(scenario, fault);
  const starts = (scenario.programs[task] ?? []).filter(({ op }) => op === "inv_start");
  const chosen = starts[fault.at % Math.max(1, starts.length)];
  if (chosen === undefined) return reaped(scenario, fault);
  return replaced(scenario, task, (program) =>
    program.map((op) =>
      op === chosen && op.op === "inv_start" ? { ...op, blockable: false } : op,
    ),
  );
}

const INJECTIONS = ["EINTR", "ENOMEM"] as const;

/** Whether a task inserts inside a region: the interval part must be there then, or it waits for itself. */
function insertsInside({ programs }: Scenario): boolean {
  return programs.some((program) => {
    const outside = new Set(placesIn(program));
    return program.some(({ op }, place) => op === "insert" && !outside.has(place));
  });
}

/** A registration fails; of a get the allocation may fail, too. */
function failed(scenario: Scenario, { at, form }: Fault): Scenario {
  if (insertsInside(scenario)) return scenario;
  const all = scenario.programs.flat();
  const can = all.filter(({ op }) => op === "insert" || op === "mn_register" || op === "mn_get");
  const chosen = can[at % Math.max(1, can.length)];
  if (chosen === undefined) return scenario;
  const inject =
    chosen.op === "mn_get" && form % 3 === 2 ? "ALLOC" : (INJECTIONS[form % 2] as "EINTR");
  const change = (op: Operation): Operation => {
    return op === chosen ? ({ ...op, inject } as Operation) : op;
  };
  return { ...scenario, programs: scenario.programs.map((program) => program.map(change)) };
}

/** Somebody stays on the lock of a driver instance that is used. */
function holder({ programs }: Scenario, { form }: Fault): Operation {
  const used = programs.flat().flatMap((op) => (op.op === "insert" ? [op.mirror ?? 0] : []));
  const mirrors = [...new Set(used)].sort((a, b) => a - b);
  const mirror = mirrors[form % Math.max(1, mirrors.length)] ?? 0;
  return mirror === 0 ? { op: "hold" } : { op: "hold", mirror: mirrorId(mirror) };
}

/** The reaper may not sleep; refused, it comes once more. */
function reaped(scenario: Scenario, fault: Fault): Scenario {
  if (mayRefuseBadly(scenario)) return scenario;
  const page = fault.form % scenario.pages;
  const np = Math.min(2, scenario.pages - page);
  if (scenario.memory === true) {
    // The kernel's reaper looks whether the process is still there; this one is called where it is.
    const exits = scenario.programs.flat().some(({ op }) => op === "mm_exit");
    if (exits || scenario.pmdOrder !== undefined) return scenario;
    const reap: Operation = { op: "oom_reap_task_mm", page, np };
    return inserted(scenario, fault, [reap, reap]);
  }
  const sids = scenario.programs.flat().map((op) => (op.op === "inv_start" ? op.sid : 0));
  const first = Math.max(0, ...sids) + 1;
  const form = { event: "UNMAP", blockable: false } as const;
  return inserted(
    scenario,
    fault,
    [first, first + 1].flatMap((sid) => section(regionId(sid), [page, page + np], form, true)),
  );
}

/** What a task still has to do when its process has exited: drivers go on. */
const AFTER: ReadonlySet<string> = new Set(["remove", "hold", "mn_unregister", "mn_put"]);

/** What may go on beside the exit: drivers, whose commands hold the process, and the mm. */
const BESIDE: ReadonlySet<string> = new Set([
  ...AFTER,
  ...["inv_start", "cpu_change", "inv_end"],
  ...["insert", "dmirror", "mn_register"],
]);

/**
 * The process exits in the middle of one of its tasks: of that task what drivers still have to do is left, of the
 * others whatever is not a thread's of that process.
 */
function exiting(scenario: Scenario, fault: Fault): Scenario {
  const { programs, processes = [] } = scenario;
  const all = programs.flat();
  if (all.some(({ op }) => op === "mm_exit" || op === "fork")) return scenario;
  const task = taskOf(scenario, fault);
  if (task === 0 || processes.length > 0) return scenario;
  const places = placesIn(programs[task] ?? []);
  const place = places[fault.at % places.length] ?? 0;
  const left = tidied(
    draftOf({
      scenario: {
        ...scenario,
        programs: programs.map((program, at) => {
          if (at === 0) return program;
          if (at !== task) return program.filter(({ op }) => BESIDE.has(op));
          const after = program.slice(place).filter(({ op }) => AFTER.has(op));
          return [...program.slice(0, place), EXIT, ...after];
        }),
      },
    }),
  );
  return left === undefined ? scenario : candidateOf(left).workload.scenario;
}
