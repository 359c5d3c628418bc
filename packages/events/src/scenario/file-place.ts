/**
 * Where in a scenario file something is wrong: file, line and column, and the way to it.
 */
import { printable } from "../import/printable.ts";
import { type JsonPath, placesIn } from "./json-places.ts";

/** The place of a value of a file, as an error begins with it. */
export type FilePlace = (path: JsonPath) => string;

/** The places of a file; without its text they have no lines. */
export function placesOfFile(file: string, text?: string): FilePlace {
  const places = text === undefined ? undefined : placesIn(text);
  return (path) => {
    const line = places === undefined ? "" : `:${places.placeOf(places.at(path))}`;
    const way = path.length === 0 ? "" : `: "${printable(path.join("."))}"`;
    return `${file}${line}${way}`;
  };
}
