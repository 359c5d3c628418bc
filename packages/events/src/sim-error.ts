/**
 * The one error that a user sees.
 *
 * It says in one sentence where something is, what was found, what was expected and what to do.
 * Whoever knows the place adds it on the way up (`at`); the command line prints the sentence and
 * exits with 2. Anything else that is thrown is a programmer's error.
 */

/** What a `SimError` is made of. */
export interface SimErrorParts {
  /** Stable, for scripts: `E_` and upper-case words. */
  readonly code: string;
  /** File, and line (from 1) or event index, when known. */
  readonly place?: string;
  readonly found: string;
  readonly expected: string;
  readonly action: string;
}

/** An error in what the user gave: one sentence, a stable code, no stack shown. */
export class SimError extends Error {
  readonly parts: SimErrorParts;

  constructor(parts: SimErrorParts) {
    super(sentence(parts));
    this.name = "SimError";
    this.parts = parts;
  }

  /** The same error at a place, unless it already knows a closer one. */
  at(place: string): SimError {
    return this.parts.place === undefined ? new SimError({ ...this.parts, place }) : this;
  }

  /** The same error with its place, if it has one, as a part of a larger one. */
  within(larger: string): SimError {
    const { place } = this.parts;
    return new SimError({
      ...this.parts,
      place: place === undefined ? larger : `${larger}: ${place}`,
    });
  }
}

function sentence({ code, place, found, expected, action }: SimErrorParts): string {
  const where = place === undefined ? "" : `${place}: `;
  return `${where}${code}: found ${found}, expected ${expected}. ${action}`;
}

/** Stops on a programmer's error: `condition` must hold, `message` says what was assumed. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
