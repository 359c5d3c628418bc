/**
 * The id of a new region: the least that is not in use, as a kernel's stack reuses its frames.
 */
import { peekMm, type State } from "@mmreplay/core";
import { type MmId, type RegionId, regionId } from "@mmreplay/events";

/** An id for a region of an mm that is not in use. */
export function freeRegion(state: State, mm: MmId): RegionId {
  const { regions } = peekMm(state, mm);
  let greatest = -1;
  for (const { id } of regions) if (id > greatest) greatest = id;
  // Then all smaller ones are in use: the rule where the ends of regions are not probed.
  if (greatest === regions.length - 1) return regionId(regions.length);
  const taken = new Set(regions.map(({ id }) => id));
  let id = 0;
  while (taken.has(regionId(id))) id += 1;
  return regionId(id);
}
