/**
 * All events of a file, by their indexes, as the text of their journal lines.
 *
 * A million events as objects take a third of a gigabyte, their lines half of that; and whoever steps through
 * them looks at few. So the bytes are kept and an event is made of them when it is asked for: those of a journal
 * where they were read, as to touch new memory for a copy takes as long as half of the parsing. A page in a
 * browser keeps the same log, so it is made of what node and browsers both have.
 */
import type { ChunkPlace, JournalLine, MmEvent } from "@mmreplay/events";

/** Bytes of one piece that the log writes itself. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Characters of the lines that are encoded in one go: to encode each by itself takes ten times as long. */
const BATCH_LENGTH = 64 * 1024;

/** Events for which there is room at first. */
const FIRST_ROOM = 1024;

/** A growing list of events. */
export class EventLog {
  readonly #encoder = new TextEncoder();
  readonly #textOf: (bytes: Uint8Array) => string;
  /** Chunks of journals, and pieces that the log has written. */
  readonly #pieces: Uint8Array[] = [];
  /** The piece that is written to, its place, and where its free bytes begin. */
  #piece: Uint8Array = new Uint8Array(0);
  #pieceAt = -1;
  #used = 0;
  /** Where the bytes of each event are: its piece, where they begin there, and how many they are. */
  #places = new Uint32Array(FIRST_ROOM);
  #starts = new Uint32Array(FIRST_ROOM);
  #lengths = new Uint32Array(FIRST_ROOM);
  /** Events that have their place; the lines of those after them. */
  #placed = 0;
  #batch: string[] = [];
  #batchLength = 0;

  /** @param textOf The text of a line's bytes; absent: what a decoder makes of them. */
  constructor(textOf?: (bytes: Uint8Array) => string) {
    const decoder = new TextDecoder();
    this.#textOf = textOf ?? ((bytes) => decoder.decode(bytes));
  }

  /** Events so far. */
  get length(): number {
    return this.#placed + this.#batch.length;
  }

  /** Bytes that the log holds; a line that is not encoded yet has one for each character. */
  get bytes(): number {
    return this.#pieces.reduce((sum, { length }) => sum + length, this.#batchLength);
  }

  /** Adds the next event; the chunk that its line is in is kept. */
  append({ text, place }: JournalLine): void {
    if (place !== undefined) {
      this.#encode();
      this.#keep(place);
      return;
    }
    this.#batch.push(text);
    this.#batchLength += text.length;
    if (this.#batchLength >= BATCH_LENGTH) this.#encode();
  }

  /** The event of an index from 0 to `length - 1`. */
  at(index: number): MmEvent {
    // The log's own line: it was an event when it was written.
    return JSON.parse(this.#batch[index - this.#placed] ?? this.#decoded(index)) as MmEvent;
  }

  #decoded(index: number): string {
    const piece = this.#pieces[this.#places[index] as number];
    const start = this.#starts[index];
    const length = this.#lengths[index];
    if (index >= this.#placed || !piece || start === undefined || length === undefined) {
      throw new RangeError(`no event ${index}`);
    }
    return this.#textOf(piece.subarray(start, start + length));
  }

  #keep({ chunk, from, to }: ChunkPlace): void {
    if (this.#pieces.at(-1) !== chunk) this.#pieces.push(chunk);
    this.#place(this.#pieces.length - 1, from, to - from);
  }

  #encode(): void {
    const lines = this.#batch;
    if (lines.length === 0) return;
    this.#batch = [];
    this.#batchLength = 0;
    if (this.#encodeTogether(lines)) return;
    for (const line of lines) {
      const length = this.#write(line);
      this.#place(this.#pieceAt, this.#used - length, length);
    }
  }

  /** Encodes lines whose characters have a byte each, so that each line's are known; others it leaves. */
  #encodeTogether(lines: readonly string[]): boolean {
    const text = lines.join("");
    const written = this.#write(text);
    let start = this.#used - written;
    if (written !== text.length) {
      this.#used = start;
      return false;
    }
    for (const { length } of lines) {
      this.#place(this.#pieceAt, start, length);
      start += length;
    }
    return true;
  }

  /** The next event is in these bytes. */
  #place(piece: number, start: number, length: number): void {
    const at = this.#placed;
    if (at === this.#lengths.length) this.#grow();
    this.#places[at] = piece;
    this.#starts[at] = start;
    this.#lengths[at] = length;
    this.#placed += 1;
  }

  /** Writes a text where free bytes begin, which then begin after it; says how many it took. */
  #write(text: string): number {
    const free = this.#piece.subarray(this.#used);
    const tried = this.#encoder.encodeInto(text, free);
    if (tried.read === text.length) {
      this.#used += tried.written;
      return tried.written;
    }
    // A character has three bytes at most.
    this.#piece = new Uint8Array(Math.max(PIECE_BYTES, 3 * text.length));
    this.#pieceAt = this.#pieces.push(this.#piece) - 1;
    const { written } = this.#encoder.encodeInto(text, this.#piece);
    this.#used = written;
    return written;
  }

  #grow(): void {
    [this.#places, this.#starts, this.#lengths] = [
      grown(this.#places),
      grown(this.#starts),
      grown(this.#lengths),
    ];
  }
}

/** The same numbers, with as much room again. */
function grown(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(2 * numbers.length);
  more.set(numbers);
  return more;
}
