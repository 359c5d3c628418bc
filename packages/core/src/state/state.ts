/**
 * The whole state: plain data, JSON-safe, every kernel object at the index of its id.
 *
 * Each part is defined beside the functions that own it; this file only puts them together. Nothing
 * but a recipe changes a state (engine/recipes.ts).
 */
import type { MirrorId, MmId, NotifierId, PlainId, TaskId } from "@mmreplay/events";
import { type AddressSpace, emptyAddressSpace } from "../address-space/address-space.ts";
import { emptyMirror, type Mirror } from "../drivers/mirror/mirror.ts";
import { emptyNotifier, type IntervalNotifier } from "../interval-notifiers/interval-notifier.ts";
import type { MemoryFile } from "../memory/file.ts";
import type { Frame } from "../memory/frame.ts";
import { emptyPlainNotifier, type PlainNotifier } from "../notifier-list/plain-notifier.ts";
import { emptySrcu, type Srcu } from "../notifier-list/srcu.ts";
import { emptyTask, type Task } from "../tasks/task.ts";
import { legal } from "./legal.ts";
import { SEQ_MODULUS_DEFAULT } from "./seq.ts";

/** Everything that is known at one moment. */
export interface State {
  /** Sequence numbers count modulo this; even. */
  seqModulus: number;
  mms: AddressSpace[];
  /** Page frames by their numbers; 0 is none. Empty where only their identity matters. */
  frames: Frame[];
  /** Files by their numbers. */
  files: MemoryFile[];
  notifiers: IntervalNotifier[];
  plains: PlainNotifier[];
  mirrors: Mirror[];
  tasks: Task[];
  srcu: Srcu;
}

/** The state before the first event. */
export function emptyState(seqModulus: number = SEQ_MODULUS_DEFAULT): State {
  legal(
    Number.isSafeInteger(seqModulus) && seqModulus >= 4 && seqModulus % 2 === 0,
    `a sequence modulus of ${seqModulus}`,
    "an even number from 4",
  );
  return {
    seqModulus,
    mms: [],
    frames: [],
    files: [],
    notifiers: [],
    plains: [],
    mirrors: [],
    tasks: [],
    srcu: emptySrcu(),
  };
}

/** Ids are dense: the next unseen one is at most this far ahead of the last seen one. */
const ID_GAP_MAX = 65_536;

function reach<T>(list: T[], id: number, kind: string, make: () => T): T {
  if (id >= list.length) {
    legal(id - list.length < ID_GAP_MAX, `the id ${kind}${id}`, `ids near ${kind}${list.length}`);
    while (list.length <= id) list.push(make());
  }
  return list[id] as T;
}

/** The address space of an id, made when it is first named. */
export function mmOf(state: State, id: MmId): AddressSpace {
  return reach(state.mms, id, "mm", emptyAddressSpace);
}

/** The interval notifier of an id, made when it is first named. */
export function notifierOf(state: State, id: NotifierId): IntervalNotifier {
  return reach(state.notifiers, id, "notifier", emptyNotifier);
}

/** The plain notifier of an id, made when it is first named. */
export function plainOf(state: State, id: PlainId): PlainNotifier {
  return reach(state.plains, id, "plain", emptyPlainNotifier);
}

/** The driver instance of an id, made when it is first named. */
export function mirrorOf(state: State, id: MirrorId): Mirror {
  return reach(state.mirrors, id, "mirror", emptyMirror);
}

/** The task of an id, made when it is first named. */
export function taskOf(state: State, id: TaskId): Task {
  return reach(state.tasks, id, "task", emptyTask);
}

// Whoever only looks must not make anything: events are the only way in, and a step machine may
// stand on a frozen state. What was never named is seen as an empty one that nobody keeps.

/** The address space of an id as it stands; an empty one that is not kept where none was named. */
export function peekMm(state: State, id: MmId): AddressSpace {
  return state.mms[id] ?? emptyAddressSpace();
}

/** The interval notifier of an id as it stands; an empty one where none was named. */
export function peekNotifier(state: State, id: NotifierId): IntervalNotifier {
  return state.notifiers[id] ?? emptyNotifier();
}

/** The plain notifier of an id as it stands; an empty one where none was named. */
export function peekPlain(state: State, id: PlainId): PlainNotifier {
  return state.plains[id] ?? emptyPlainNotifier();
}

/** The driver instance of an id as it stands; an empty one where none was named. */
export function peekMirror(state: State, id: MirrorId): Mirror {
  return state.mirrors[id] ?? emptyMirror();
}

/** The task of an id as it stands; an empty one where none was named. */
export function peekTask(state: State, id: TaskId): Task {
  return state.tasks[id] ?? emptyTask();
}
