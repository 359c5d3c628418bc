export { Conformance } from "./conform/conform.ts";
