/**
 * A timeline as RxJS streams: the moments at which somebody stands, and events that still come.
 */
import { emptyState, type State } from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { Observable, tap } from "rxjs";
import { type Moment, Timeline } from "./timeline.ts";

/** A timeline that tells of every move. */
export class ObservableTimeline extends Timeline {
  /** The moment now, then the moment after each move. It never ends. */
  readonly frame$: Observable<Moment> = new Observable((subscriber) => {
    subscriber.next(this.moment);
    return this.onMove((moment) => subscriber.next(moment));
  });

  /** @param head The state before the first event, which is given away. */
  constructor(head: State = emptyState()) {
    super(head);
  }

  /**
   * Takes the events of a stream as they come; with `follow` the moment is always that of the last one.
   * Completes with the stream, and fails with it or with an event that cannot happen.
   */
  record(
    events$: Observable<MmEvent>,
    { follow = false }: { follow?: boolean } = {},
  ): Observable<MmEvent> {
    return events$.pipe(
      tap((event) => {
        this.append(event);
        if (follow) this.seek(this.length - 1);
      }),
    );
  }
}
