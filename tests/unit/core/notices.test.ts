import { expect, it } from "vitest";
import type { Effect } from "../../../server/contract/effects.ts";
import { anomaly, notice } from "../../../server/core/notices.ts";
import { coldDesk } from "../../support/desk.ts";

it("says what happened and where, and counts only what should never happen", () => {
  const { engine } = coldDesk();
  const out: Effect[] = [];
  notice(out, "FLATTEN", "BTC", "ann: end of day");
  expect(engine.state.counts.anomalies).toBe(0);
  anomaly(engine, out, "LATE_FILL", "q1", "filled while CANCELED");
  expect(engine.state.counts.anomalies).toBe(1);
  expect(out).toEqual([
    { type: "notice", code: "FLATTEN", scope: "BTC", text: "ann: end of day" },
    { type: "notice", code: "LATE_FILL", scope: "q1", text: "filled while CANCELED" },
  ]);
});
