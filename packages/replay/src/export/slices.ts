/**
 * Slices of a thread: what it is in the middle of, properly nested.
 *
 * A trace viewer draws a slice only if it lies wholly inside the one around it. Calls nest by themselves; where
 * a recording has lost an end, the calls inside end with the one around them.
 */

/** A slice that has begun. */
export interface OpenSlice {
  readonly name: string;
  readonly category: string;
  /** Microseconds. */
  readonly from: number;
  readonly args: Record<string, unknown>;
}

/** A slice with its end. */
export interface Slice extends OpenSlice {
  readonly to: number;
}

/** The open slices of each thread. */
export class Slices<Thread> {
  readonly #open = new Map<Thread, OpenSlice[]>();

  /** A slice begins inside those that are open. */
  begin(thread: Thread, slice: OpenSlice): void {
    const stack = this.#open.get(thread);
    if (stack === undefined) this.#open.set(thread, [slice]);
    else stack.push(slice);
  }

  /** Whether the thread is inside a slice now. */
  inside(thread: Thread, name?: string): boolean {
    const stack = this.#open.get(thread) ?? [];
    return name === undefined ? stack.length > 0 : stack.some((slice) => slice.name === name);
  }

  /** Adds to what the innermost slice of a name says. */
  tell(thread: Thread, name: string, args: Record<string, unknown>): void {
    const slice = this.#open.get(thread)?.findLast((one) => one.name === name);
    if (slice !== undefined) Object.assign(slice.args, args);
  }

  /** The innermost slice of a name ends, and those inside it: the inner ones first. */
  end(thread: Thread, name: string, to: number): Slice[] {
    const stack = this.#open.get(thread) ?? [];
    const at = stack.findLastIndex((slice) => slice.name === name);
    if (at < 0) return [];
    return stack
      .splice(at)
      .reverse()
      .map((slice) => ({ ...slice, to }));
  }

  /** What is open at the end of the trace, outer ones first. */
  left(): { readonly thread: Thread; readonly slice: OpenSlice }[] {
    return [...this.#open].flatMap(([thread, stack]) => stack.map((slice) => ({ thread, slice })));
  }
}
