import { createGenerator } from "../explore/generator.ts";
import { drawWorkload } from "./draw/draw-workload.ts";
import type { Workload } from "./workload.ts";
export function drawnWorkload(seed: number, path: readonly number[]): Workload {
  const g = createGenerator(seed, path[0] as number, -7);
  return drawWorkload({ below: (end: number) => g.below(end) } as never);
}
export function drawnName(seed: number, path: readonly number[]): string {
  return `drawn/${seed}/${path.join(".")}`;
}
