/**
 * A breadth-first search on several threads.
 *
 * The main thread hands each level's messages round and adds up. What fails, or cannot be reduced, is
 * searched again on one thread: so a finding is the same on any number of them.
 */
import type { Message } from "./exchange.ts";
import type { Round } from "./partition.ts";
import type { SearchResult } from "./search.ts";

/** One part, in this thread or in another. */
export interface Member {
  round(incoming: readonly Message[]): Promise<Round>;
  end(): Promise<void>;
}

/** Bounds that hold for all parts together; they are looked at between two levels. */
export interface TogetherBounds {
  readonly maxStates: number;
  readonly stopped?: (() => boolean) | undefined;
}

/** The result of all parts, or undefined if one of them gave up. */
export async function searchTogether(
  members: readonly Member[],
  { maxStates, stopped }: TogetherBounds,
): Promise<SearchResult | undefined> {
  let incoming: readonly (readonly Message[])[] = members.map(() => []);
  let depth = -1;
  try {
    for (;;) {
      const rounds = await Promise.all(
        members.map((member, i) => member.round(incoming[i] as readonly Message[])),
      );
      if (rounds.some(({ gaveUp }) => gaveUp)) return undefined;
      if (sum(rounds, ({ expanded }) => expanded) > 0) depth += 1;
      incoming = members.map((_, to) => rounds.map(({ out }) => out[to] as Message));
      const open =
        sum(rounds, ({ next }) => next) +
        sum(rounds, ({ out }) => sum(out, ({ rows }) => rows.length));
      const states = sum(rounds, (round) => round.states);
      const transitions = sum(rounds, (round) => round.transitions);
      const result = { states, transitions, depth, deadlocks: 0, failures: [] };
      if (open === 0) return result;
      if (stopped?.() === true) return { ...result, bound: "interrupted" };
      if (states >= maxStates) return { ...result, bound: "max-states" };
    }
  } finally {
    await Promise.all(members.map((member) => member.end()));
  }
}

function sum<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((total, one) => total + of(one), 0);
}
