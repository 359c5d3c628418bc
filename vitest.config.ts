import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Tests run from the sources; no build comes first.
const conditions = ["mmreplay-source", "node", "development|production"];
const DIRECTORIES = [
  "unit",
  "properties",
  "scenarios",
  "conformance",
  "recordings",
  "mutants",
  "cli",
];

/** Everything but the page: one project, so that a worker loads the product once for all its files. */
const simulator = {
  extends: true as const,
  test: {
    name: "simulator",
    include: DIRECTORIES.map((name) => `test/${name}/**/*.test.ts`),
    setupFiles: ["test/setup/no-entropy.ts", "test/setup/scratch.ts"],
  },
};

/** The page in a browser; its template is built first. */
const browser = {
  extends: true as const,
  test: {
    name: "browser",
    include: ["test/browser/**/*.test.ts"],
    globalSetup: ["test/browser/build.ts"],
    // Whoever drives a browser draws names for its files.
    setupFiles: ["test/setup/scratch.ts"],
    // Two browsers at once would measure each other, and so would other tests: they come before.
    fileParallelism: false,
    sequence: { groupOrder: 1 },
    hookTimeout: 60_000,
  },
};

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // The files of a project share their modules: to load them takes longer than most tests. No module
    // of the product keeps anything between two calls (test/unit/architecture/determinism.test.ts).
    isolate: false,
    testTimeout: 60_000,
    // Vitest leaves one processor free; on two that is half of the machine.
    maxWorkers: availableParallelism(),
    projects: [simulator, browser],
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"], reporter: ["text"] },
  },
});
