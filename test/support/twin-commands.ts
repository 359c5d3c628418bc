/**
 * Commands that core and its naive twin carry out side by side.
 *
 * A call is an operation of a task of its own, which core's step machines run until it is over or waits; a reader
 * stops before it takes the driver's lock. What can go on by then goes on at once, on both sides. After each
 * command everything that both have is compared.
 */
import {
  blockedOn,
  CORRECT_DRIVER,
  emptyState,
  isDone,
  labelOf,
  type Mutant,
  modelOf,
  mutated,
  type Operation,
  reduceInPlace,
  runStep,
  type Scenario,
  type State,
  setUpEvents,
  TRIES_UNLIMITED,
  VECTOR_POINTS,
} from "@mmreplay/core";
import { type EventBody, eventIndex, type MmEvent, notifierId, taskId } from "@mmreplay/events";
import fc from "fast-check";
import {
  newTwin,
  type Twin,
  twinEnd,
  twinInsert,
  twinReadBegin,
  twinReadEnd,
  twinRemove,
  twinStart,
} from "./naive-twin.ts";
import { end, fault, insert, remove, start } from "./operations.ts";

const NOTIFIERS = 4;
const PAGES = 6;
const TASKS = 48;
/** The labels at which a reader stops: it holds nothing, and has walked. */
const BEFORE_LOCK = "fault_lock";

/** Core with programs that grow. */
export interface Core {
  readonly state: State;
  /** A task of its own carries out this operation, as far as it can. */
  spawn(op: Operation): number;
  /** A reader that stands before the lock goes on to its store, or once round. */
  finish(task: number): "stored" | "retry";
  /** Sleepers whose condition has come true go on; a reader to the lock, a removal to its end. */
  settle(): void;
  isOver(task: number): boolean;
  isAsleep(task: number): boolean;
  /** Notifiers that the last call has called back. */
  readonly called: number[];
}

/** Core at its beginning, with the last notifier inserted and removed: subscriptions are there. */
export function newCore(mutant?: Mutant): Core {
  const programs: Operation[][] = Array.from({ length: TASKS }, () => []);
  const scenario: Scenario = mutated(
    {
      pages: PAGES,
      cpu: Array.from({ length: PAGES }, (_, page) => page + 1),
      notifiers: NOTIFIERS + 1,
      plainNotifiers: 0,
      driver: { ...CORRECT_DRIVER, maxTries: TRIES_UNLIMITED },
      programs,
    },
    mutant,
  );
  const { labels, recipes } = modelOf(mutant);
  const state = emptyState();
  const called: number[] = [];
  let events = 0;
  const fold = (body: EventBody): State => {
    reduceInPlace(state, { ...body, index: eventIndex(events++) } as MmEvent, recipes);
    if (body.type === "invalidate") called.push(body.notifier);
    return state;
  };
  for (const body of setUpEvents(scenario)) fold(body);
  const canGo = (task: number): boolean =>
    !isDone(state, scenario, taskId(task)) &&
    blockedOn(state, scenario, taskId(task), "default", labels) === null;
  const step = (task: number): void => {
    runStep(state, scenario, VECTOR_POINTS, taskId(task), "default", fold, labels);
  };
  const stands = (task: number): boolean => labelOf(state, scenario, taskId(task)) === BEFORE_LOCK;
  const goOn = (task: number): void => {
    for (let steps = 0; canGo(task) && !stands(task); steps++) {
      if (steps > 1_000) throw new Error(`task ${task} goes on for ever`);
      step(task);
    }
  };
  let next = 0;
  const core: Core = {
    state,
    called,
    spawn(op) {
      called.length = 0;
      const task = next++;
      (programs[task] as Operation[]).push(op);
      goOn(task);
      return task;
    },
    finish(task) {
      const before = state.tasks[task]?.fault?.tries ?? 0;
      step(task);
      while (canGo(task) && !stands(task) && state.tasks[task]?.fault?.tries === before) step(task);
      const stored = isDone(state, scenario, taskId(task));
      goOn(task);
      return stored ? "stored" : "retry";
    },
    settle() {
      for (let task = 0; task < next; task++) goOn(task);
    },
    isOver: (task) => isDone(state, scenario, taskId(task)),
    isAsleep: (task) => {
      return !isDone(state, scenario, taskId(task)) && !canGo(task);
    },
  };
  const last = notifierId(NOTIFIERS);
  core.spawn(insert(last, 0, 1));
  core.spawn(remove(last));
  return core;
}

/** What both have, as far as both have it. */
function differences(twin: Twin, core: Core): void {
  const { state } = core;
  const subs = state.mms[0]?.subs;
  const ofCore = {
    seq: subs?.seq,
    active: subs?.active,
    deferred: [...(subs?.deferred ?? [])],
    notifiers: twin.notifiers.map((_, n) => {
      const one = state.notifiers[n];
      if (one === undefined || one.phase === "free") return "nowhere";
      return `${one.seq} ${one.inTree ? "tree" : ""}${one.deferred ? "deferred" : ""}`;
    }),
    asleep: [...twin.readers, ...twin.removals].map(([task]) => core.isAsleep(task)),
  };
  const ofTwin = {
    seq: twin.seq,
    active: twin.active,
    deferred: twin.deferred,
    notifiers: twin.notifiers.map(({ seq, where }) => {
      if (where === "nowhere") return where;
      return `${seq} ${where === "coming" ? "" : "tree"}${where === "tree" ? "" : "deferred"}`;
    }),
    asleep: [
      ...[...twin.readers.values()].map(({ asleep }) => asleep),
      ...[...twin.removals].map(() => true),
    ],
  };
  const [one, other] = [JSON.stringify(ofCore), JSON.stringify(ofTwin)];
  if (one !== other) throw new Error(`core has ${one}, the twin ${other}`);
}

type TwinCommand = fc.Command<Twin, Core>;

/** A command with what must be so before it, and what both do. */
function command(
  name: string,
  check: (twin: Readonly<Twin>) => boolean,
  run: (twin: Twin, core: Core) => void,
): TwinCommand {
  return {
    check,
    run(twin, core) {
      run(twin, core);
      core.settle();
      differences(twin, core);
    },
    toString: () => name,
  };
}

function same(what: string, one: unknown, other: unknown): void {
  if (JSON.stringify(one) !== JSON.stringify(other)) {
    throw new Error(`${what}: core ${JSON.stringify(one)}, the twin ${JSON.stringify(other)}`);
  }
}

const isFree = (twin: Readonly<Twin>, n: number): boolean =>
  twin.notifiers[n]?.where === "nowhere" && twin.deferred.every((one) => one !== n);

const isLive = (twin: Readonly<Twin>, n: number): boolean => {
  return twin.notifiers[n]?.where === "tree" || twin.notifiers[n]?.where === "coming";
};

const ofReader = (twin: Readonly<Twin>, which: number): number | undefined => {
  const awake = [...twin.readers].filter(([, { asleep }]) => !asleep);
  return awake[which % Math.max(1, awake.length)]?.[0];
};

const anyNotifier = fc.nat({ max: NOTIFIERS - 1 });
const anyRange = fc
  .tuple(fc.nat({ max: PAGES - 1 }), fc.integer({ min: 1, max: PAGES }))
  .map(([from, np]): [number, number] => [from, Math.min(PAGES, from + np)]);
const anySid = fc.integer({ min: 1, max: 3 });

/** Lists of commands. */
export const TWIN_COMMANDS: fc.Arbitrary<Iterable<TwinCommand>> = fc.commands(
  [
    fc.tuple(anyNotifier, anyRange).map(([n, [from, to]]) =>
      command(
        `insert ${n} [${from}, ${to})`,
        (twin) => isFree(twin, n),
        (twin, core) => {
          core.spawn(insert(notifierId(n), from, to));
          twinInsert(twin, n, from, to);
        },
      ),
    ),
    anyNotifier.map((n) =>
      command(
        `remove ${n}`,
        // A driver's removal waits for its readers, which is not the notifiers' business.
        (twin) => isLive(twin, n) && [...twin.readers.values()].every((reader) => reader.n !== n),
        (twin, core) => {
          const task = core.spawn(remove(notifierId(n)));
          same("the removal waits", !core.isOver(task), twinRemove(twin, task, n));
        },
      ),
    ),
    fc.tuple(anySid, anyRange).map(([sid, [from, to]]) =>
      command(
        `start ${sid} [${from}, ${to})`,
        (twin) => !twin.regions.has(sid),
        (twin, core) => {
          core.spawn(start(sid, from, to));
          same("called back", [...core.called].sort(), twinStart(twin, sid, from, to));
        },
      ),
    ),
    anySid.map((sid) =>
      command(
        `end ${sid}`,
        (twin) => twin.regions.has(sid),
        (twin, core) => {
          core.spawn(end(sid));
          twinEnd(twin, sid);
        },
      ),
    ),
    anyNotifier.map((n) =>
      command(
        `read ${n}`,
        (twin) => isLive(twin, n),
        (twin, core) => twinReadBegin(twin, core.spawn(fault(notifierId(n))), n),
      ),
    ),
    fc.nat({ max: 5 }).map((which) =>
      command(
        `store ${which}`,
        (twin) => ofReader(twin, which) !== undefined,
        (twin, core) => {
          const task = ofReader(twin, which) as number;
          same("the check", core.finish(task), twinReadEnd(twin, task));
        },
      ),
    ),
  ],
  { maxCommands: TASKS - 4, size: "max" },
);

/** Both at their beginnings. */
export const twinSetUp = (mutant?: Mutant) => (): { model: Twin; real: Core } => ({
  model: newTwin(NOTIFIERS),
  real: newCore(mutant),
});
