/**
 * `replay(events$)`: a stream of events to a stream of frames.
 *
 * Each frame has the frozen state after its event and what the rules found there. States share what
 * did not change, so a window of frames can be kept; the rules' memories live in the subscription.
 */
import {
  emptyState,
  type Report,
  RULES,
  type Rule,
  reduce,
  SEQ_MODULUS_DEFAULT,
  type State,
  type Verdict,
} from "@mmreplay/core";
import type { MmEvent } from "@mmreplay/events";
import { Observable, type OperatorFunction } from "rxjs";

/** A violation at one event. */
export interface FrameFinding {
  readonly rule: string;
  readonly verdict: Verdict;
}

/** The world after one event. */
export interface Frame {
  readonly index: number;
  readonly event: MmEvent;
  readonly state: State;
  readonly findings: readonly FrameFinding[];
}

/** How a replay begins and what it looks for. */
export interface ReplayOptions {
  /** The state before the first event; absent: nothing exists. */
  readonly initial?: State;
  /** Rules to run; absent: all. */
  readonly rules?: readonly Rule[];
}

/**
 * Replays a stream of events under the immutable engine.
 *
 * An event that cannot happen ends the stream with its `SimError`.
 *
 * @example
 * ```ts
 * const events: MmEvent[] = [{ index: eventIndex(0), task: taskId(0), type: "mm_create", mm: mmId(0) }];
 * const frame = await lastValueFrom(replay(from(events)));
 * frame.state.mms.length; // 1
 * ```
 */
export function replay(
  events$: Observable<MmEvent>,
  options: ReplayOptions = {},
): Observable<Frame> {
  return events$.pipe(toFrames(options));
}

/** The operator behind `replay`. */
export function toFrames(options: ReplayOptions = {}): OperatorFunction<MmEvent, Frame> {
  return (events$) =>
    new Observable<Frame>((subscriber) => {
      let state = options.initial ?? reduceNothing();
      const running = (options.rules ?? RULES).map((rule) => ({ rule, memory: rule.start() }));
      return events$.subscribe({
        next(event) {
          try {
            const before = state;
            const findings: FrameFinding[] = [];
            const concerned = running.filter(({ rule }) => rule.on.includes(event.type));
            for (const { rule, memory } of concerned) rule.before?.(memory, before, event);
            state = reduce(before, event);
            for (const { rule, memory } of concerned) {
              rule.after(memory, state, event, collecting(rule, findings));
            }
            subscriber.next({ index: event.index, event, state, findings });
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

function reduceNothing(): State {
  return emptyState(SEQ_MODULUS_DEFAULT);
}

function collecting(rule: Rule, findings: FrameFinding[]): Report {
  return {
    held: () => undefined,
    violated: (verdict) => {
      findings.push({ rule: rule.id, verdict });
    },
    undecided: () => undefined,
  };
}
