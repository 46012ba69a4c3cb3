/**
 * An independent judge of a run, deliberately naive: it knows what left the desk, what the desk was told, and
 * what truly happened at the exchanges. It never looks at the engine's state, so it cannot share its mistakes.
 */
import type { Command, StateScope } from "../../contract/commands.ts";
import type { EngineConfig } from "../../contract/config.ts";
import type { AmendEffect, Effect, OrderEffect, PlaceEffect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import type { Side } from "../../contract/units.ts";
import type { PrivateReport, PublicEvent } from "../../lab/ports.ts";
import { Funds, type Stock } from "./funds.ts";
import { OrderTruth, type TrueFill } from "./orderTruth.ts";
import { Permissions } from "./permissions.ts";
import type { Violation, ViolationCode } from "./violation.ts";
import type { Witness } from "./witness.ts";
import { WorstCase } from "./worstCase.ts";

/** A run with more has one cause that the first few show. */
const VIOLATIONS_MAX = 5;

/** Requests for one level of one symbol within the window: a desk that answers every message of a burst stays far below. */
const STORM_REQUESTS = 50;
const STORM_WINDOW_US = 100_000;

/** What no venue of the lab ever does: a desk that says so has lost count. */
const FALSE_NOTICES: ReadonlySet<string> = new Set([
  "OVERFILL",
  "FOREIGN_FILL",
  "SECOND_WRITER",
  "UNPRICED_FILL",
  "BAD_BOOK",
]);

export class Auditor implements Witness {
  readonly violations: Violation[] = [];
  readonly orders: OrderTruth;
  readonly fills: { readonly account: number; readonly fill: TrueFill }[] = [];
  readonly #config: EngineConfig;
  readonly #stormRequests: number;
  readonly #permissions: Permissions;
  readonly #funds: Funds;
  readonly #worstCase: WorstCase;
  readonly #windows: { sinceUs: number; requests: number }[];

  constructor(config: EngineConfig, stock: Stock) {
    this.#config = config;
    const levels = config.parameters.map(({ name, value }) => (name === "quoteLevels" ? Number(value) : 1));
    this.#stormRequests = STORM_REQUESTS * Math.max(...levels);
    this.#funds = new Funds(config, stock);
    this.orders = new OrderTruth(config);
    this.#permissions = new Permissions(config);
    this.#worstCase = new WorstCase(config, this.orders, this.#funds);
    this.#windows = config.instruments.map(() => ({ sinceUs: 0, requests: 0 }));
  }

  /** Right before the desk consumes the event. */
  told(event: EngineEvent): void {
    this.#permissions.told(event);
    if (event.type === "transfer") this.#funds.transferred(event);
  }

  /** What the desk made of the event, effect by effect in the order in which they left. */
  answered(event: EngineEvent, effects: readonly Effect[]): void {
    for (const effect of effects)
      if (effect.type === "acknowledge") {
        if (event.type === "command" && effect.outcome.accepted) this.#accepted(event.command, event.atUs);
      } else if (effect.type === "notice") {
        if (FALSE_NOTICES.has(effect.code))
          this.#fail(event.atUs, "FALSE_NOTICE", `${effect.code}: ${effect.text}`);
        if (event.type !== "command") this.#permissions.noticed(effect);
      } else this.#sent(effect, event.atUs);
  }

  arrived(request: PlaceEffect | AmendEffect): void {
    this.orders.arrived(request);
  }

  happened(account: number, report: PrivateReport, atUs: number): void {
    const order = this.orders.happened(account, report);
    if (!this.orders.wasSent(report.clientId))
      this.#fail(atUs, "UNSENT_ORDER", `${report.type} of ${report.clientId}, which never left the desk`);
    if (report.type === "fill") {
      this.fills.push({ account, fill: report });
      this.#funds.filled(account, report);
      if (order?.isQuote === true && report.liquidity === "taker")
        this.#fail(atUs, "TAKER_FEE", `the quote ${order.clientId} paid as a taker`);
    }
    if (order !== undefined && (report.type === "orderAccepted" || report.type === "orderAmended"))
      this.#checkOwnCross(order.instrument, atUs);
  }

  published(event: PublicEvent): void {
    if (event.type === "trade") this.#worstCase.traded(event.instrument, event.priceTicks);
  }

  /** What a command asks for goes out before its acknowledgement: it is judged by what held before. */
  #accepted(command: Command, atUs: number): void {
    if (command.type === "arm") this.#checkSealed(command.scope, atUs);
    this.#permissions.acknowledged(command);
  }

  #sent(effect: OrderEffect, atUs: number): void {
    if (effect.type === "query" || effect.type === "cancelAll") return;
    this.#checkRate(effect.instrument, atUs);
    if (effect.type === "cancel") {
      const order = this.orders.find(effect.instrument, effect.clientId);
      if (order !== undefined) order.cancels += 1;
    } else if (effect.type === "place") {
      if (!this.orders.placed(effect)) this.#fail(atUs, "REUSED_ID", `${effect.clientId} was placed twice`);
      this.#judge(effect, effect.side, effect.timeInForce === "POST_ONLY", atUs);
    } else {
      const order = this.orders.amended(effect);
      // The venue has ended it meanwhile, and refuses.
      if (order !== undefined) this.#judge(effect, order.side, true, atUs);
    }
  }

  #judge(effect: PlaceEffect | AmendEffect, side: Side, isQuote: boolean, atUs: number): void {
    const { account, instrument, clientId, type } = effect;
    const fail = (code: ViolationCode, why: string) =>
      this.#fail(atUs, code, `${type} of ${clientId} ${why}`);
    const state = this.#permissions.stateOf(instrument, side);
    const isFlattening = this.#permissions.isFlattening(instrument);
    if (!isQuote && !isFlattening) fail("STATE", "takes, and nobody asked for a flatten");
    if (isQuote && isFlattening) fail("STATE", "quotes during a flatten");
    if (isQuote && state !== "ACTIVE" && state !== "REDUCE_ONLY") fail("STATE", `leaves while ${state}`);
    if (!this.#permissions.isReconciled(account)) fail("ACCOUNT", "leaves before its account was reconciled");
    if (isQuote && !this.#permissions.hasBook(instrument, atUs)) fail("FEED", "leaves without a live book");
    const at = { instrument, side, atUs };
    this.#worstCase.checkLimits(at, this.#permissions.limits, fail);
    this.#worstCase.checkFunds(at, fail);
    if (!isQuote) this.#worstCase.checkReduces(at, fail, account);
    else if (state === "REDUCE_ONLY") this.#worstCase.checkReduces(at, fail);
  }

  /** Once a stop is lifted no quote of before it may be open or still arrive. */
  #checkSealed(scope: StateScope, atUs: number): void {
    for (const index of this.#config.instruments.keys())
      for (const { clientId, side, isQuote } of this.orders.alive(index, atUs))
        if (isQuote && this.#permissions.covers(scope, index, side))
          this.#fail(atUs, "SEAL", `armed while ${clientId} was open or on the wire`);
  }

  #checkOwnCross(instrument: number, atUs: number): void {
    let bid = -Infinity;
    let ask = Infinity;
    for (const order of this.orders.alive(instrument, atUs)) {
      if (!order.isResting) continue;
      if (order.side === "buy") bid = Math.max(bid, order.priceTicks);
      else ask = Math.min(ask, order.priceTicks);
    }
    if (bid >= ask)
      this.#fail(atUs, "OWN_CROSS", `our bid ${bid} meets our ask ${ask} at instrument ${instrument}`);
  }

  #checkRate(instrument: number, atUs: number): void {
    const window = this.#windows[instrument];
    if (window === undefined) throw new Error(`invariant: no instrument ${instrument}`);
    if (atUs - window.sinceUs >= STORM_WINDOW_US) Object.assign(window, { sinceUs: atUs, requests: 0 });
    window.requests += 1;
    if (window.requests === this.#stormRequests + 1)
      this.#fail(
        atUs,
        "STORM",
        `more than ${this.#stormRequests} requests in 100 ms for instrument ${instrument}`,
      );
  }

  #fail(atUs: number, code: ViolationCode, what: string): void {
    if (this.violations.length < VIOLATIONS_MAX) this.violations.push({ atUs, code, what });
  }
}
