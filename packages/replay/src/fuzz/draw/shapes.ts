/**
 * Every shape that workloads have.
 */
import { INTERVAL_SHAPES } from "./interval-shapes.ts";
import { MEMORY_SHAPES } from "./memory-shapes.ts";
import { MOVING_SHAPE } from "./moving-shape.ts";
import type { Shape } from "./shape.ts";

/** The shapes; each is legal at every size. */
export const SHAPES: readonly Shape[] = [...INTERVAL_SHAPES, ...MEMORY_SHAPES, MOVING_SHAPE];
