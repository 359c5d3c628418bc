/**
 * All events of a file, by their indexes, as the text of their journal lines.
 *
 * A million events as objects take a third of a gigabyte, their lines half of that; and whoever steps through
 * them looks at few. So the bytes are kept and an event is made of them when it is asked for. A page in a
 * browser keeps the same log, so it is made of what node and browsers both have.
 */
import type { MmEvent } from "@mmreplay/events";

/** Bytes of one piece of the log. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** A growing list of events. */
export class EventLog {
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  readonly #pieces: Uint8Array[] = [];
  /** Free bytes begin here in the last piece. */
  #used = PIECE_BYTES;
  /** Place of each event: piece times PIECE_BYTES plus offset; its length. */
  #starts = new Float64Array(1024);
  #lengths = new Uint32Array(1024);
  #count = 0;

  /** Events so far. */
  get length(): number {
    return this.#count;
  }

  /** Bytes that the log holds. */
  get bytes(): number {
    return this.#pieces.reduce((sum, { length }) => sum + length, 0);
  }

  /** Adds the next event, as the line of a journal. */
  append(line: string): void {
    const length = this.#write(line);
    if (this.#count === this.#starts.length) this.#grow();
    this.#starts[this.#count] = (this.#pieces.length - 1) * PIECE_BYTES + this.#used;
    this.#lengths[this.#count] = length;
    this.#used += length;
    this.#count += 1;
  }

  /** The event of an index from 0 to `length - 1`. */
  at(index: number): MmEvent {
    const start = this.#starts[index];
    const length = this.#lengths[index];
    if (index >= this.#count || start === undefined || length === undefined) {
      throw new RangeError(`no event ${index}`);
    }
    const offset = start % PIECE_BYTES;
    const piece = this.#pieces[(start - offset) / PIECE_BYTES] as Uint8Array;
    // The log's own line: it was an event when it was written.
    return JSON.parse(this.#decoder.decode(piece.subarray(offset, offset + length))) as MmEvent;
  }

  /** Writes a line where free bytes begin; says how many it took. */
  #write(line: string): number {
    const last = this.#pieces.at(-1);
    if (last !== undefined && this.#used < last.length) {
      const { read, written } = this.#encoder.encodeInto(line, last.subarray(this.#used));
      if (read === line.length) return written;
    }
    this.#used = 0;
    // A character has three bytes at most; what may not fit has a piece of its own, which is full then.
    if (3 * line.length > PIECE_BYTES) {
      const own = this.#encoder.encode(line);
      this.#pieces.push(own);
      return own.length;
    }
    const piece = new Uint8Array(PIECE_BYTES);
    this.#pieces.push(piece);
    return this.#encoder.encodeInto(line, piece).written;
  }

  #grow(): void {
    const starts = new Float64Array(this.#starts.length * 2);
    starts.set(this.#starts);
    const lengths = new Uint32Array(this.#lengths.length * 2);
    lengths.set(this.#lengths);
    [this.#starts, this.#lengths] = [starts, lengths];
  }
}
