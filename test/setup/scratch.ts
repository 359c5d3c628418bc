/** No test file finds what another has written: vitest loads this file before each of them. */
import { afterAll } from "vitest";
import { removeScratch } from "../support/scratch.ts";

afterAll(removeScratch);
