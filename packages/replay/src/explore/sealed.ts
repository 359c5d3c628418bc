/**
 * The files of a search say with a checksum what they say.
 *
 * Every number in them goes into the figures of a proof. One that was changed by hand, or by a copy that
 * broke off, could not be told from a right one.
 */
import { createHash } from "node:crypto";

/** What a file says, with its checksum. */
export type Sealed<T extends object> = T & { readonly checksum: string };

/** Adds the checksum. */
export function sealed<T extends object>(content: T): Sealed<T> {
  return { ...content, checksum: checksumOf(content) };
}

/** Whether this is what was sealed. */
export function isSealed(said: object): boolean {
  const { checksum, ...content } = said as { readonly checksum?: unknown };
  return checksum === checksumOf(content);
}

function checksumOf(content: object): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 32);
}
