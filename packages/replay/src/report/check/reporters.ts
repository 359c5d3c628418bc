/**
 * The reporters by their names on the command line.
 */
import { githubReporter } from "./github.ts";
import { junitReporter } from "./junit.ts";
import { ktapReporter } from "./ktap.ts";
import { markdownReporter } from "./markdown.ts";
import type { Reporter, ReportOptions } from "./reporter.ts";
import { textReporter } from "./text.ts";

/** The name of a reporter. */
export type ReporterName = "text" | "ktap" | "junit" | "github" | "md";

const REPORTERS: Readonly<Record<ReporterName, (options: ReportOptions) => Reporter>> = {
  text: textReporter,
  ktap: ktapReporter,
  junit: junitReporter,
  github: githubReporter,
  md: markdownReporter,
};

/** The reporter of a name. */
export function createReporter(name: ReporterName, options: ReportOptions): Reporter {
  return REPORTERS[name](options);
}
