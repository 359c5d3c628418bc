/**
 * All events of a file, by their indexes, as the text of their journal lines.
 *
 * A million events as objects take a third of a gigabyte, their lines half of that; and whoever steps through
 * them looks at few. So the bytes are kept and an event is made of them when it is asked for.
 */
import type { MmEvent } from "@mmreplay/events";

/** Bytes of one piece of the log. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** A growing list of events. */
export class EventLog {
  readonly #pieces: Buffer[] = [];
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
    const length = Buffer.byteLength(line);
    const piece = this.#pieceFor(length);
    piece.write(line, this.#used);
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
    const piece = this.#pieces[(start - offset) / PIECE_BYTES] as Buffer;
    // The log's own line: it was an event when it was written.
    return JSON.parse(piece.toString("utf8", offset, offset + length)) as MmEvent;
  }

  /** The piece that has room for a line; a longer line has one of its own. */
  #pieceFor(length: number): Buffer {
    const last = this.#pieces.at(-1);
    if (last !== undefined && this.#used + length <= last.length) return last;
    const piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, length));
    this.#pieces.push(piece);
    this.#used = 0;
    return piece;
  }

  #grow(): void {
    const starts = new Float64Array(this.#starts.length * 2);
    starts.set(this.#starts);
    const lengths = new Uint32Array(this.#lengths.length * 2);
    lengths.set(this.#lengths);
    [this.#starts, this.#lengths] = [starts, lengths];
  }
}
