#!/usr/bin/env node
import("../dist/bundle/cli.js").then(
  (cli) => cli.main(process.argv.slice(2)),
  (error) => {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    process.stderr.write("mmreplay: not built yet; run: npm run build\n");
    process.exitCode = 2;
  },
);
