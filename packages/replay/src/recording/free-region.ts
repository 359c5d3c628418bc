/**
 * The id of a new region: the least that is not in use, as a kernel's stack reuses its frames.
 */
import { peekMm, type State } from "@mmreplay/core";
import { type MmId, type RegionId, regionId } from "@mmreplay/events";

/** An id for a region of an mm that is not in use. */
export function freeRegion(state: State, mm: MmId): RegionId {
  const { regions } = peekMm(state, mm);
  let id = 0;
  while (regions[id as RegionId] !== undefined) id += 1;
  return regionId(id);
}
