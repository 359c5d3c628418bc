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

/** Gives the colours as they are now, and looks them up only when the page has turned light or dark. */
export class Palettes {
  #key = "";
  #palette: Palette | undefined;

  /** The colours. */
  get now(): Palette {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const key = `${document.documentElement.dataset["theme"]} ${dark}`;
    if (this.#palette === undefined || key !== this.#key) this.#palette = resolved();
    this.#key = key;
    return this.#palette;
  }
}

/** A canvas does not know `light-dark()`, so an element is asked what colour comes of it. */
function resolved(): Palette {
  const probe = document.createElement("span");
  document.body.append(probe);
  const colors = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(colors) as Palette;
}
