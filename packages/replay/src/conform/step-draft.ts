/**
 * What is put together while a step runs.
 */
import type { At, Region } from "@mmreplay/core";
import type { EventBody } from "@mmreplay/events";

/** A step in the making: where it began, its events, what it has returned so far. */
export interface StepDraft {
  readonly label: string;
  readonly op: At["op"];
  readonly events: EventBody[];
  region: Region | undefined;
  readonly ret: Record<string, unknown>;
  readonly warn: string[];
}
