/**
 * Small integers that stand for kernel objects.
 *
 * Pointers mean nothing after a run, so each is interned to an id that counts from 0 within its
 * kind. The brands keep a notifier's id from being used as an mm's; each has one constructor.
 */
import { z } from "zod";
import { assert } from "../sim-error.ts";

const natural = z.number().int().min(0);

/** Position of an event in its journal, from 0. */
export const eventIndexSchema = natural.brand<"EventIndex">();
/** An address space (struct mm_struct). */
export const mmIdSchema = natural.brand<"MmId">();
/** An interval notifier (struct mmu_interval_notifier). */
export const notifierIdSchema = natural.brand<"NotifierId">();
/** A plain notifier (struct mmu_notifier). */
export const plainIdSchema = natural.brand<"PlainId">();
/** A driver instance: one lock and the device page table that it guards. */
export const mirrorIdSchema = natural.brand<"MirrorId">();
/** A thread. */
export const taskIdSchema = natural.brand<"TaskId">();
/** One call of invalidate_range_start up to its end (struct mmu_notifier_range). */
export const regionIdSchema = natural.brand<"RegionId">();
/** A processor. */
export const cpuIdSchema = natural.brand<"CpuId">();
/** A sequence number, relative to the run's base and modulo its modulus. */
export const seqSchema = natural.brand<"Seq">();

export type EventIndex = z.infer<typeof eventIndexSchema>;
export type MmId = z.infer<typeof mmIdSchema>;
export type NotifierId = z.infer<typeof notifierIdSchema>;
export type PlainId = z.infer<typeof plainIdSchema>;
export type MirrorId = z.infer<typeof mirrorIdSchema>;
export type TaskId = z.infer<typeof taskIdSchema>;
export type RegionId = z.infer<typeof regionIdSchema>;
export type CpuId = z.infer<typeof cpuIdSchema>;
export type Seq = z.infer<typeof seqSchema>;

function checked(value: number): number {
  assert(Number.isSafeInteger(value) && value >= 0, `${value} is a natural number`);
  return value;
}

/** The id `value` of an event's position. */
export const eventIndex = (value: number): EventIndex => checked(value) as EventIndex;
/** The id `value` of an mm. */
export const mmId = (value: number): MmId => checked(value) as MmId;
/** The id `value` of an interval notifier. */
export const notifierId = (value: number): NotifierId => checked(value) as NotifierId;
/** The id `value` of a plain notifier. */
export const plainId = (value: number): PlainId => checked(value) as PlainId;
/** The id `value` of a driver instance. */
export const mirrorId = (value: number): MirrorId => checked(value) as MirrorId;
/** The id `value` of a thread. */
export const taskId = (value: number): TaskId => checked(value) as TaskId;
/** The id `value` of an invalidation. */
export const regionId = (value: number): RegionId => checked(value) as RegionId;
/** The id `value` of a processor. */
export const cpuId = (value: number): CpuId => checked(value) as CpuId;
/** The sequence number `value`. */
export const seq = (value: number): Seq => checked(value) as Seq;
