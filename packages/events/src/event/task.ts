/** Events of the tasks themselves: their beginning, and operations that do not apply. */
import { z } from "zod";
import { eventSchema } from "./envelope.ts";

/** A thread is first seen, or a program begins. */
export const taskStart = eventSchema("task_start", {
  name: z.string(),
  /** Linux's thread id, for recorded tasks. */
  pid: z.number().int().optional(),
});

/** An operation of a program does not apply in this state and changes nothing. */
export const taskSkip = eventSchema("task_skip", { of: z.string(), why: z.string() });
