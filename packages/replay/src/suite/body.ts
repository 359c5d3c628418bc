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
}

/** One operation and what it must give. */
export interface Step {
  readonly run: Operation;
  readonly expect?: Expectation;
}

/** A test of the kernel's tools/testing/selftests/vm/hmm-tests.c. */
export interface TestBody {
  readonly name: string;
  readonly variant: "device_private";
  readonly steps: (buffer: Buffer) => readonly Step[];
  /** What comes before, alone. */
  readonly setUp?: (buffer: Buffer) => readonly Step[];
  /** What another thread of the process does meanwhile: the body is run under ten random schedules. */
  readonly thread?: (buffer: Buffer) => readonly Step[];
  /** What the process does that the first one forks. */
  readonly child?: (buffer: Buffer) => readonly Step[];
}

/** The buffer that a test maps. */
export interface Buffer {
  readonly page: number;
  readonly np: number;
}
