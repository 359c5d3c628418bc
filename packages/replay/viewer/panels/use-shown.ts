/**
 * The store in components: each draws anew only when what it picks has changed.
 */
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Shown, Store } from "../model/store.ts";

/** The page's store. */
export const StoreContext: ReturnType<typeof createContext<Store | null>> =
  createContext<Store | null>(null);

/** The store. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("assertion failed: there is a store");
  return store;
}

/** A part of what is shown. */
export function useShown<T>(pick: (shown: Shown) => T): T {
  const store = useStore();
  const [picked, setPicked] = useState(() => pick(store.shown));
  useEffect(() => {
    const look = (): void => setPicked(() => pick(store.shown));
    look();
    return store.onChange(look);
  }, [store]);
  return picked;
}
