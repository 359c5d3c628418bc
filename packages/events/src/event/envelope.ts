/**
 * What every event carries besides its own fields.
 *
 * A recorded event also says when it was (`at`), on which lines it rests (`evidence`) and how well
 * its place is known: `exact` where the recorder held the lock that orders it, `interval` where the
 * step lies somewhere between its entry and its return line. A simulated one says where the
 * program of its task goes on (`goto`), and what its calls of other programs remember.
 */
import { z } from "zod";
import { cpuIdSchema, eventIndexSchema, taskIdSchema } from "./ids.ts";

/** A line of the recording, from 1. */
export const lineSchema = z.number().int().min(1);

/** Arguments and locals of a call, by their names. */
const localsSchema = z.record(z.string(), z.number().int());
export type Locals = z.infer<typeof localsSchema>;

const envelope = {
  index: eventIndexSchema,
  task: taskIdSchema,
  /** Nanoseconds (or clock units, as the header says) from the recording's base. */
  at: z.number().int().min(0).optional(),
  /** Lines of the recording on which the event rests: entry, then return. */
  evidence: z.array(lineSchema).optional(),
  /**
   * Places of these lines in the order of time, ascending, where the lines of the recording are not
   * in that order (bpftrace). Without them a line is its own place.
   */
  places: z.array(lineSchema).optional(),
  /** The processor that wrote the first of these lines. */
  cpu: cpuIdSchema.optional(),
  order: z.enum(["exact", "interval"]).optional(),
  /** Label at which the task's program goes on; `next` ends the operation. */
  goto: z.string().optional(),
  /** What the task's innermost call remembers from now on. */
  set: localsSchema.optional(),
  /** The program goes on in another one: that one's arguments, and the label to come back to. */
  call: z.strictObject({ back: z.string(), args: localsSchema }).optional(),
  /** The innermost call ends with this result, which its caller finds in `ret`. */
  ret: z.number().int().optional(),
};

/** The schema of one event type: the envelope, the type and the type's own fields. */
export function eventSchema<T extends string, S extends z.core.$ZodLooseShape>(
  type: T,
  shape: S,
): z.ZodObject<Omit<typeof envelope, keyof S> & { type: z.ZodLiteral<T> } & S, z.core.$strict> {
  return z.strictObject({ ...envelope, type: z.literal(type), ...shape });
}

/** A return code: 0 or a negative errno, as in the kernel. */
export const returnCodeSchema = z.number().int().min(-4095).max(0);
