/**
 * A binary heap: the first in order comes out first, whatever the order of going in.
 */

/** Things that wait in an order of their own. */
export interface Heap<T> {
  readonly size: number;
  /** The first one, or undefined. */
  first(): T | undefined;
  push(item: T): void;
  /** Takes the first one out. */
  pop(): T | undefined;
}

/** An empty heap; `before` must be a strict total order. */
export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];

  function rise(item: T): void {
    let at = items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as T;
      if (!before(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  function sink(item: T): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      const right = child + 1;
      if (right < items.length && before(items[right] as T, items[child] as T)) child = right;
      if (!before(items[child] as T, item)) break;
      items[at] = items[child] as T;
      at = child;
    }
    items[at] = item;
  }

  return {
    get size() {
      return items.length;
    },
    first: () => items[0],
    push: rise,
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0 && last !== undefined) sink(last);
      return first;
    },
  };
}
