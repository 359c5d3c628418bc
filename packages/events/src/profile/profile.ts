/**
 * A probe profile: which printed probe plays which role, and what is known of the driver.
 *
 * Recordings differ in the names that whoever recorded them gave to probes and arguments. A profile
 * is the data that bridges this, one for each driver or recorder; it extends another, so a user
 * writes down differences only. What is not in the profile is unmapped and is counted, never guessed.
 */
import { z } from "zod";
import { ROLES } from "./role.ts";

/** Schema of a printed probe's meaning. */
const profileProbeSchema = z.strictObject({
  /** Canonical probe name, or `context`. */
  role: z.enum(ROLES),
  /** Canonical field name to the name that is printed, where the two differ. */
  fields: z.record(z.string(), z.string()).optional(),
});

const byteOffset = z.number().int().min(0);

/** Schema of a profile. */
export const profileSchema = z.strictObject({
  name: z.string().min(1),
  /** One line for people. */
  title: z.string(),
  /** Kernels and drivers that the profile was checked against. */
  checkedOn: z.array(z.string()),
  /** Name of the built-in profile that this one adds to and overrides. */
  extends: z.string().optional(),
  /** By the name as printed, without its group and without the `_ret` of a return probe. */
  probes: z.record(z.string(), profileProbeSchema),
  /** Byte offsets of what these fields point to, from the start of the driver's instance. */
  mirror: z.strictObject({ sub: byteOffset, pt: byteOffset, dmirror: byteOffset }).optional(),
  /** The `end` that `do_update` prints is itself erased. */
  updateEndInclusive: z.boolean().optional(),
});

/**
 * A profile as data; a user's is JSON of the same shape.
 *
 * @example
 * ```ts
 * const profile: Profile = {
 *   name: "my_gpu",
 *   title: "my_gpu, recorded with bpftrace",
 *   checkedOn: ["6.1.0-56-amd64"],
 *   extends: "core",
 *   probes: {
 *     gpu_invalidate: { role: "invalidate", fields: { sub: "notifier", cur_seq: "seq" } },
 *     gpu_ioctl: { role: "context" },
 *   },
 * };
 * resolveProfile(profile).probes.get("gpu_invalidate")?.role; // "invalidate"
 * ```
 */
export type Profile = Readonly<z.infer<typeof profileSchema>>;

/** Byte offsets, from the start of a driver's instance, of what recorded pointers point to. */
export type MirrorOffsets = Readonly<NonNullable<Profile["mirror"]>>;
