/**
 * The colours of the drawing: those of the style sheet, so that light and dark are defined once.
 */

const NAMES = [
  "ground",
  "lane",
  "line",
  "text",
  "faint",
  "kept",
  "retried",
  "stale",
  "unknown",
  "invalidation",
  "callback",
  "band",
  "tick",
  "cursor",
  "mark",
  "match",
  "on-slice",
] as const;

/** The colours by their names. */
export type Palette = Readonly<Record<(typeof NAMES)[number], string>>;

/** The colours as they are now. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Palette;
}
