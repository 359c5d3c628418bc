/** The table of all mutants. */
import type { Mutant } from "../support/mutant.ts";
import { CALLBACK_MUTANTS } from "./callback-mutants.ts";
import { LIFETIME_MUTANTS } from "./lifetime-mutants.ts";
import { MEMORY_MUTANTS } from "./memory-mutants.ts";
import { MIGRATION_MUTANTS } from "./migration-mutants.ts";
import { READING_MUTANTS } from "./reading-mutants.ts";
import { SEQUENCE_MUTANTS } from "./sequence-mutants.ts";
import { TREE_MUTANTS } from "./tree-mutants.ts";

/** Every mutant, by the part of the protocol that it changes. */
export const MUTANTS: readonly Mutant[] = [
  ...SEQUENCE_MUTANTS,
  ...TREE_MUTANTS,
  ...READING_MUTANTS,
  ...CALLBACK_MUTANTS,
  ...LIFETIME_MUTANTS,
  ...MEMORY_MUTANTS,
  ...MIGRATION_MUTANTS,
];
