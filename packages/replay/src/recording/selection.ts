/**
 * A selection: which events are judged, or shown.
 *
 * It never touches the fold: every event of a file is reduced, because the invalidation of one task
 * decides what another one may store. A case of a rule belongs to the selection by the event that it
 * is answered at, and a violation also by each event that proves it: whoever asks for one thread is
 * shown what another one did to it.
 */
import type { State, Verdict } from "@mmreplay/core";
import { type Address, type JournalHeader, type MmEvent, SimError } from "@mmreplay/events";
import { type Faults, noteFault, type Subject, subjectOf } from "./subject.ts";
import { sinceBase } from "./time-stamp.ts";

/** A place in a file: the index of an event, or a time as printed. */
export type Position = { readonly index: number } | { readonly time: string };

/** What is selected; each part narrows, several values of a part widen. */
export interface Selection {
  /** `mm0`, or a pointer as printed. */
  readonly mms?: readonly string[];
  /** Thread ids, as printed. */
  readonly pids?: readonly number[];
  readonly cpus?: readonly number[];
  /** Half-open. */
  readonly range?: { readonly start: Address; readonly end: Address };
  /** Inclusive, as is `to`. */
  readonly from?: Position;
  readonly to?: Position;
}

/** How much of a file a selection takes. */
export interface SelectedEvents {
  readonly events: number;
  readonly of: number;
}

/** A selection at work on one file. */
export interface Selector {
  /** Events that belong to it, of those that have been folded. */
  readonly selected: SelectedEvents;
  header(header: JournalHeader): void;
  /** Before an event is reduced. */
  before(event: MmEvent): void;
  /** After an event was reduced; whether it belongs to the selection. */
  after(): boolean;
  /** Whether a violation that is found at the present event belongs to it. */
  takes(verdict: Verdict): boolean;
  /** What the file has instead, when nothing was selected. */
  alternatives(): string;
}

/** What a selector knows of its file. */
interface Knowledge {
  readonly selection: Selection;
  readonly state: State;
  readonly faults: Faults;
  /** Pids by task, pointers by mm. */
  readonly pids: Map<number, number>;
  readonly mms: Map<number, string>;
  readonly cpus: Set<number>;
  clock: JournalHeader["clock"];
}

/** A selector for one file whose events are folded into `state`. */
export function createSelector(selection: Selection, state: State): Selector {
  const known: Knowledge = {
    selection,
    state,
    faults: new Map(),
    pids: new Map(),
    mms: new Map(),
    cpus: new Set(),
    clock: undefined,
  };
  let within: (event: MmEvent) => boolean = () => true;
  let current: MmEvent | undefined;
  let subject: Subject = { mm: undefined, extents: [] };
  const selected = { events: 0, of: 0 };
  return {
    selected,
    header({ clock }) {
      known.clock = clock;
      within = positions(selection, clock);
    },
    before(event) {
      current = event;
      selected.of += 1;
      learn(known, event);
      subject = subjectOf(event, state, known.faults);
    },
    after() {
      if (current === undefined) return false;
      subject = merged(subject, subjectOf(current, state, known.faults));
      const belongs =
        within(current) &&
        onThread(known, current) &&
        onProcessor(known, current) &&
        ofMm(known, subject.mm) &&
        inRange(known, subject);
      if (belongs) selected.events += 1;
      return belongs;
    },
    takes(verdict) {
      const at = verdict.at?.event ?? current;
      if (current === undefined || at === undefined) return false;
      const proof = [at, current, ...(verdict.evidence ?? []).map(({ event }) => event)];
      const about = at === current ? subject : subjectOf(at, state, known.faults);
      return (
        within(at) &&
        proof.some((event) => onThread(known, event)) &&
        proof.some((event) => onProcessor(known, event)) &&
        ofMm(known, about.mm ?? subject.mm) &&
        (inRange(known, about) || atAddress(known, verdict.address))
      );
    },
    alternatives: () => alternatives(known),
  };
}

function learn(known: Knowledge, event: MmEvent): void {
  noteFault(known.faults, event);
  if (event.cpu !== undefined) known.cpus.add(event.cpu);
  if (event.type === "task_start" && event.pid !== undefined) {
    known.pids.set(event.task, event.pid);
  } else if (event.type === "intern" && event.kind === "mm") {
    known.mms.set(event.id, event.pointer);
  }
}

function merged(before: Subject, after: Subject): Subject {
  return {
    mm: before.mm ?? after.mm,
    extents: before.extents.length > 0 ? before.extents : after.extents,
  };
}

function onThread({ selection, pids }: Knowledge, { task }: MmEvent): boolean {
  return selection.pids === undefined || selection.pids.includes(pids.get(task) ?? -1);
}

function onProcessor({ selection }: Knowledge, { cpu }: MmEvent): boolean {
  return selection.cpus === undefined || (cpu !== undefined && selection.cpus.includes(cpu));
}

function ofMm({ selection, mms }: Knowledge, mm: number | undefined): boolean {
  if (selection.mms === undefined) return true;
  if (mm === undefined) return false;
  const pointer = mms.get(mm);
  return selection.mms.some(
    (name) => name === `mm${mm}` || (pointer !== undefined && samePointer(name, pointer)),
  );
}

const samePointer = (a: string, b: string): boolean => bare(a) === bare(b);

function bare(pointer: string): string {
  return pointer.toLowerCase().replace(/^(?:0x)?0*/, "");
}

function inRange({ selection: { range } }: Knowledge, { extents }: Subject): boolean {
  if (range === undefined) return true;
  return extents.some(({ start, last }) => start < range.end && last >= range.start);
}

function atAddress({ selection: { range } }: Knowledge, address: Address | undefined): boolean {
  return (
    address !== undefined && range !== undefined && address >= range.start && address < range.end
  );
}

/** The test of `from` and `to` for a file of this clock. */
function positions(
  { from, to }: Selection,
  clock: JournalHeader["clock"],
): (event: MmEvent) => boolean {
  const first = from === undefined ? undefined : boundOf(from, clock);
  const last = to === undefined ? undefined : boundOf(to, clock);
  return (event) =>
    (first === undefined || first.of(event) >= first.least) &&
    (last === undefined || last.of(event) <= last.most);
}

interface Bound {
  of(event: MmEvent): number;
  readonly least: number;
  readonly most: number;
}

function boundOf(position: Position, clock: JournalHeader["clock"]): Bound {
  if ("index" in position) {
    const { index } = position;
    return { of: (event) => event.index, least: index, most: index };
  }
  if (clock === undefined) throw noTimes(position.time);
  const { at, step } = sinceBase(position.time, clock);
  // A printed time stands for all that its last digit does.
  return { of: (event) => event.at ?? 0, least: at, most: at + step - 1 };
}

function noTimes(time: string): SimError {
  return new SimError({
    code: "E_TIME",
    found: `the time ${time} for a journal that has no times`,
    expected: "the index of an event",
    action: "A bare number is an index: --from 100.",
  });
}

/** Names that are listed; a recording of a whole machine has thousands. */
const LISTED_MAX = 5;

function alternatives({ selection, pids, mms, cpus, clock, state }: Knowledge): string {
  const said: string[] = [];
  if (selection.mms !== undefined) {
    said.push(`its mms are ${listed(state.mms.map((_, id) => named(id, mms.get(id))))}`);
  }
  if (selection.pids !== undefined) said.push(`its threads are ${listed([...pids.values()])}`);
  if (selection.cpus !== undefined) {
    said.push(
      cpus.size === 0 ? "it names no processors" : `its processors are ${listed([...cpus])}`,
    );
  }
  if (clock !== undefined && (selection.from !== undefined || selection.to !== undefined)) {
    said.push(`its first time is ${clock.base}`);
  }
  return said.length === 0 ? "no event concerns it" : said.join(", ");
}

const named = (id: number, pointer: string | undefined): string =>
  pointer === undefined ? `mm${id}` : `mm${id} (${pointer})`;

function listed(names: readonly (string | number)[]): string {
  if (names.length === 0) return "none";
  const more = names.length - LISTED_MAX;
  return `${names.slice(0, LISTED_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
