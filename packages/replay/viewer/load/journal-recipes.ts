/**
 * The recipes that fold a journal: the model's. A mutant's run has a template of its own (mutant-recipes.ts), which
 * holds all bugs and the programs they change, and is half as large again.
 */
import type { Recipes } from "@mmreplay/core";

/** The recipes of a mutant; undefined: the model's. */
export function recipesOf(mutant: string | undefined): Recipes | undefined {
  if (mutant === undefined) return undefined;
  throw new Error(
    `This page does not know the mutant ${mutant}: write it anew with mmreplay view.`,
  );
}
