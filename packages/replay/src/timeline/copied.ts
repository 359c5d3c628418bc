/**
 * A copy of a state.
 *
 * A state is plain data without a circle, so a walk over it is enough; `structuredClone`, which looks for circles and
 * writes everything down first, takes two to three times as long.
 */

/** A copy of plain data that shares nothing with it. */
export function copied<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copied) as T;
  const copy: Record<string, unknown> = {};
  const whole = value as Record<string, unknown>;
  for (const key in whole) copy[key] = copied(whole[key]);
  return copy as T;
}
