/**
 * One text of tracefs read twice: in large pieces, where lines that are like an earlier one are read by
 * comparing bytes, and with every line in two pieces, where none is.
 */
import { createImporter, type Observation, SimError } from "@mmreplay/events";

type Format = "ftrace" | "ftrace-latency";

/** What the two readings say; a refusal is the last thing that is said. */
export interface BothReadings {
  readonly known: readonly string[];
  readonly general: readonly string[];
}

/** Reads a text both ways and gives what is said to `compare`, piece by piece. */
export function readBothWays(
  format: Format,
  bytes: Uint8Array,
  compare: (both: BothReadings) => void,
  pieceBytes = 256 * 1024,
): void {
  const readers = { known: readerOf(format), general: readerOf(format) };
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes);
    readers.known.push(piece);
    for (const part of inHalves(piece)) readers.general.push(part);
    // What is said of a line that is not over yet comes with the next piece, in both.
    compare({ known: readers.known.said(), general: readers.general.said() });
  }
  for (const reader of [readers.known, readers.general]) reader.end();
  compare({ known: readers.known.said(), general: readers.general.said() });
}

/** Each line in two pieces: its first byte, and the rest with its newline. */
function* inHalves(piece: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  while (start < piece.length) {
    yield piece.subarray(start, start + 1);
    const newline = piece.indexOf(10, start);
    const end = newline < 0 ? piece.length : newline + 1;
    if (end > start + 1) yield piece.subarray(start + 1, end);
    start = Math.max(end, start + 1);
  }
}

interface Reader {
  push(bytes: Uint8Array): void;
  end(): void;
  /** What was said since it was last asked. */
  said(): string[];
}

function readerOf(format: Format): Reader {
  const importer = createImporter(format);
  let texts: string[] = [];
  let refused = false;
  const take = (observation: Observation): void => void texts.push(JSON.stringify(observation));
  const attempt = (act: () => void): void => {
    if (refused) return;
    try {
      act();
    } catch (error) {
      if (!(error instanceof SimError)) throw error;
      refused = true;
      texts.push(error.message);
    }
  };
  return {
    push: (bytes) => attempt(() => importer.push(bytes, take)),
    end: () => attempt(() => importer.end(take)),
    said() {
      const all = texts;
      texts = [];
      return all;
    },
  };
}
