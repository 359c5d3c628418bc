/**
 * Some of a timeline's events: what a selection takes.
 *
 * One bit for each event, so that a selection of a million costs an eighth of a megabyte.
 */

/** A set of indexes of events. */
export class EventSet {
  #bits = new Uint8Array(1024);
  #count = 0;

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** Takes one more. */
  add(index: number): void {
    if (this.has(index)) return;
    const byte = index >>> 3;
    if (byte >= this.#bits.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(byte + 1)));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (index & 7));
    this.#count += 1;
  }

  /** Whether an event is one of them. */
  has(index: number): boolean {
    return index >= 0 && ((this.#bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  /** The next one after a moment, or the last one before it, among events below `length`. */
  nearest(from: number, way: 1 | -1, length: number): number | undefined {
    for (let at = from + way; at >= 0 && at < length; at += way) if (this.has(at)) return at;
    return undefined;
  }

  /** Stretches of successive ones: the first index and the length of each, one after the other. */
  stretches(): number[] {
    const found: number[] = [];
    const end = this.#bits.length * 8;
    for (let at = 0; at < end; at += 1) {
      if (!this.has(at)) continue;
      const first = at;
      while (this.has(at)) at += 1;
      found.push(first, at - first);
    }
    return found;
  }
}
