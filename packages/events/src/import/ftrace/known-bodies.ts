/**
 * Bodies (`probe: (place) a=… b=…`) of which all but the values is known.
 *
 * What stands between the values is compared; a value is compared with the one that stood in the same
 * place before, and only when it differs it is read. When none differs, the fields of the earlier line
 * are those of this one, too.
 */
import type { ProbeObservation } from "../../observation/observation.ts";
import { COLON, NEWLINE, SPACE } from "../characters.ts";
import { type KnownBytes, knownBytes, sameBytes, slotOf } from "../known-bytes.ts";
import { createKnownValues, type KnownValues } from "./known-values.ts";

/** `probe: (place) name=`, then ` name=` for each further value; the values stand in between. */
export interface KnownBody extends Pick<ProbeObservation, "probe" | "edge" | "rest"> {
  readonly literals: readonly KnownBytes[];
  readonly names: readonly string[];
  /** Slots in which the values of the last line of this body were found. */
  readonly guesses: number[];
  /** The values of the line that is being read. */
  readonly found: string[];
  /** The values of the last line of this body, and the same as fields. */
  readonly values: string[];
  fields: Readonly<Record<string, string>>;
  /** The body that followed this one, and may do so again. */
  next: KnownBody | undefined;
}

/** The bodies that are known. */
export interface KnownBodies {
  /** The place of the newline after the body that was read last. */
  readonly end: number;
  /** Learns the body of a line, at `from`, that was read; says whether it is known now. */
  learn(line: string, view: DataView, from: number, read: ProbeObservation): boolean;
  /** Reads the body at `from` up to the newline, which must be there, into its `fields`. */
  read(view: DataView, from: number): KnownBody | undefined;
}

/** Bodies whose names share a slot: the callers of a return probe, above all. */
interface Slot {
  readonly bodies: KnownBody[];
  attempts: number;
}

const SLOT_BITS = 8;
const BODIES_MAX = 16;
/** What is ever new, such as the text of a marker, is not learned for ever. */
const ATTEMPTS_MAX = 256;

/** Nothing is known yet. */
export function createKnownBodies(): KnownBodies {
  const slots = Array.from({ length: 2 ** SLOT_BITS }, (): Slot => ({ bodies: [], attempts: 0 }));
  const values = createKnownValues();
  let last: KnownBody | undefined;
  let end = 0;

  function read(view: DataView, from: number): KnownBody | undefined {
    const guess = last?.next;
    end = guess === undefined ? -1 : readAs(guess, values, view, from);
    if (end >= 0) {
      last = guess;
      return guess;
    }
    for (const body of (slots[bodySlot(view, from)] as Slot).bodies) {
      end = readAs(body, values, view, from);
      if (end < 0) continue;
      if (last !== undefined) last.next = body;
      last = body;
      return body;
    }
    return undefined;
  }

  return {
    get end() {
      return end;
    },
    read,
    learn(line, view, from, observation) {
      if (read(view, from) !== undefined) return true;
      const slot = slots[bodySlot(view, from)] as Slot;
      if (slot.attempts >= ATTEMPTS_MAX) return false;
      slot.attempts += 1;
      const body = bodyOf(line, from, observation);
      if (body === undefined || readAs(body, values, view, from) < 0) return false;
      if (!sameFields(body.fields, observation.fields)) return false;
      if (slot.bodies.length === BODIES_MAX) slot.bodies.shift();
      slot.bodies.push(body);
      return true;
    },
  };
}

/** Reads the body at `from` and returns the place of its newline; -1 when it is another body. */
function readAs(body: KnownBody, known: KnownValues, view: DataView, from: number): number {
  const { literals, names, guesses, found, values } = body;
  let at = from;
  let same = true;
  for (let i = 0; i < literals.length; i += 1) {
    const { length, words } = literals[i] as KnownBytes;
    if (!sameBytes(view, at, length, words, 0)) return -1;
    at += length;
    if (i === names.length) break;
    const slot = known.read(view, at, guesses[i] as number);
    if (slot < 0) return -1;
    guesses[i] = slot;
    const text = known.text(slot);
    found[i] = text;
    if (text !== values[i]) same = false;
    at += text.length;
  }
  if (view.getUint8(at) !== NEWLINE) return -1;
  if (same) return at;
  const fields: Record<string, string> = {};
  for (let i = 0; i < names.length; i += 1) {
    const text = found[i] as string;
    fields[names[i] as string] = text;
    values[i] = text;
  }
  body.fields = fields;
  return at;
}

/** What does not change in a body; undefined when words that are no values follow some. */
function bodyOf(line: string, from: number, read: ProbeObservation): KnownBody | undefined {
  const { probe, edge, fields, rest } = read;
  const names = Object.keys(fields);
  const further = names.slice(1).map((name) => ` ${name}=`);
  // Names and values end with the line, so their lengths say where the first value begins.
  const texts = [...Object.values(fields), ...further];
  const first = line.length - texts.reduce((sum, { length }) => sum + length, 0);
  if (first <= from) return undefined;
  const literals = [line.slice(from, first), ...further].map(knownBytes);
  const guesses = names.map(() => 0);
  return {
    probe,
    edge,
    rest,
    names,
    literals,
    guesses,
    found: [],
    values: [],
    fields: {},
    next: undefined,
  };
}

type Fields = ProbeObservation["fields"];

function sameFields(a: Fields, b: Fields): boolean {
  return Object.keys(b).every((name) => a[name] === b[name]);
}

/** The slot of the name that a body begins with. */
function bodySlot(view: DataView, from: number): number {
  let end = from;
  let code = view.getUint8(end);
  while (code !== COLON && code > SPACE) {
    end += 1;
    code = view.getUint8(end);
  }
  return slotOf(view, from, end - from, SLOT_BITS);
}
