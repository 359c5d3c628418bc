/**
 * What lasts: an invalidation, a callback of it, a read section, each from one event to another.
 */
import type { MmEvent } from "@mmreplay/events";

/** What a span is. */
export type SpanKind = "invalidation" | "callback" | "section";

/**
 * How a read section came out. `kept`: the retry check said that nothing had changed, and nothing speaks against
 * it. `retried`: it began again. `stale`: a rule is violated by what it stored. `unknown`: the recording does
 * not show its end, or lost events inside it.
 */
export type Outcome = "kept" | "retried" | "stale" | "unknown";

/** One span; it lies on a lane of its task, of its processor, of its notifier. */
export interface Span {
  readonly kind: SpanKind;
  /** Index of its first event. */
  readonly start: number;
  /** Index of its last event; grows while the events are read. */
  end: number;
  readonly task: number;
  readonly cpu: number;
  /** -1: it belongs to none. */
  readonly notifier: number;
  readonly mm: number;
  /** Name of the region's event, or of the call. */
  readonly label: string;
  /** Of a section. */
  outcome: Outcome;
}

/** Events of an invalidation that hit a section, and the retry that it caused. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly fromTask: number;
  readonly toTask: number;
  readonly fromCpu: number;
  readonly toCpu: number;
  readonly notifier: number;
}

/** A stretch of events of which some are missing. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** The processor that lost them. */
  readonly cpu: number;
}

/** The number in a field of an event; -1 where it has none. */
export function numberIn(event: MmEvent, field: string): number {
  const value = (event as unknown as Record<string, unknown>)[field];
  return typeof value === "number" ? value : -1;
}
