/** Coverage: which of the rare paths a run took. A mark that no seed sets any more is a load that tests nothing. */
import type { Effect } from "../../contract/effects.ts";
import type { EngineEvent, FillEvent } from "../../contract/events.ts";
import type { NoticeCode } from "../../contract/reasons.ts";
import type { PrivateReport } from "../../lab/ports.ts";
import type { OrderTruth } from "./orderTruth.ts";

const OF_NOTICE: { readonly [C in NoticeCode]?: string } = {
  ORDER_UNKNOWN: "order unknown",
  STRAY_ORDER: "stray order",
  BALANCE_BREAK: "balance break",
  ILLEGAL_TRANSITION: "illegal transition",
  TRANSFER: "transfer booked",
  SEALED: "account sealed",
};

export class Marks {
  readonly counts = new Map<string, number>();
  readonly #fillsTold = new Set<string>();
  readonly #breaks = new Set<string>();
  readonly #endsTold = new Set<string>();

  /** Whether the desk has ever shown a break at the account. */
  hasBreak(account: string): boolean {
    return this.#breaks.has(account);
  }

  /** After the desk answered the event. */
  answered(event: EngineEvent, effects: readonly Effect[]): void {
    for (const effect of effects)
      if (effect.type === "notice") {
        const mark = OF_NOTICE[effect.code];
        if (mark !== undefined) this.#add(mark);
        if (effect.code === "BALANCE_BREAK") this.#breaks.add(effect.scope);
        if (effect.code === "ORDER_RESOLVED") this.#resolved(event);
      } else if (effect.type === "acknowledge" && event.type === "command")
        this.#add(`${event.command.type} ${effect.outcome.accepted ? "accepted" : "refused"}`);
    if (event.type === "orderCanceled" || event.type === "orderExpired") this.#endsTold.add(event.clientId);
    if (event.type === "fill") this.#told(event);
  }

  /** Right after it happened at the exchange. */
  happened(report: PrivateReport, orders: OrderTruth): void {
    if (report.type === "amendRejected") this.#add("amend refused");
    if (report.type === "cancelRejected") this.#add("cancel refused");
    if (report.type === "orderRejected") this.#add(`order refused ${report.reason}`);
    if (report.type !== "fill") return;
    this.#add(`fill ${report.liquidity}`);
    const order = orders.find(report.instrument, report.clientId);
    if (order === undefined) return;
    if (order.cancels > 0) this.#add("fill before a cancel");
    if (order.amends.length > 0) this.#add("fill before an amend");
  }

  #resolved(event: EngineEvent): void {
    if (event.type !== "orderStatus") return this.#add("unknown resolved by a report");
    const { answer } = event;
    this.#add(`unknown resolved ${answer.found ? answer.status.toLowerCase() : "absent"}`);
  }

  #told({ account, instrument, tradeId, clientId }: FillEvent): void {
    const key = `${account} ${instrument} ${tradeId}`;
    if (this.#fillsTold.has(key)) this.#add("repeated fill");
    else if (clientId !== undefined && this.#endsTold.has(clientId)) this.#add("late fill");
    this.#fillsTold.add(key);
  }

  #add(mark: string): void {
    this.counts.set(mark, (this.counts.get(mark) ?? 0) + 1);
  }
}
