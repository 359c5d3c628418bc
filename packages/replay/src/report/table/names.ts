/**
 * Names as they stand in a table: ASCII only, short, and never invented.
 *
 * A kernel function loses its `__` and the prefix that all functions of its family share, so that it
 * fits and can still be grepped for.
 */
import {
  ADDRESS_MAX,
  ADDRESS_ZERO,
  type Address,
  addressOfPage,
  endPageExclusive,
  lastOf,
  type NotifierId,
  pageOf,
  shortAddress,
} from "@mmreplay/events";

const PREFIX =
  /^(?:__)?(?:mmu_interval_(?!notifier)|mmu_notifier_(?=invalidate)|mmu_(?=interval_notifier|notifier))/;

const ERRNO: Readonly<Record<number, string>> = {
  [-1]: "-EPERM",
  [-4]: "-EINTR",
  [-11]: "-EAGAIN",
  [-12]: "-ENOMEM",
  [-14]: "-EFAULT",
  [-16]: "-EBUSY",
  [-22]: "-EINVAL",
  [-75]: "-EOVERFLOW",
};

/** The kernel function of an event type, as the table writes it. */
export function functionName(type: string): string {
  return type.replace(/_return$/, "").replace(PREFIX, "");
}

/** A return code with the kernel's name for it. */
export function returnCode(rc: number): string {
  return ERRNO[rc] ?? String(rc);
}

/** `[start, end)` from its first to its last byte; a single page by its address. */
export function span(start: Address, end: Address): string {
  if (start === ADDRESS_ZERO && end === ADDRESS_MAX) return "0..ULONG_MAX";
  if (endPageExclusive(end) - pageOf(start) === 1) return `page ${shortAddress(start)}`;
  return `${shortAddress(start)}..${shortAddress(lastOf(end))}`;
}

/** Pages from the first up to, not including, the last, with their number. */
export function pageSpan(first: number, endExclusive: number): string {
  const from = addressOfPage(first);
  if (endExclusive - first === 1) return shortAddress(from);
  return `${span(from, addressOfPage(endExclusive))} (${endExclusive - first} pages)`;
}

/** `sub` for the notifier that the table is about, `sub7` for another. */
export function subName(notifier: NotifierId, subject: NotifierId | null): string {
  return notifier === subject ? "sub" : `sub${notifier}`;
}

/** The text with everything that is not printable ASCII as `\xNN`. */
export function ascii(text: string): string {
  return text.replace(
    /[^\x20-\x7e]/g,
    (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
