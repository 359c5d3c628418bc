/**
 * Operations of a file that no run could carry out as they stand.
 *
 * The simulator leaves out a call that does not apply: a removal of what is not inserted, a second
 * registration. In some orders of a race that is what happens; in all of them it is a mistake of the file, and the
 * search of what is left would say that nothing fails. What comes before an operation in every order is the
 * set-up and its own program; what other tasks do may come before it, so it is given the benefit.
 */
import type { ScenarioFileOperation } from "@mmreplay/events";
import {
  type Mistake,
  type PlacedOperation,
  type PlacedProgram,
  type Refuse,
  startedBy,
} from "./file-operations.ts";

/** What an operation needs of a thing, and leaves of it. */
interface Use {
  /** Kind and name of a notifier, a region, a plain notifier, or the address space. */
  readonly thing: string;
  readonly needs: boolean;
  readonly leaves: boolean;
  readonly mistake: Mistake;
}

/** Whether a thing is there, where that is known; else as at the beginning. */
type Known = ReadonlyMap<string, boolean>;

const MM = "mm";
const BEGINNING: Known = new Map([[MM, true]]);

/**
 * Refuses the first operation that applies in no order of the programs.
 *
 * @throws SimError `E_SCENARIO_FILE`.
 */
export function refuseNeverApplying(programs: readonly PlacedProgram[], refuse: Refuse): void {
  const [setUp, ...tasks] = programs;
  if (setUp === undefined) return;
  const known = afterProgram(setUp.operations, BEGINNING, [], refuse);
  for (const task of tasks) {
    const others = tasks.filter((one) => one !== task).flatMap(({ operations }) => operations);
    afterProgram(
      task.operations,
      known,
      others.flatMap(({ op }) => usesOf(op)),
      refuse,
    );
  }
}

function afterProgram(
  operations: readonly PlacedOperation[],
  before: Known,
  others: readonly Use[],
  refuse: Refuse,
): Known {
  const known = new Map(before);
  for (const { op, path } of operations) {
    for (const { thing, needs, leaves, mistake } of usesOf(op, known)) {
      const there = known.get(thing) === true;
      const otherwise = others.some((use) => use.thing === thing && use.leaves === needs);
      if (there !== needs && !otherwise) throw refuse(path, mistake);
      known.set(thing, leaves);
    }
  }
  return known;
}

const YES = { needs: true, leaves: true };
const BEGIN = { needs: false, leaves: true };
const END = { needs: true, leaves: false };

/** What an operation uses; `known` tells what came before, for its mistake. */
function usesOf(op: ScenarioFileOperation, known: Known = BEGINNING): Use[] {
  if ("insert" in op) return [alive("an insertion"), notifier(op.insert, BEGIN, "an insertion")];
  if ("remove" in op) return [notifier(op.remove, END, "a removal")];
  if ("fault" in op) return [notifier(op.fault, YES, "a fault")];
  if ("change" in op) return [region(op.change, YES, "the change", known)];
  if ("end" in op) return [region(op.end, END, "the end", known)];
  if ("populate" in op) return [alive("a populate")];
  if ("exit" in op) return [{ ...alive("an exit"), ...END }];
  if ("register" in op) {
    return [alive("a registration"), plain(op.register, BEGIN, "a registration")];
  }
  if ("unregister" in op) return [plain(op.unregister, END, "an unregistration")];
  const leaves = "start" in op;
  const start = region(startedBy(op) ?? "", { needs: false, leaves }, "a start", known);
  return [alive("a start"), start];
}

type Effect = Pick<Use, "needs" | "leaves">;

function alive(what: string): Use {
  const mistake = {
    found: `${what} after the exit`,
    expected: "it before the exit, or in another task",
    action: "After its last user has left an address space takes no more of them.",
  };
  return { thing: MM, ...YES, mistake };
}

function notifier(name: string, effect: Effect, what: string): Use {
  const mistake = effect.needs
    ? {
        found: `${what} of ${name}, which is not inserted by then`,
        expected: `{"insert": "${name}", …} before it`,
        action: "The simulator would leave it out in every run.",
      }
    : {
        found: `${what} of ${name}, which is inserted already`,
        expected: `{"remove": "${name}"} before it, or another name`,
        action: "A name stands for one interval; give the second notifier a name of its own.",
      };
  return { thing: `notifier ${name}`, ...effect, mistake };
}

function plain(slot: number, effect: Effect, what: string): Use {
  const mistake = effect.needs
    ? {
        found: `${what} of slot ${slot}, which is not registered by then`,
        expected: `{"register": ${slot}} before it`,
        action: "The simulator would leave it out in every run.",
      }
    : {
        found: `${what} of slot ${slot}, which is registered already`,
        expected: `{"unregister": ${slot}} before it, or another slot`,
        action: "Slots 0 and 2 have all callbacks, slot 1 has only a start.",
      };
  return { thing: `plain ${slot}`, ...effect, mistake };
}

function region(name: string, effect: Effect, what: string, known: Known): Use {
  const thing = `region ${name}`;
  const mistake = effect.needs
    ? {
        found: `${what} of ${name} ${known.has(thing) ? "after its end" : "before its start"}`,
        expected: "start, change, end, in this order",
        action: "The simulator would leave it out in every run.",
      }
    : {
        found: `${what} of ${name}, which is open`,
        expected: `{"end": "${name}"} before it, or another name`,
        action: "Regions nest and overlap; each has a name of its own.",
      };
  return { thing, ...effect, mistake };
}
