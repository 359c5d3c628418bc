/**
 * The zoo: every mutant, by the part of the protocol that it changes.
 *
 * Rows of protocol.md 8.1 to 8.3 that are not here are about what the model does not have: KVM's counters, and a
 * hardware key beside the page table.
 */
import { CALLBACK_MUTANTS } from "./callback.ts";
import { FORK_MUTANTS } from "./fork.ts";
import { LOST_RIGHTS_MUTANTS } from "./lost-rights.ts";
import { MEMORY_MUTANTS } from "./memory.ts";
import { MIGRATION_MUTANTS } from "./migration.ts";
import { changesNothing, type Mutant, sameChange } from "./mutant.ts";
import { NUMBER_MUTANTS } from "./numbers.ts";
import { PEER_MUTANTS } from "./peers.ts";
import { PLAIN_MUTANTS } from "./plain.ts";
import { RANGE_FAULT_MUTANTS } from "./range-fault.ts";
import { READING_MUTANTS } from "./reading.ts";
import { TREE_MUTANTS } from "./tree.ts";

/** Every mutant. */
export const ZOO: readonly Mutant[] = [
  ...PEER_MUTANTS,
  ...NUMBER_MUTANTS,
  ...TREE_MUTANTS,
  ...READING_MUTANTS,
  ...CALLBACK_MUTANTS,
  ...PLAIN_MUTANTS,
  ...MEMORY_MUTANTS,
  ...MIGRATION_MUTANTS,
  ...LOST_RIGHTS_MUTANTS,
  ...FORK_MUTANTS,
  ...RANGE_FAULT_MUTANTS,
];

/** The changes of some mutants, each as the rows that make it; rows that change nothing make none. */
export function changesIn(mutants: readonly Mutant[]): Mutant[][] {
  const changes: Mutant[][] = [];
  for (const mutant of mutants.filter((one) => !changesNothing(one))) {
    const known = changes.find(([first]) => first !== undefined && sameChange(first, mutant));
    if (known === undefined) changes.push([mutant]);
    else known.push(mutant);
  }
  return changes;
}
