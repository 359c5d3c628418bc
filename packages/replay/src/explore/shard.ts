/**
 * Shards: one search, cut into pieces that run apart and are joined afterwards.
 *
 * Random strategies draw every n-th schedule. A search of all states is cut where breadth-first search
 * first has many states at one distance: each shard takes those whose key falls to it and visits all
 * that lie behind them. It cannot know what the others visit, so most states are visited by several
 * shards; each notes key, distance and steps of every state, and the join counts each key once, at its
 * least distance. So the figures are those of one search; time is saved only where a failure is found.
 */
import { Expansion } from "./expansion.ts";
import { createRowBuffer } from "./row-buffer.ts";
import { createRowSet } from "./row-set.ts";
import {
  type BoundName,
  PAUSE_STATES,
  type Search,
  type Searching,
  type SearchResult,
} from "./search.ts";

/** Words that are noted of a state: its key, its distance, and how many steps it has. */
export const NOTE_WORDS = 4;

/** States at one distance, for each shard, before the search is cut. */
const STATES_A_SHARD = 32;

/** What a shard of a search of all states saw. */
export interface ShardSearch {
  readonly result: SearchResult;
  /** Of each state NOTE_WORDS words. */
  readonly notes: Int32Array;
  /** Something fails, or the reduction does not hold: to be searched undivided. */
  readonly gaveUp: boolean;
}

/** Visits the states of one shard. */
export function* searchShard(search: Search, index: number, of: number): Searching<ShardSearch> {
  const { space, bounds } = search;
  const expansion = new Expansion(search);
  const seen = createRowSet(space.width);
  const notes = createRowBuffer(NOTE_WORDS);
  const note = new Int32Array(NOTE_WORDS);
  const row = expansion.first();
  let [now, next] = [createRowBuffer(space.width), createRowBuffer(space.width)];
  let bound: BoundName | undefined;
  let depth = 0;
  let cut = false;
  const gaveUp = (): boolean => expansion.failure !== undefined || space.broken;
  const onNext = (row: Int32Array): void => {
    if (!seen.add(row)) return;
    if (seen.size <= bounds.maxStates) next.push(row);
    else bound = "max-states";
  };
  seen.add(row);
  now.push(row);
  for (; now.size > 0; depth++) {
    next.clear();
    const divides: boolean = !cut && now.size >= STATES_A_SHARD * of;
    cut ||= divides;
    for (let i = 0; i < now.size; i++) {
      if (i % PAUSE_STATES === 0) {
        yield;
        bound ??= expansion.interrupted();
      }
      if (bound !== undefined || gaveUp()) break;
      now.read(i, row);
      space.rows.keyOf(row, note);
      if (divides && ((note[1] as number) >>> 0) % of !== index) continue;
      const before = expansion.transitions;
      expansion.expand(row, onNext);
      note[2] = depth;
      note[3] = expansion.transitions - before;
      notes.push(note);
    }
    if (bound !== undefined || gaveUp()) break;
    [now, next] = [next, now];
  }
  const ending = { states: notes.size, depth: Math.max(0, depth - 1), bound, path: () => [] };
  return { result: expansion.result(ending), notes: notes.words(), gaveUp: gaveUp() };
}

/** Counts every state of several shards once. */
export function joined(
  shards: readonly Int32Array[],
): Pick<SearchResult, "states" | "transitions" | "depth"> {
  const known = createRowSet(3);
  const key = new Int32Array(3);
  let [transitions, depth] = [0, 0];
  for (const [at, notes] of inOrderOfDistance(shards)) {
    key[1] = notes[at] as number;
    key[2] = notes[at + 1] as number;
    if (!known.add(key)) continue;
    depth = Math.max(depth, notes[at + 2] as number);
    transitions += notes[at + 3] as number;
  }
  return { states: known.size, transitions, depth };
}

/** Each shard's notes are in order of distance already. */
function* inOrderOfDistance(shards: readonly Int32Array[]): Generator<[number, Int32Array]> {
  const open = shards.map((notes) => ({ notes, at: 0 }));
  const distanceOf = ({ notes, at }: (typeof open)[number]): number =>
    notes[at + 2] ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const least = Math.min(...open.map(distanceOf));
    if (least === Number.POSITIVE_INFINITY) return;
    for (const shard of open) {
      for (; distanceOf(shard) <= least; shard.at += NOTE_WORDS) yield [shard.at, shard.notes];
    }
  }
}
