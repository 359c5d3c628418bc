/**
 * Baseline: `JSON.parse` of each line.
 *
 * The same values as JSON lines, in the same chunks, through the product's own line splitter, so that
 * what differs is the reading of a line.
 */
import { createLineSplitter, type TextOf } from "@mmreplay/events";

/** Gives each line's value; `textOf` is the decoder that the other side has, where it has one and its lines share a text. */
export function jsonLines<T>(
  chunks: readonly Uint8Array[],
  take: (value: T) => void,
  textOf?: TextOf,
): void {
  const splitter = createLineSplitter(textOf, textOf !== undefined);
  const parse = (line: string): void => take(JSON.parse(line) as T);
  for (const chunk of chunks) splitter.push(chunk, parse);
  splitter.end(parse);
}

/** Counts lines and nothing else. */
export function bareLines(chunks: readonly Uint8Array[]): number {
  const splitter = createLineSplitter();
  let lines = 0;
  const count = (): void => {
    lines += 1;
  };
  for (const chunk of chunks) splitter.push(chunk, count);
  splitter.end(count);
  return lines;
}
