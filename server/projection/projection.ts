/**
 * From what the engine did to the lines that say so. After each event it compares the state with what it
 * told last. All that it remembers follows from the state after the last event, so that one which begins
 * at any snapshot tells the rest of the run as one that was there from the start: same lines, same cursors.
 */
import type { Effect } from "../contract/effects.ts";
import type { EngineEvent } from "../contract/events.ts";
import type { Line } from "../contract/lines.ts";
import type { Engine } from "../core/state.ts";
import { AuditWatch } from "./audit.ts";
import { BalanceWatch } from "./balances.ts";
import { nextEquityAtUs, pushEquity } from "./equity.ts";
import { FillWatch } from "./fills.ts";
import { LineList } from "./lineList.ts";
import { severityOf } from "./notices.ts";
import { OrderWatch } from "./orders.ts";
import { UptimeWatch } from "./uptime.ts";

const NOTHING: readonly Line[] = [];

export class Projection {
  readonly #engine: Engine;
  readonly #epoch: number;
  readonly #audit: AuditWatch;
  readonly #fills: FillWatch;
  readonly #orders: OrderWatch;
  readonly #balances: BalanceWatch;
  readonly #uptime: UptimeWatch;
  #equityAtUs: number;

  /** `engine` as it is after the event before the first one that is to be told. */
  constructor(engine: Engine, epoch: number) {
    this.#engine = engine;
    this.#epoch = epoch;
    this.#audit = new AuditWatch(engine);
    this.#fills = new FillWatch(engine);
    this.#orders = new OrderWatch(engine);
    this.#balances = new BalanceWatch(engine);
    this.#uptime = new UptimeWatch(engine);
    this.#equityAtUs = nextEquityAtUs(engine.state.nowUs);
  }

  /**
   * To be called after every event of the run, with its number and the very effects that `step` returned: a
   * repeated answer to a command is known by being the same object.
   */
  after(seq: number, event: EngineEvent, effects: readonly Effect[]): readonly Line[] {
    const isDue = event.atUs >= this.#equityAtUs;
    const isQuiet = effects.length === 0 && isMarketData(event) && seq > 1;
    if (isQuiet && !isDue && !this.#uptime.hasTurned) return NOTHING;
    const out = new LineList(this.#epoch, seq, event.atUs);
    // The first event of a desk, not of a later run of it: that one took up its parameters.
    if (seq === 1 && event.type !== "restart") this.#audit.begin(out);
    const changes = this.#audit.after(event, effects, out);
    if (event.type === "fill") this.#fills.after(event, out);
    this.#orders.after(event, effects, out);
    this.#tellBalances(event, out);
    if (this.#uptime.hasTurned) this.#uptime.after(out);
    for (const effect of effects) {
      if (effect.type !== "notice") continue;
      const { code, scope, text } = effect;
      const severity = severityOf(this.#engine, effect, changes);
      out.push({ cursor: out.next(), atUs: out.atUs, type: "notice", code, severity, scope, text });
    }
    if (isDue) {
      pushEquity(this.#engine, out);
      this.#equityAtUs = nextEquityAtUs(event.atUs);
    }
    return out.lines;
  }

  #tellBalances(event: EngineEvent, out: LineList): void {
    switch (event.type) {
      case "fill":
      case "balances":
      case "transfer":
        return this.#balances.afterAccount(event.account, out);
      case "command":
        return this.#balances.afterAll(out);
      case "book":
      case "trade":
      case "feed":
      case "instrument":
      case "account":
      case "openOrders":
      case "orderAccepted":
      case "orderRejected":
      case "orderCanceled":
      case "orderExpired":
      case "orderAmended":
      case "amendRejected":
      case "cancelRejected":
      case "orderUnknown":
      case "orderStatus":
      case "timer":
      case "restart":
      case "storage":
      case "clockStep":
        return;
    }
  }
}

function isMarketData(event: EngineEvent): boolean {
  return event.type === "book" || event.type === "trade" || event.type === "feed";
}
