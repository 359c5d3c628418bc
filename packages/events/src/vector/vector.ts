/**
 * The file format of the conformance vectors: executions of the kernel's own C code.
 *
 * A file holds executions, each a header, its steps and a trailer, one JSON object a line
 * (../shared/vectors/README.md). What stands in a step is compared, not interpreted, so only the
 * header has a full schema.
 */
import { z } from "zod";
import { INVALIDATION_EVENTS } from "../event/invalidation.ts";
import { SimError } from "../sim-error.ts";

const decimal = z.string().regex(/^\d{1,20}$/);
const slot = z.number().int().min(0).max(4096);
const bytes = { start: decimal, end: decimal };

const operationSchema = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("insert"),
    n: slot,
    start: decimal,
    length: decimal,
    locked: z.boolean().optional(),
    force: z.boolean().optional(),
    inject: z.enum(["EINTR", "ENOMEM", "ALLOC"]).optional(),
  }),
  z.strictObject({ op: z.literal("remove"), n: slot }),
  z.strictObject({
    op: z.literal("inv_start"),
    sid: slot,
    ...bytes,
    event: z.enum(INVALIDATION_EVENTS),
    blockable: z.boolean(),
  }),
  z.strictObject({ op: z.literal("cpu_change"), sid: slot }),
  z.strictObject({ op: z.literal("inv_end"), sid: slot, only_end: z.boolean().optional() }),
  z.strictObject({ op: z.literal("fault"), n: slot, page_offset: slot, np: slot }),
  z.strictObject({ op: z.literal("populate"), page: slot, np: slot }),
  z.strictObject({ op: z.literal("preset_seq"), seq: decimal }),
  z.strictObject({ op: z.literal("mm_exit") }),
  z.strictObject({
    op: z.literal("mn_register"),
    m: slot,
    inject: z.enum(["EINTR", "ENOMEM", "ALLOC"]).optional(),
  }),
  z.strictObject({ op: z.literal("mn_unregister"), m: slot }),
  z.strictObject({
    op: z.literal("mn_get"),
    inject: z.enum(["EINTR", "ENOMEM", "ALLOC"]).optional(),
  }),
  z.strictObject({ op: z.literal("mn_put") }),
  z.strictObject({ op: z.literal("mn_synchronize") }),
  z.strictObject({
    op: z.enum([
      "mn_invalidate_range",
      "mn_clear_flush_young",
      "mn_clear_young",
      "mn_test_young",
      "mn_change_pte",
    ]),
    ...bytes,
  }),
]);

const headerSchema = z.looseObject({
  t: z.literal("exec"),
  format: z.literal(1),
  id: z.string(),
  notifiers: slot,
  pages: slot,
  plain_notifiers: slot,
  driver: z.strictObject({
    bug: z.enum([
      "none",
      "no_retry_check",
      "retry_check_before_lock",
      "no_set_seq",
      "callback_clears_nothing",
      "callback_without_lock",
      "set_seq_after_unlock",
      "retry_reuses_old_seq",
    ]),
    nonblock: z.enum(["trylock", "refuse"]),
    early_check: z.boolean(),
    max_tries: slot,
  }),
  programs: z.array(z.array(operationSchema)),
  init: z.looseObject({ cpu: z.array(z.number().int().min(0)) }),
});

const stepSchema = z.looseObject({
  t: z.literal("step"),
  i: slot,
  thread: z.number().int().min(-1),
  pc: z.number().int().min(-1),
  op: z.string(),
  args: z.record(z.string(), z.unknown()),
  ret: z.record(z.string(), z.unknown()),
  done: z.boolean().optional(),
  warn: z.array(z.string()).optional(),
  state: z.record(z.string(), z.unknown()),
  stale: z.array(slot),
});

const trailerSchema = z.looseObject({
  t: z.literal("end"),
  steps: slot,
  result: z.enum(["done", "stuck"]),
  stuck: z.array(slot),
  stale_after_end: z.array(slot),
  final_stale: z.array(slot),
});

const lineSchema = z.discriminatedUnion("t", [headerSchema, stepSchema, trailerSchema]);

/** One operation of a recorded program. */
export type VectorOperation = z.infer<typeof operationSchema>;
/** The header of one execution. */
export type VectorHeader = z.infer<typeof headerSchema>;
/** One recorded step. */
export type VectorStep = z.infer<typeof stepSchema>;
/** The trailer of one execution. */
export type VectorTrailer = z.infer<typeof trailerSchema>;
/** One line of a vector file. */
export type VectorLine = VectorHeader | VectorStep | VectorTrailer;

/**
 * Reads one line of a vector file.
 *
 * @throws SimError `E_VECTOR` when the line is none.
 */
export function readVectorLine(text: string): VectorLine {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw notAVector(`text that is not JSON (${JSON.stringify(text.slice(0, 40))})`);
  }
  const parsed = lineSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw notAVector(`${issue?.path.join(".") || "the line"}: ${issue?.message ?? "unknown"}`);
}

function notAVector(found: string): SimError {
  return new SimError({
    code: "E_VECTOR",
    found,
    expected: "a line of a conformance vector (exec, step or end)",
    action: "Give files made by the vector recorder, format 1.",
  });
}
