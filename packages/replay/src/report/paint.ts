/**
 * Ink for text reports. Whether there is any is decided at the edge (cli/colour.ts).
 */

/** A colour or weight that is used. */
export type Ink = "red" | "green" | "yellow" | "bold" | "dim";

/** Puts ink on a text, or gives it back as it is. */
export type Paint = (ink: Ink, text: string) => string;

/** Leaves every text as it is. */
export const plain: Paint = (_, text) => text;
