/**
 * Arbitrary events, from the published JSON Schema.
 *
 * The schema that other tools see is turned into generators, so whatever it allows is tried, for
 * every event type; that the decoder takes it all shows that the two say the same.
 */
import { EVENT_TYPES, type MmEvent, publishedSchemas } from "@mmreplay/events";
import fc from "fast-check";

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
}

const published = publishedSchemas().find(({ file }) => file === "event.schema.json");
const union: { readonly oneOf: readonly Schema[] } = JSON.parse(published?.text ?? "{}");

function generator(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(generator));
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type) => generator({ ...schema, type })));
  }
  switch (schema.type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({
        min: Math.max(schema.minimum ?? 0, -(2 ** 31)),
        max: Math.min(schema.maximum ?? 0, 2 ** 31),
      });
    case "string":
      return schema.pattern === undefined
        ? fc.string({ unit: "binary", maxLength: 8 })
        : fc.stringMatching(new RegExp(schema.pattern));
    case "array":
      return schema.prefixItems === undefined
        ? fc.array(generator(schema.items ?? {}), { maxLength: 3 })
        : fc.tuple(...schema.prefixItems.map(generator));
    case "object":
      return objectGenerator(schema);
    default:
      throw new Error(`a generator for ${JSON.stringify(schema)}`);
  }
}

function objectGenerator(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.properties !== undefined) {
    const entries = Object.entries(schema.properties);
    return fc.record(Object.fromEntries(entries.map(([key, of]) => [key, generator(of)])), {
      requiredKeys: [...(schema.required ?? [])],
    });
  }
  const key = fc.string({ maxLength: 4 });
  return fc.dictionary(key, generator(schema.additionalProperties || {}), { maxKeys: 3 });
}

/** An invalidation has a rule of its own beside the schema: it is not empty. */
function isOrdered(event: MmEvent): boolean {
  return event.type !== "mmu_notifier_invalidate_range_start" || event.start < event.end;
}

const GENERATORS = union.oneOf.map(generator) as fc.Arbitrary<MmEvent>[];

/** An event of any type; each has many. */
export const arbitraryEvent: fc.Arbitrary<MmEvent> = fc.oneof(...GENERATORS).filter(isOrdered);

/** One arbitrary event of each type, in the order of EVENT_TYPES. */
export const oneOfEach: fc.Arbitrary<MmEvent[]> = fc.tuple(
  ...GENERATORS.map((one) => one.filter(isOrdered)),
);

if (GENERATORS.length !== EVENT_TYPES.length) throw new Error("a generator for each event type");
