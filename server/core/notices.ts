import type { Effect } from "../contract/effects.ts";
import type { NoticeCode } from "../contract/reasons.ts";
import type { Engine } from "./state.ts";

export function notice(out: Effect[], code: NoticeCode, scope: string, text: string): void {
  out.push({ type: "notice", code, scope, text });
}

/** A notice that should never be needed: counted, so that a run with any of them is seen. */
export function anomaly(engine: Engine, out: Effect[], code: NoticeCode, scope: string, text: string): void {
  engine.state.counts.anomalies += 1;
  notice(out, code, scope, text);
}
