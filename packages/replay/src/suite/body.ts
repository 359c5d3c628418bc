/**
 * A test body: what a process does, and what it must find.
 *
 * Pages count from the buffer's first page. A value stands for the content of a page.
 */
import type { Operation } from "@mmreplay/core";

/** What the kernel's test asserts of one operation. */
export interface Expectation {
  /** A command may also fail; then nothing else is asked of it. */
  readonly mayFail?: true;
  /** Return code of a command of the test driver. */
  readonly rc?: number;
  /** Pages that a command has done. */
  readonly cpages?: number;
  /** Device faults that a command has taken. */
  readonly faults?: number;
  /** What was read of each page, by its place in the operation. */
  readonly values?: (index: number) => number;
  /** What may be there instead where threads or processes move in another order than the kernel's test has them. */
  readonly inAnotherOrder?: (index: number) => number;
}

/** One operation and what it must give. */
export interface Step {
  readonly run: Operation;
  readonly expect?: Expectation;
}

/** A part of a test: what a process or a thread does with the buffer. */
export type Part = (buffer: Buffer, place: Place) => readonly Step[];

/** What the devices' memory is: the variants of the kernel's fixtures. */
export const VARIANTS = ["device_private", "device_coherent"] as const;
/** See `VARIANTS`. */
export type Variant = (typeof VARIANTS)[number];

/** A test of the kernel's tools/testing/selftests/vm/hmm-tests.c. */
export interface TestBody {
  readonly name: string;
  /** The rule that the test driver of 6.1 breaks in this body, whatever the schedule (K-Z29). */
  readonly breaks?: string;
  /** What the device reads or writes; absent: the usual buffer. */
  readonly buffer?: Buffer;
  /** What the process maps, if that is more than the buffer. */
  readonly mapping?: (buffer: Buffer) => Buffer;
  readonly steps: Part;
  /** What comes before, alone. */
  readonly setUp?: Part;
  /** What another thread of the process does meanwhile: the body is run under ten random schedules. */
  readonly thread?: Part;
  /** What the process does that the first one forks. */
  readonly child?: Part;
}

/** Pages that a test maps. */
export interface Buffer {
  readonly page: number;
  readonly np: number;
}

/** Where a test runs: on which devices, and what a recorded kernel had decided beside what the test asks for. */
export interface Place {
  readonly variant: Variant;
  /** What the process maps: the buffer lies in it. */
  readonly mapping: Buffer;
  /** malloc's mapping, in which the test keeps the data to compare with. */
  readonly heap: Buffer;
  /** transparent_hugepage=always. */
  readonly hugeAlways: boolean;
  /** Something else is present in the buffer's PMD: here malloc's first page. */
  readonly populated: boolean;
}

/** The usual buffer: 1,024 pages that do not begin where a PMD begins, as mmap gives them. */
export const USUAL_BUFFER: Buffer = { page: 512 + 85, np: 1024 };

/** How a place differs from the usual one. */
export interface PlaceOptions {
  readonly variant?: Variant;
  readonly hugeAlways?: boolean;
  /** There is a gap between the mapping and malloc's. */
  readonly apart?: boolean;
  readonly populated?: boolean;
}

/**
 * The place of a body. malloc has mapped its pages, one more for its head, just above the buffer's mapping, and
 * the two are one mapping where they allow the same.
 */
export function placeOf(
  body: Pick<TestBody, "mapping">,
  buffer: Buffer,
  {
    apart = false,
    hugeAlways = false,
    populated = true,
    variant = "device_private",
  }: PlaceOptions = {},
): Place {
  const mapping = body.mapping?.(buffer) ?? buffer;
  const heap = { page: mapping.page + mapping.np + (apart ? 1 : 0), np: buffer.np + 1 };
  return { variant, mapping, heap, hugeAlways, populated };
}
