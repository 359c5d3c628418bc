/**
 * Rows one after the other, as many as come.
 */

/** A list of rows of one width. */
export interface RowBuffer {
  readonly size: number;
  push(row: Int32Array): void;
  read(index: number, row: Int32Array): void;
  clear(): void;
  /** A copy of all words. */
  words(): Int32Array;
}

const FIRST_CAPACITY = 256;

/** An empty list. */
export function createRowBuffer(width: number): RowBuffer {
  let words = new Int32Array(FIRST_CAPACITY * width);
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(row) {
      if ((size + 1) * width > words.length) {
        const longer = new Int32Array(words.length * 2);
        longer.set(words);
        words = longer;
      }
      for (let i = 0; i < width; i++) words[size * width + i] = row[i] as number;
      size += 1;
    },
    read(index, row) {
      for (let i = 0; i < width; i++) row[i] = words[index * width + i] as number;
    },
    clear() {
      size = 0;
    },
    words: () => words.slice(0, size * width),
  };
}
