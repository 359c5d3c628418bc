/**
 * An event as a line of bpftrace says it, before it has its place among those of other CPUs.
 */
import type { ProbeObservation } from "../../observation/observation.ts";

/** An observation whose time is still the printed one. */
export interface TimedEvent
  extends Pick<
    ProbeObservation,
    "line" | "task" | "comm" | "cpu" | "probe" | "edge" | "fields" | "rest"
  > {
  /** `nsecs` as printed: decimal digits. */
  readonly time: string;
}
