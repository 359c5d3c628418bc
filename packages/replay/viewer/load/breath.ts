/**
 * Long work in short turns, so that the page answers meanwhile.
 */

/** A turn takes no longer than this, well below a frame that a person would notice. */
const TURN_MS = 12;

/** Tells when a turn is over, and waits for the next one. */
export class Breath {
  #began = performance.now();

  /** The turn has taken long enough. */
  get due(): boolean {
    return performance.now() - this.#began > TURN_MS;
  }

  /** Lets the page handle what has come in the meantime. */
  async take(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#began = performance.now();
  }
}
