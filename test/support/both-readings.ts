/**
 * One text of tracefs read twice: in large pieces, where lines that are like an earlier one are read by
 * comparing bytes, and with every line cut before its newline, where none is.
 */
import { createImporter, type Observation, SimError } from "@mmreplay/events";

const NEWLINE = 10;

type Format = "ftrace" | "ftrace-latency";
/** What was read, or the refusal that ended it. */
type Said = Observation | string;

/** What two readings of a text say. */
export interface BothReadings {
  /** How many observations of each kind the first reading made. */
  readonly counts: Readonly<Record<string, number>>;
  /** The first thing of which they do not say the same. */
  readonly difference?: { readonly known: string; readonly general: string };
}

/** Reads a text both ways, up to the first difference. */
export function readBothWays(
  format: Format,
  bytes: Uint8Array,
  pieceBytes = 256 * 1024,
): BothReadings {
  const [known, general] = [readerOf(format), readerOf(format)];
  const counts: Record<string, number> = {};
  for (let at = 0; at <= bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes);
    known.push([piece]);
    general.push(cutLines(piece));
    if (at + pieceBytes > bytes.length) for (const reader of [known, general]) reader.end();
    // What is said of a line that is not over yet comes with the next piece, in both.
    const [saidKnown, saidGeneral] = [known.said(), general.said()];
    const longest = Math.max(saidKnown.length, saidGeneral.length);
    for (let index = 0; index < longest; index += 1) {
      const [one, other] = [saidKnown[index], saidGeneral[index]];
      if (!isSame(one, other)) {
        return { counts, difference: { known: textOf(one), general: textOf(other) } };
      }
      const kind = typeof one === "object" ? one.kind : "refusal";
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return { counts };
}

/** Whether two values are the same as JSON, with their keys in the same order. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object") return Object.is(one, other);
  if (one === null || other === null) return one === other;
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  if (keys.length !== others.length) return false;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as keyof typeof one;
    if (key !== others[at] || !isSame(one[key], other[key])) return false;
  }
  return true;
}

const textOf = (said: Said | undefined): string =>
  said === undefined ? "nothing" : JSON.stringify(said);

/** Cut before each newline, so that no line is whole in a piece. */
function* cutLines(piece: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  while (start < piece.length) {
    const newline = piece.indexOf(NEWLINE, start + 1);
    const end = newline < 0 ? piece.length : newline;
    yield piece.subarray(start, end);
    start = end;
  }
}

interface Reader {
  push(pieces: Iterable<Uint8Array>): void;
  end(): void;
  /** What was said since it was last asked. */
  said(): Said[];
}

function readerOf(format: Format): Reader {
  const importer = createImporter(format);
  let all: Said[] = [];
  let refused = false;
  const take = (observation: Observation): void => void all.push(observation);
  const attempt = (act: () => void): void => {
    if (refused) return;
    try {
      act();
    } catch (error) {
      if (!(error instanceof SimError)) throw error;
      refused = true;
      all.push(error.message);
    }
  };
  return {
    push: (pieces) =>
      attempt(() => {
        for (const piece of pieces) importer.push(piece, take);
      }),
    end: () => attempt(() => importer.end(take)),
    said() {
      const said = all;
      all = [];
      return said;
    },
  };
}
