/**
 * A family of random scenarios.
 */
import type { Scenario } from "@mmreplay/core";
import type { Choices } from "./choices.ts";
import type { Size } from "./size.ts";

/** A family of random scenarios, of any size. */
export interface Shape {
  /** Its actors, in a few words. */
  readonly name: string;
  readonly build: (choices: Choices, size: Size) => Scenario;
}
