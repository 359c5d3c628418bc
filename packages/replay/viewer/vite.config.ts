/**
 * The page as one file: script and style stand in it, and its content security policy names both by their
 * hashes, so nothing else can run in it and nothing can be fetched.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

const hashOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Puts the policy before everything that it is about. */
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("the page was not built");
        const html = String(page.source);
        const [script = "", ...more] = [
          ...html.matchAll(/<script type="module"[^>]*>([\s\S]*?)<\/script>/g),
        ].map(([, text]) => text ?? "");
        const [style = ""] = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(
          ([, text]) => text ?? "",
        );
        if (script === "" || style === "" || more.length > 0) {
          throw new Error("the page must have one inline script and one inline style");
        }
        const policy = [
          "default-src 'none'",
          `script-src ${hashOf(script)}`,
          `style-src ${hashOf(style)}`,
          "base-uri 'none'",
          "form-action 'none'",
        ].join("; ");
        page.source = html.replace(
          "<meta charset",
          () =>
            `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <meta charset`,
        );
      },
    },
  };
}

/**
 * The page decodes nothing: its events were decoded when it was written. Calls that only make schemas are named
 * as pure, so those fall away, and zod with them. By name, so the names must be nobody else's.
 */
const SCHEMA_MAKERS = { z: "schemaMaker", natural: "naturalSchemaMaker" };

function schemasFallAway(): Plugin {
  return {
    name: "schemas-fall-away",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("/packages/events/src/")) return undefined;
      const { z, natural } = SCHEMA_MAKERS;
      return code
        .replace('import { z } from "zod"', `import { z as ${z} } from "zod"`)
        .replace(/\bz(?=\.)/g, z)
        .replace(/\bnatural\b(?= =|\.|,|\)|\])/g, natural);
    },
  };
}

/** `--mode mutants`: the template of runs whose recipes a mutant changes. */
function mutantRecipes(): Plugin {
  return {
    name: "mutant-recipes",
    enforce: "pre",
    resolveId(source, importer) {
      if (source !== "./journal-recipes.ts" || importer === undefined) return undefined;
      return join(importer, "../mutant-recipes.ts");
    },
  };
}

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  resolve: { conditions: ["mmreplay-source", "module", "browser", "production"] },
  plugins: [
    ...(mode === "mutants" ? [mutantRecipes()] : []),
    schemasFallAway(),
    viteSingleFile(),
    contentSecurityPolicy(),
  ],
  build: {
    outDir: mode === "mutants" ? "../dist/viewer/mutants" : "../dist/viewer",
    emptyOutDir: true,
    // light-dark() in the style sheet.
    target: ["chrome123", "firefox120", "safari17.5"],
    rolldownOptions: { treeshake: { manualPureFunctions: Object.values(SCHEMA_MAKERS) } },
  },
}));
