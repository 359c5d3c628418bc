/**
 * Arbitrary events, one arbitrary for each type, derived from the schema of the event.
 *
 * The schema is the only definition of an event, so a field that is added to it is covered here
 * without a change; a kind of field that is not known here fails loudly.
 */
import {
  ADDRESS_MAX,
  address,
  type EventType,
  eventUnionSchema,
  type MmEvent,
} from "@mmreplay/events";
import fc from "fast-check";

/** What is looked at in a schema; zod's own types are not needed for that. */
interface Schema {
  readonly def: {
    readonly type: string;
    readonly innerType?: Schema;
    readonly element?: Schema;
    readonly items?: readonly Schema[];
    readonly valueType?: Schema;
    readonly entries?: Readonly<Record<string, string>>;
    readonly values?: readonly unknown[];
  };
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly minValue?: number | null;
  readonly maxValue?: number | null;
  readonly format?: string | null;
}

/** Addresses, often near the ends and near page and word boundaries. */
export const anyAddress: fc.Arbitrary<ReturnType<typeof address>> = fc
  .oneof(
    fc.constantFrom(0n, 1n, 0xfffn, 0x1000n, (1n << 32n) - 1n, 1n << 32n, 1n << 63n),
    fc.constantFrom((1n << 64n) - 2n, (1n << 64n) - 1n, (1n << 64n) - 0x1000n),
    fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    fc.nat({ max: 0xffff }).map(BigInt),
  )
  .map(address);

/** Any value of a schema. */
function anyOf(schema: Schema): fc.Arbitrary<unknown> {
  const { def } = schema;
  switch (def.type) {
    case "object":
      return recordOf(schema.shape as Readonly<Record<string, Schema>>);
    case "number":
      return fc.integer({ min: schema.minValue ?? 0, max: schema.maxValue ?? 0 });
    case "string":
      return schema.format === "regex" ? anyAddress : fc.string({ unit: "binary", maxLength: 20 });
    case "boolean":
      return fc.boolean();
    case "nullable":
      return fc.option(anyOf(def.innerType as Schema), { nil: null });
    case "enum":
      return fc.constantFrom(...Object.values(def.entries ?? {}));
    case "literal":
      return fc.constantFrom(...(def.values ?? []));
    case "array":
      return fc.array(anyOf(def.element as Schema), { maxLength: 5 });
    case "tuple":
      return fc.tuple(...(def.items ?? []).map(anyOf));
    case "record":
      return fc.dictionary(fc.string({ maxLength: 8 }), anyOf(def.valueType as Schema), {
        noNullPrototype: true,
      });
    default:
      throw new Error(`no arbitrary is known for a schema of type ${def.type}`);
  }
}

function recordOf(shape: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const optional = Object.keys(shape).filter((key) => shape[key]?.def.type === "optional");
  const fields = Object.entries(shape).map(([key, field]) => [
    key,
    anyOf(field.def.type === "optional" ? (field.def.innerType as Schema) : field),
  ]);
  const requiredKeys = Object.keys(shape).filter((key) => !optional.includes(key));
  const model: Readonly<Record<string, fc.Arbitrary<unknown>>> = Object.fromEntries(fields);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

/** A range of a start event is half-open and not empty. */
function sensible(event: MmEvent): MmEvent {
  if (event.type !== "mmu_notifier_invalidate_range_start" || event.start < event.end) return event;
  const start = event.end < event.start ? event.end : address(0);
  const end = event.end < event.start ? event.start : ADDRESS_MAX;
  return { ...event, start, end };
}

/** An arbitrary for each event type. */
export const ANY_EVENT: ReadonlyMap<EventType, fc.Arbitrary<MmEvent>> = new Map(
  eventUnionSchema.options.map((option) => [
    option.shape.type.value,
    (anyOf(option as unknown as Schema) as fc.Arbitrary<MmEvent>).map(sensible),
  ]),
);
