/**
 * The command line as a few files: to find and load 250 modules took longer than to check a small
 * recording. What a command does not need stays in files of its own, loaded when it is.
 */
import { defineConfig } from "vite";

export default defineConfig({
  resolve: { conditions: ["mmreplay-source", "module", "node", "production"] },
  ssr: { noExternal: true, resolve: { conditions: ["mmreplay-source", "module", "node"] } },
  build: {
    ssr: true,
    target: "node20",
    // As deep as src/cli and dist/cli, so that files beside the package are found alike.
    outDir: "dist/bundle",
    minify: false,
    rolldownOptions: {
      input: {
        cli: "src/cli.ts",
        "search-thread": "src/explore/search-thread.ts",
        "fuzz-thread": "src/fuzz/fuzz-thread.ts",
      },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});
