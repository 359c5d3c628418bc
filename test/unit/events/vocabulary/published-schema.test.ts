/**
 * The checked-in JSON Schemas are what the code generates.
 *
 * After a change of an event, the header or the profile format, write them anew with
 * `UPDATE_SCHEMA=1 npx vitest run test/unit/events/vocabulary/published-schema.test.ts`
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { publishedSchemas } from "@mmreplay/events";
import { describe, expect, it } from "vitest";

const FOLDER = new URL("../../../../packages/events/schema/", import.meta.url);

const UPDATE =
  "UPDATE_SCHEMA=1 npx vitest run test/unit/events/vocabulary/published-schema.test.ts";

if (process.env["UPDATE_SCHEMA"] === "1") {
  mkdirSync(FOLDER, { recursive: true });
  for (const { file, text } of publishedSchemas()) writeFileSync(new URL(file, FOLDER), text);
}

describe("the published JSON Schemas", () => {
  it.each(publishedSchemas())("$file is what the code generates", ({ file, text }) => {
    const same = readFileSync(new URL(file, FOLDER), "utf8") === text;
    expect(same, `${file} is out of date; run: ${UPDATE}`).toBe(true);
  });

  it("there are no others", () => {
    const files = publishedSchemas().map(({ file }) => file);
    expect(readdirSync(FOLDER).sort()).toEqual(files.toSorted());
  });

  it("they are of draft 2020-12 and allow no unknown fields in an event", () => {
    for (const { text } of publishedSchemas()) {
      expect(JSON.parse(text).$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    }
    const event = publishedSchemas().find(({ file }) => file === "event.schema.json");
    for (const one of JSON.parse(event?.text ?? "").oneOf) {
      expect(one.additionalProperties).toBe(false);
    }
  });
});
