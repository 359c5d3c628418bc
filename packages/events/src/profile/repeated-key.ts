/**
 * Keys that `JSON.parse` would drop without a word.
 *
 * Of a key that stands twice in one object it keeps the last value, and the schema drops
 * `__proto__`. In a profile either would silently map a probe to nothing.
 */

/** A string, or one of the characters that structure depends on. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/** The first key that stands twice in one object of a JSON text, or is `__proto__`. */
export function lostKey(json: string): string | undefined {
  /** Keys of the objects that are open; null for an array. */
  const open: (Set<string> | null)[] = [];
  let text: string | undefined;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":" && text !== undefined) {
      const key: string = JSON.parse(text);
      const keys = open.at(-1);
      if (keys?.has(key) || key === "__proto__") return key;
      keys?.add(key);
    }
    text = token.startsWith('"') ? token : undefined;
  }
  return undefined;
}
