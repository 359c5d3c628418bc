/**
 * All rare-path marks.
 */
import { DEVICE_MARKS } from "./device-marks.ts";
import { FAULT_MARKS } from "./fault-marks.ts";
import { INTERVAL_MARKS } from "./interval-marks.ts";
import type { Mark } from "./mark.ts";
import { PLAIN_MARKS } from "./plain-marks.ts";

/** Every mark. */
export const MARKS: readonly Mark[] = [
  ...INTERVAL_MARKS,
  ...PLAIN_MARKS,
  ...FAULT_MARKS,
  ...DEVICE_MARKS,
];
