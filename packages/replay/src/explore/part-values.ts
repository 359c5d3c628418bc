/**
 * The values of parts, each stored once as text and named by a number.
 *
 * Parts that belong to tasks that are alike have their numbers in common.
 */
import {
  exchanged,
  likeTasks,
  type Part,
  type PartValue,
  projected,
  restored,
  type Scenario,
  taskOwning,
} from "@mmreplay/core";

/** The values that the parts of a layout have had. */
export interface PartValues {
  /** The number of a value of the part at this place. */
  number(place: number, value: PartValue): number;
  /** A copy of the value, which may be changed. */
  value(place: number, number: number): PartValue;
  /** What is stored of the value. */
  text(place: number, number: number): string;
  /** The number of what was stored as this text. */
  numberOfText(place: number, text: string): number;
  /** The number of the same value where tasks have changed places. */
  exchanged(place: number, number: number, to: readonly number[]): number;
}

/** No values yet. */
export function createPartValues(scenario: Scenario, layout: readonly Part[]): PartValues {
  const like = likeTasks(scenario);
  const ordinals = new Map<number, number>();
  const tables = new Map<string, { numbers: Map<string, number>; texts: string[] }>();
  const tableOf = layout.map((part, place) => {
    const owner = taskOwning(scenario, part);
    const ordinal = owner === undefined ? 0 : (ordinals.get(owner) ?? 0);
    if (owner !== undefined) ordinals.set(owner, ordinal + 1);
    const key = owner === undefined ? `place ${place}` : `task ${like[owner]} ${ordinal}`;
    const table = tables.get(key) ?? { numbers: new Map<string, number>(), texts: [] as string[] };
    tables.set(key, table);
    return table;
  });
  const at = <T>(list: readonly T[], index: number): T => list[index] as T;

  function numberOfText(place: number, text: string): number {
    const { numbers, texts } = at(tableOf, place);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, texts.length);
    return texts.push(text) - 1;
  }
  const store = (place: number, stored: PartValue): number =>
    numberOfText(place, JSON.stringify(stored));
  const textAt = (place: number, number: number): string => at(at(tableOf, place).texts, number);
  const stored = (place: number, number: number): PartValue =>
    JSON.parse(textAt(place, number)) as PartValue;

  return {
    number: (place, value) => store(place, projected(scenario, at(layout, place), value)),
    value: (place, number) => restored(scenario, at(layout, place), stored(place, number)),
    text: textAt,
    numberOfText,
    exchanged: (place, number, to) => store(place, exchanged(stored(place, number), to)),
  };
}
