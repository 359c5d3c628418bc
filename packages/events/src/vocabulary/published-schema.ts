/**
 * The JSON Schemas that other tools validate against (packages/events/schema, draft 2020-12).
 *
 * They are generated from the schemas that decode, so they cannot say anything else; a test compares
 * the files with what is generated. What JSON Schema cannot say is checked by the decoders alone:
 * ascending indices, ranges that are not empty, fields that belong to a role.
 */
import { z } from "zod";
import { eventUnionSchema } from "../event/event.ts";
import { journalHeaderSchema } from "../journal/header.ts";
import { profileSchema } from "../profile/profile.ts";
import { scenarioFileSchema } from "../scenario/scenario-file.ts";

/** A file of packages/events/schema. */
export interface PublishedSchema {
  readonly file: string;
  /** The JSON text, with a newline at its end. */
  readonly text: string;
}

/** The published schemas, as the files that are checked in. */
export function publishedSchemas(): readonly PublishedSchema[] {
  return [
    published(
      "event.schema.json",
      "An event: a line of an mmreplay journal, but not the first",
      eventUnionSchema,
    ),
    published(
      "journal-header.schema.json",
      "The first line of an mmreplay journal",
      journalHeaderSchema,
    ),
    published("scenario.schema.json", "A scenario of mmreplay", scenarioFileSchema),
    published("profile.schema.json", "A probe profile of mmreplay", profileSchema),
  ];
}

function published(file: string, title: string, schema: z.ZodType): PublishedSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12" });
  return { file, text: `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n` };
}
