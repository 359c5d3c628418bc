/**
 * All rare-path marks, and which of them a scenario can ever take.
 */
import { INTERVAL_MARKS } from "./interval-marks.ts";
import type { Mark } from "./mark.ts";

/** Every mark. */
export const MARKS: readonly Mark[] = INTERVAL_MARKS;
