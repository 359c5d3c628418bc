/**
 * A user's scenario: a file in JSON that reads as a litmus test.
 *
 * Notifiers, regions and tasks have names; ranges are in pages, half-open. An operation is an object
 * whose first field is its verb. What the file does not say is usual: 12 pages, page 0 present, a driver
 * without a bug, the recorded vectors' granularity, all rules of a search.
 */
import { z } from "zod";
import { INVALIDATION_EVENTS } from "../event/invalidation.ts";

/** Version of the format. */
export const SCENARIO_FILE_VERSION = 1;

/** Pages that a scenario's page tables can have. */
export const SCENARIO_PAGES_MAX = 64;

/** Tasks beside the set-up. */
export const SCENARIO_TASKS_MAX = 25;

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,15}$/);
const page = z.number().int().min(0).max(SCENARIO_PAGES_MAX);
const pages = z.tuple([page, page]);
/** The results that an operation may give; another one is a finding. Absent: whatever it gives. */
const gives = <const T extends readonly (string | number)[]>(...results: T) =>
  z
    .array(z.literal([...results, "skipped"]))
    .min(1)
    .optional();
const region = {
  pages,
  event: z.enum(INVALIDATION_EVENTS).optional(),
  /** The region may not sleep, so it may be refused. */
  nonblock: z.boolean().optional(),
  gives: gives(0, "-EAGAIN"),
};

/** Schemas of the operations, by verb. */
export const SCENARIO_OPERATIONS = {
  /** mmu_interval_notifier_insert. */
  insert: z.strictObject({ insert: name, pages, gives: gives(0) }),
  /** A driver's whole removal of a notifier. */
  remove: z.strictObject({ remove: name }),
  /** A device fault on pages of a notifier, counted from its first. */
  fault: z.strictObject({
    fault: name,
    page: page.optional(),
    count: page.min(1).optional(),
    gives: gives("stored", "not_present"),
  }),
  /** A whole invalidation: start, change, end. */
  invalidate: z.strictObject({ invalidate: name, ...region }),
  /** mmu_notifier_invalidate_range_start of a region. */
  start: z.strictObject({ start: name, ...region }),
  /** The CPU's page table changes inside a region. */
  change: z.strictObject({ change: name }),
  /** mmu_notifier_invalidate_range_end. */
  end: z.strictObject({ end: name }),
  /** A CPU fault fills a page. */
  populate: z.strictObject({ populate: page }),
  /** The last user leaves. */
  exit: z.strictObject({ exit: z.literal(true) }),
  /** mmu_notifier_register: slot 1 has only a start and may refuse, 0 and 2 have all callbacks. */
  register: z.strictObject({ register: z.number().int().min(0).max(2), gives: gives(0) }),
  /** mmu_notifier_unregister. */
  unregister: z.strictObject({ unregister: z.number().int().min(0).max(2) }),
} as const;

/** A verb. */
export type ScenarioVerb = keyof typeof SCENARIO_OPERATIONS;

const operationSchema = z.union([
  SCENARIO_OPERATIONS.insert,
  SCENARIO_OPERATIONS.remove,
  SCENARIO_OPERATIONS.fault,
  SCENARIO_OPERATIONS.invalidate,
  SCENARIO_OPERATIONS.start,
  SCENARIO_OPERATIONS.change,
  SCENARIO_OPERATIONS.end,
  SCENARIO_OPERATIONS.populate,
  SCENARIO_OPERATIONS.exit,
  SCENARIO_OPERATIONS.register,
  SCENARIO_OPERATIONS.unregister,
]);

const driverSchema = z.strictObject({
  bug: z
    .enum([
      "none",
      "no_retry_check",
      "retry_check_before_lock",
      "no_set_seq",
      "callback_clears_nothing",
      "callback_without_lock",
      "set_seq_after_unlock",
      "retry_reuses_old_seq",
    ])
    .optional(),
  /** In a non-blockable region: try the lock, or refuse at once. */
  nonblock: z.enum(["trylock", "refuse"]).optional(),
});

const outer = {
  mmreplay: z.literal("scenario"),
  version: z.literal(SCENARIO_FILE_VERSION),
  title: z.string().min(1),
  pages: page.min(1).optional(),
  /** Pages that are present at the beginning, from page 0 on. */
  present: page.optional(),
  driver: driverSchema.optional(),
  /** Where other tasks may run: as in the recorded vectors, or as in the peers' models. */
  points: z.enum(["vectors", "peers"]).optional(),
  /** Sequence numbers count modulo this, an even number. */
  seqModulus: z.number().int().min(8).multipleOf(2).optional(),
  /** Rules to ask; absent: all that a search can ask. What operations may give is asked with any. */
  rules: z.array(z.string()).min(1).optional(),
};

const programsOf = <T extends z.ZodType>(operation: T) => ({
  setUp: z.array(operation).optional(),
  tasks: z.record(name, z.array(operation).min(1)),
});

/** Schema of a scenario file. */
export const scenarioFileSchema = z.strictObject({ ...outer, ...programsOf(operationSchema) });

/** The same with operations that were not looked into, whose mistakes are told verb by verb. */
export const scenarioFrameSchema = z.strictObject({
  ...outer,
  ...programsOf(z.record(z.string(), z.unknown())),
});

/** A scenario file. */
export type ScenarioFile = Readonly<z.infer<typeof scenarioFileSchema>>;

/** One operation of a scenario file. */
export type ScenarioFileOperation = z.infer<typeof operationSchema>;
