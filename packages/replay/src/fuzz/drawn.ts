import type { Workload } from "./workload.ts";
export function drawnWorkload(_seed: number, _path: readonly number[]): Workload {
  throw new Error("stub");
}
export function drawnName(seed: number, path: readonly number[]): string {
  return `drawn/${seed}/${path.join(".")}`;
}
