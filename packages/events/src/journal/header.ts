/**
 * The first line of a journal: what the events below it are.
 *
 * It fixes what the events leave out: the kernel whose protocol the model follows, the modulus of their
 * sequence numbers, the meaning of their times, and where they come from (a scenario and its seed,
 * or a recorded file). `version` counts the changes of the format that an old reader would misread.
 * There has been only version 1, so nothing is upgraded on reading yet.
 */
import { z } from "zod";

/** The version of the journal format that is written. */
export const JOURNAL_VERSION = 1;

/** Kernels whose protocol a model follows. */
export const KERNEL_MODELS = ["6.1"] as const;

/** A kernel whose protocol a model follows. */
export type KernelModel = (typeof KERNEL_MODELS)[number];

/** Schema of the header. */
export const journalHeaderSchema = z.strictObject({
  mmreplay: z.literal("journal"),
  version: z.literal(JOURNAL_VERSION),
  /** `run`: the simulator made the events; `recording`: they were lowered from a kernel's trace. */
  kind: z.enum(["run", "recording"]),
  /** Kernel of the model that folds the events. A recording does not say from which kernel it is. */
  kernel: z.enum(KERNEL_MODELS),
  /** Sequence numbers count modulo this, an even number. */
  seqModulus: z.number().int().min(4).multipleOf(2),
  /** Name of the scenario that was run. */
  scenario: z.string().optional(),
  /** Id of the mutant whose change the run was made with; its recipes fold the events. */
  mutant: z.string().optional(),
  seed: z.number().int().optional(),
  /**
   * What `at` counts, the time stamp, as printed, from which it counts, and the clock's name where
   * the user has told it.
   */
  clock: z
    .strictObject({
      unit: z.enum(["ns", "clock"]),
      base: z.string(),
      name: z.string().optional(),
    })
    .optional(),
  /** File name of the recording. */
  source: z.string().optional(),
  /** Name of the probe profile by which the recording was lowered. */
  profile: z.string().optional(),
});

/** The first line of a journal. */
export type JournalHeader = Readonly<z.infer<typeof journalHeaderSchema>>;
