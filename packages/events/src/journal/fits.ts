/**
 * Whether a value out of JSON is an event, decided fast.
 *
 * The schema decides what an event is. But zod makes a new object of each value and keeps a list of what is wrong
 * with it, which costs more than the parsing; of a journal with a million events nearly all are right. So plain
 * checks are made of the schema once: a value that passes them is one that zod would give back as it is. Whatever
 * does not pass, or is of a kind that is not known here, goes to zod, which alone refuses.
 */
import { eventUnionSchema, type MmEvent } from "../event/event.ts";

type Check = (value: unknown) => boolean;

/** What is looked at in a schema of zod. */
interface Schema {
  readonly def: {
    readonly type: string;
    readonly innerType?: Schema;
    readonly element?: Schema;
    readonly items?: readonly Schema[];
    readonly rest?: Schema | null;
    readonly keyType?: Schema;
    readonly valueType?: Schema;
    readonly catchall?: Schema;
    readonly entries?: Readonly<Record<string, string>>;
    readonly values?: readonly unknown[];
    readonly checks?: readonly { readonly _zod: { readonly def: Constraint } }[];
  };
  readonly shape?: Readonly<Record<string, Schema>>;
}

interface Constraint {
  readonly check: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly value?: number;
  readonly inclusive?: boolean;
}

interface Field {
  readonly fits: Check;
  readonly required: boolean;
}

const CHECKS: ReadonlyMap<unknown, Check> = new Map(
  eventUnionSchema.options.map((option) => [
    option.shape.type.value,
    whenAsked(option as unknown as Schema),
  ]),
);

/** Whether zod would give back this value, which came out of JSON, as an equal event; false: ask zod. */
export function fitsEvent(value: unknown): value is MmEvent {
  if (typeof value !== "object" || value === null) return false;
  return CHECKS.get((value as { type?: unknown }).type)?.(value) === true;
}

/** The check of a schema, made when a value comes: most commands read no journal. */
function whenAsked(schema: Schema): Check {
  let check: Check | undefined;
  return (value) => {
    check ??= checkOf(schema);
    return check(value);
  };
}

function never(): boolean {
  return false;
}

function checkOf(schema: Schema): Check {
  const { def } = schema;
  switch (def.type) {
    case "object":
      return objectCheck(schema);
    case "number":
      return numberCheck(constraintsOf(schema));
    case "string":
      return stringCheck(constraintsOf(schema));
    case "boolean":
      return (value) => typeof value === "boolean";
    case "enum":
    case "literal": {
      const words = new Set<unknown>(def.values ?? Object.values(def.entries ?? {}));
      return (value) => words.has(value);
    }
    case "nullable": {
      const fits = checkOf(def.innerType as Schema);
      return (value) => value === null || fits(value);
    }
    case "array": {
      const fits = checkOf(def.element as Schema);
      return (value) => Array.isArray(value) && value.every(fits);
    }
    case "tuple":
      return tupleCheck(schema);
    case "record":
      return recordCheck(schema);
    default:
      return never;
  }
}

function constraintsOf({ def }: Schema): Constraint[] {
  return (def.checks ?? []).map(({ _zod }) => _zod.def);
}

function objectCheck({ def, shape = {} }: Schema): Check {
  if (def.catchall?.def.type !== "never") return never;
  const fields = new Map<string, Field>();
  let needed = 0;
  for (const [key, field] of Object.entries(shape)) {
    const required = field.def.type !== "optional";
    fields.set(key, {
      required,
      fits: checkOf(required ? field : (field.def.innerType as Schema)),
    });
    if (required) needed += 1;
  }
  return (value) => {
    if (!isPlain(value)) return false;
    let seen = 0;
    for (const key in value) {
      const field = fields.get(key);
      if (field === undefined || !field.fits(value[key])) return false;
      if (field.required) seen += 1;
    }
    return seen === needed;
  };
}

function numberCheck(constraints: readonly Constraint[]): Check {
  let [least, most, whole] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, false];
  for (const { check, format, value = Number.NaN, inclusive } of constraints) {
    if (check === "number_format" && format === "safeint") whole = true;
    else if (check === "greater_than" && inclusive === true) least = Math.max(least, value);
    else if (check === "less_than" && inclusive === true) most = Math.min(most, value);
    else return never;
  }
  if (!whole) return never;
  return (value) => Number.isSafeInteger(value) && least <= Number(value) && Number(value) <= most;
}

function stringCheck([constraint, ...more]: readonly Constraint[]): Check {
  if (constraint === undefined) return (value) => typeof value === "string";
  const { format, pattern } = constraint;
  // A global or sticky pattern would remember where it was.
  if (more.length > 0 || format !== "regex" || pattern === undefined || /[gy]/.test(pattern.flags))
    return never;
  return (value) => typeof value === "string" && pattern.test(value);
}

function tupleCheck({ def }: Schema): Check {
  const checks = (def.items ?? []).map(checkOf);
  if (def.rest !== null) return never;
  return (value) =>
    Array.isArray(value) &&
    value.length === checks.length &&
    checks.every((fits, at) => fits(value[at]));
}

function recordCheck({ def }: Schema): Check {
  const keys = def.keyType as Schema;
  if (keys.def.type !== "string" || constraintsOf(keys).length > 0) return never;
  const fits = checkOf(def.valueType as Schema);
  return (value) => {
    if (!isPlain(value)) return false;
    for (const key in value) {
      // zod leaves this key out, whatever its value.
      if (key === "__proto__" || !fits(value[key])) return false;
    }
    return true;
  };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
