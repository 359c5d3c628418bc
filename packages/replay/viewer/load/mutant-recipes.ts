/**
 * The recipes that fold the run of a mutant: with its change. It takes the place of journal-recipes.ts in the template of
 * such runs.
 */
import { type Recipes, recipesWith, ZOO } from "@mmreplay/core";

/** The recipes of a mutant; undefined: the model's. */
export function recipesOf(id: string | undefined): Recipes | undefined {
  if (id === undefined) return undefined;
  const mutant = ZOO.find((one) => one.id === id);
  if (mutant === undefined) throw new Error(`No mutant ${id} is known.`);
  return recipesWith(mutant);
}
