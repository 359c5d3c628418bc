import { render } from "preact";
import { emptyState } from "@mmreplay/core";
import { conditionOf } from "../src/timeline/condition.ts";
import { Timeline } from "../src/timeline/timeline.ts";
import { lastChange } from "../src/timeline/last-change.ts";
import { twoColumnTable } from "../src/report/table/table.ts";
const t = new Timeline(emptyState());
console.log(conditionOf, lastChange, twoColumnTable);
render(<p>{t.length}</p>, document.body);
