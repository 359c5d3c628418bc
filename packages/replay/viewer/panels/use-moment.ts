/**
 * The moment at the cursor with the state before it, folded when the cursor rests: whoever holds a key down sees
 * the list and the lanes move, and the state where the key is released.
 */
import type { State } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { useEffect, useState } from "preact/hooks";
import { type Change, changesBetween } from "../../src/report/changes.ts";
import type { Store } from "../model/store.ts";
import { useShown, useStore } from "./use-shown.ts";

/** Shorter than anybody waits, longer than a key that is held down takes to repeat. */
const REST_MS = 40;

/** One moment, and what its event changed. */
export interface Looked {
  readonly index: number;
  readonly event: MmEvent | undefined;
  readonly state: State;
  readonly changes: readonly Change[];
  /** Paths of what changed, and of all that it is in. */
  readonly changed: ReadonlySet<string>;
}

/** The moment at the cursor; undefined while it is being folded for the first time. */
export function useMoment(): Looked | undefined {
  const store = useStore();
  const cursor = useShown(({ cursor: at }) => at);
  const phase = useShown(({ phase: now }) => now);
  const [looked, setLooked] = useState<Looked | undefined>(undefined);
  useEffect(() => {
    if (phase !== "ready") return;
    const timer = setTimeout(() => setLooked(lookAt(store, cursor)), REST_MS);
    return () => clearTimeout(timer);
  }, [store, cursor, phase]);
  return looked;
}

function lookAt({ loaded }: Store, index: number): Looked {
  const { timeline } = loaded;
  const before = timeline.seek(index - 1).state;
  const { state, event } = timeline.seek(index);
  const changes = index < 0 ? [] : changesBetween(before, state);
  return { index, event, state, changes, changed: pathsOf(changes) };
}

/** All paths on the way to a change: a branch shows that something in it is new. */
export function pathsOf(changes: readonly Change[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { path } of changes) {
    let at = path;
    while (at !== "") {
      paths.add(at);
      at = at.replace(/(\.?[A-Za-z_]\w*|\[[^\]]*\])$/, "");
    }
  }
  return paths;
}
