/**
 * Events that only a recording has: its limits, its gaps, what it shows of an unknown past, and
 * what no profile maps.
 */
import { z } from "zod";
import { addressSchema } from "../address.ts";
import { eventSchema } from "./envelope.ts";
import { cpuIdSchema, mirrorIdSchema, mmIdSchema, notifierIdSchema, seqSchema } from "./ids.ts";

/** The recording begins. */
export const recordingStart = eventSchema("recording_start", {
  format: z.string(),
  /** `ns`, or `clock` where time stamps are counts (counter, x86-tsc). */
  unit: z.enum(["ns", "clock"]),
  /** Events in the file by its own head; absent where the head has no counts. */
  inBuffer: z.number().int().min(0).optional(),
  /** Events that were recorded; more than `inBuffer`: the oldest were overwritten. */
  written: z.number().int().min(0).optional(),
});
/** A kernel pointer gets its id. */
export const intern = eventSchema("intern", {
  kind: z.enum(["mm", "notifier", "mirror", "owner", "plain", "frame"]),
  id: z.number().int().min(0),
  pointer: z.string(),
});
/** The recorder dropped events of a processor; `count` 0 where it does not say how many. */
export const lostEvents = eventSchema("lost_events", {
  cpu: cpuIdSchema,
  count: z.number().int().min(0),
  /** Place of this processor's last event before the loss; 0: it had none, or it may be anywhere. */
  since: z.number().int().min(0),
});
/** Nothing is known of this processor before this event. */
export const bufferStarted = eventSchema("buffer_started", { cpu: cpuIdSchema });
/** The recording shows the mm's invalidate_seq, which was unknown or does not follow. */
export const learnMm = eventSchema("learn_mm", { mm: mmIdSchema, seq: seqSchema });
/** The recording shows a notifier that was inserted before it began, or its invalidate_seq. */
export const learnNotifier = eventSchema("learn_notifier", {
  mm: mmIdSchema,
  notifier: notifierIdSchema,
  mirror: mirrorIdSchema,
  start: addressSchema,
  last: addressSchema,
  seq: seqSchema.nullable(),
});
/** A driver instance begins: its lock is free and its page table empty. */
export const learnMirror = eventSchema("learn_mirror", { mirror: mirrorIdSchema });
/** The recording shows that a notifier went, though not how. */
export const learnNotifierGone = eventSchema("learn_notifier_gone", {
  mm: mmIdSchema,
  notifier: notifierIdSchema,
});
/** An observation that is no step: context of the driver, or nothing that the profile knows. */
export const probe = eventSchema("probe", {
  name: z.string(),
  edge: z.enum(["entry", "return"]),
  fields: z.record(z.string(), z.string()),
  /** The profile has it, as context. */
  mapped: z.boolean(),
});
/** The recording ends. */
export const recordingEnd = eventSchema("recording_end", {
  /** Lines of the file. */
  lines: z.number().int().min(0),
  /** Event lines. */
  observations: z.number().int().min(0),
  /** Lines that could not be read. */
  unread: z.number().int().min(0),
  /** Recorded values that no order of the recorded steps explains. */
  unexplained: z.number().int().min(0),
  /** Calls of which a line is missing. */
  torn: z.number().int().min(0),
  /** Lines that came after later ones had been taken. */
  late: z.number().int().min(0).optional(),
  /** Lines that lack what would judge them: the call that they belong to, or a field. */
  unjudged: z.number().int().min(0).optional(),
  /** Calls and results by their lines, whether or not they could be paired to events. */
  calls: z.strictObject({
    invalidations: z.number().int().min(0),
    readSections: z.number().int().min(0),
    retries: z.number().int().min(0),
    busy: z.number().int().min(0),
    again: z.number().int().min(0),
  }),
});
