/**
 * What is left of a draft when something was taken out: no operation that could not be carried out in any
 * order, no empty task, no notifier without an operation.
 *
 * The simulator would leave such operations out in every run (a fault through what nobody inserts), and a
 * child that nobody forks would wait for ever, which is no bug of a driver.
 */
import type { Operation } from "@mmreplay/core";
import { type NotifierId, notifierId } from "@mmreplay/events";
import { type Draft, type Line, withoutTasks } from "./draft.ts";

/** The draft in order; undefined: no task is left. */
export function tidied(draft: Draft): Draft | undefined {
  let now = draft;
  for (;;) {
    const kept = withoutIdle(withoutOrphans(withoutNeverApplying(withoutLonePreset(now))));
    if (linesOf(kept) === linesOf(now) && kept.programs.length === now.programs.length) {
      return kept.programs.length < 2 ? undefined : renumbered(kept);
    }
    now = kept;
  }
}

const linesOf = ({ programs }: Draft): number =>
  programs.reduce((sum, program) => sum + program.length, 0);

/** What an operation needs of a thing, and leaves of it. */
interface Use {
  readonly thing: string;
  readonly needs: boolean;
  readonly leaves: boolean;
}

const use = (thing: string, needs: boolean, leaves: boolean): Use => ({ thing, needs, leaves });

/** Things are an address space (the process's own), notifiers, plain notifiers, regions, references. */
function usesOf(op: Operation, task: number, mm: number): readonly Use[] {
  const alive = use(`mm${mm}`, true, true);
  switch (op.op) {
    case "insert":
      return [alive, use(`notifier${op.n}`, false, true)];
    case "remove":
      return [use(`notifier${op.n}`, true, false)];
    case "fault":
    case "dmirror":
      return [use(`notifier${op.n}`, true, true)];
    case "mn_register":
      return [alive, use(`plain${op.m}`, false, true)];
    case "mn_unregister":
      return [use(`plain${op.m}`, true, false)];
    case "mn_get":
      return [alive, use(`reference${task}`, false, true)];
    case "mn_put":
      return [use(`reference${task}`, true, false)];
    case "inv_start":
      return [alive, use(`region${op.sid}`, false, true)];
    case "cpu_change":
      return [use(`region${op.sid}`, true, true)];
    case "inv_end":
      return [use(`region${op.sid}`, true, false)];
    case "mm_exit":
      return [use(`mm${mm}`, true, false)];
    case "populate":
      return [alive];
    default:
      return [];
  }
}

/** Without what applies in no order of the programs: what comes before it in each is the set-up and its own. */
function withoutNeverApplying(draft: Draft): Draft {
  const { programs, processes } = draft;
  const uses = programs.map((program, task) =>
    program.map(({ op }) => usesOf(op, task, processes?.[task] ?? 0)),
  );
  const everywhere = uses.map((program) => program.flat());
  const afterSetUp = new Map<string, boolean>();
  return {
    ...draft,
    programs: programs.map((program, task) => {
      const known = task === 0 ? afterSetUp : new Map(afterSetUp);
      const others = task === 0 ? [] : everywhere.filter((_, one) => one !== task && one !== 0);
      return program.filter((_, pc) => {
        const own = uses[task]?.[pc] ?? [];
        const applies = own.every(({ thing, needs }) => {
          const there = known.get(thing) ?? thing.startsWith("mm");
          return (
            there === needs || others.flat().some((o) => o.thing === thing && o.leaves === needs)
          );
        });
        if (applies) for (const { thing, leaves } of own) known.set(thing, leaves);
        return applies;
      });
    }),
  };
}

/** A sequence is set while no other notifier has a number: its own comes before and goes after it. */
function withoutLonePreset(draft: Draft): Draft {
  return {
    ...draft,
    programs: draft.programs.map((program) =>
      program.filter(({ op }, at) => {
        if (op.op !== "preset_seq") return true;
        const [before, after] = [program[at - 1]?.op, program[at + 1]?.op];
        return before?.op === "insert" && after?.op === "remove" && before.n === after.n;
      }),
    ),
  };
}

/** Without the tasks of a child that nobody forks. */
function withoutOrphans(draft: Draft): Draft {
  const { programs, processes } = draft;
  if (processes === undefined) return draft;
  const forked = programs.flat().flatMap(({ op }) => (op.op === "fork" ? [op.child] : []));
  const kept = withoutTasks(draft, (task) => {
    const mm = processes[task] ?? 0;
    return mm !== 0 && !forked.some((child) => child === mm);
  });
  const one = kept.processes?.every((mm) => mm === 0) === true;
  return one ? { ...kept, processes: undefined } : kept;
}

/** Without the tasks that do nothing. */
function withoutIdle(draft: Draft): Draft {
  const idle = (program: readonly Line[]): boolean => program.every(({ op }) => op.op === "child");
  return withoutTasks(draft, (task) => task > 0 && idle(draft.programs[task] ?? []));
}

/** Notifiers count from 0 on, and none is left over. */
function renumbered(draft: Draft): Draft {
  const lines = draft.programs.flat();
  const used = [...new Set(lines.flatMap(({ op }) => ("n" in op ? [op.n] : [])))];
  used.sort((a, b) => a - b);
  const to = (n: NotifierId): NotifierId => notifierId(used.indexOf(n));
  const { snapshots, ...rest } = draft.rest;
  const kept = snapshots?.filter((n) => used.includes(n)).map(to);
  return {
    ...draft,
    rest: { ...rest, notifiers: used.length, ...(kept === undefined ? {} : { snapshots: kept }) },
    programs: draft.programs.map((program) =>
      program.map(({ op, from }) => ({ op: "n" in op ? { ...op, n: to(op.n) } : op, from })),
    ),
  };
}
