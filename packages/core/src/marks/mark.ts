/**
 * Rare-path marks: places of the protocol that a campaign should have been at.
 *
 * A search that finds nothing says little if it never deferred an insertion. A mark is a value, as a rule is:
 * it looks at the state before an event and says whether that event takes a rare path. It watches from
 * outside, so no recipe knows of it, and names the rules for which its path matters: a search that aims at
 * a rule goes on from there.
 */
import type { EventType, MmEvent } from "@mmreplay/events";
import type { State } from "../state/state.ts";

/** One rare path. */
export interface Mark {
  /** Words with hyphens, as a report counts them. */
  readonly name: string;
  /** What has happened, in one sentence. */
  readonly says: string;
  /** Kernel functions, or a part of the specification. */
  readonly source: string;
  /** What a workload must have for it, where those that are drawn have it not. */
  readonly needs?: string;
  /** The types of the events that can take the path. */
  readonly on: readonly EventType[];
  /** Ids of the rules that are decided there. */
  readonly rules: readonly string[];
  /** Whether this event takes it; `state` is the one before it. */
  readonly takes: (state: State, event: MmEvent) => boolean;
}

/** A mark of events of one type, whose fields it may look at. */
export function mark<T extends EventType>(
  on: T,
  fields: Pick<Mark, "name" | "says" | "source" | "rules" | "needs">,
  takes: (state: State, event: Extract<MmEvent, { type: T }>) => boolean,
): Mark {
  return { ...fields, on: [on], takes: takes as Mark["takes"] };
}
