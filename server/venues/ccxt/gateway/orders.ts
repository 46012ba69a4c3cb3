/**
 * Orders out, and what becomes of each request. Sent once under its own id, with the venue's expiry and an explicit
 * self-trade mode; an answer that decides nothing is `orderUnknown`, and never a refusal.
 */
import type { AmendEffect, CancelEffect, PlaceEffect } from "../../../contract/effects.ts";
import type { VenueRefusal } from "../../../contract/reasons.ts";
import type { Exchange, RawOrder, Verdict } from "../exchanges/exchange.ts";
import type { Charge, RequestBudget, RequestClass } from "../ports.ts";
import { BudgetError } from "./budget.ts";
import { describeError } from "./describeError.ts";
import type { LateAnswer } from "./entrySocket.ts";
import { joinName } from "./names.ts";
import { gridIn, isCountedIn, pendingOf, priced, trackedOf } from "./orderTerms.ts";
import type { OrderReports } from "./reports.ts";
import { classify, isOfTime, isVenues, reasonOf, saidBy, verdictOf } from "./taxonomy.ts";
import { isLineageLost } from "./tracker.ts";
import type { Listed, OrderTracker, PendingAmend, TrackedOrder } from "./tracker.ts";
import type { Wire } from "./wire.ts";

/** A quote that has to wait for longer is priced on old books; the engine asks again with a new price. */
const WAIT_MAX_MS = { new: 100, amend: 100, hedge: 300, cancel: 2_000 } as const;

/** Beyond the request's own expiry: an answer may be on its way back. */
const ANSWER_MARGIN_MS = 500;
const CANCEL_WITHIN_MS = 2_000;

export interface OrdersOptions {
  readonly exchange: Exchange;
  readonly tracker: OrderTracker;
  readonly reports: OrderReports;
  readonly wire: Wire;
  readonly budget: Pick<RequestBudget, "takeAll" | "exhausted">;
  /** Undefined where the venue does not list it. */
  readonly listed: (instrument: number) => Listed | undefined;
  readonly nowMs: () => number;
  /** The venue's clock ahead > 0. */
  readonly skewMs: () => number;
  /** How much faster engine time runs than the machine's. */
  readonly speed: number;
  /** Looks an order up by our id; undefined: not there. */
  readonly lookUp: (order: TrackedOrder) => Promise<RawOrder | undefined>;
  readonly isHalted: () => boolean;
  readonly halt: (why: string) => void;
  readonly clockDoubted: () => void;
}

export class Orders {
  readonly #options: OrdersOptions;
  /** Orders whose cancel has no answer yet. */
  readonly #canceling = new Set<string>();

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  async place(effect: PlaceEffect): Promise<void> {
    const { tracker, reports, exchange, nowMs } = this.#options;
    const listed = this.#options.listed(effect.instrument);
    if (listed === undefined) return reports.refusePlace(effect, "HALTED");
    const order = tracker.add(trackedOf(effect, { ...listed, grid: gridIn(effect, listed) }, nowMs()));
    const refusal = this.#refusalOf(effect);
    if (refusal !== undefined) return reports.rejected(order, refusal);
    const kind = effect.timeInForce === "IOC" ? "hedge" : "new";
    const charges = exchange.limits.entry("place", { marketId: listed.marketId, ageMs: 0 });
    const settle = (outcome: LateAnswer): void => this.#placed(order, charges, outcome);
    try {
      await this.#take(kind, charges, effect.requestExpiresAtUs);
      const terms = priced(effect, order.listed.grid);
      if (!this.#isHeld(effect.instrument, terms)) return reports.rejected(order, "FILTER");
      const request = exchange.entry.place({ ...this.#terms(effect, listed), ...terms, ...effect });
      settle({
        ok: true,
        value: await this.#options.wire.send(request, this.#answerWithinMs(effect), settle),
      });
    } catch (error) {
      settle({ ok: false, error });
    }
  }

  async amend(effect: AmendEffect): Promise<void> {
    const { tracker, reports, exchange } = this.#options;
    const order = tracker.get(effect.clientId);
    // Not of this gateway's life, or gone: what it is now, the venue must be asked.
    if (order?.side === undefined || order.isEnded || isLineageLost(order))
      return reports.refuseAmend(effect, "UNKNOWN_ORDER");
    const { side } = order;
    const refusal = this.#refusalOf(effect);
    if (refusal !== undefined) return reports.refuseAmend(effect, refusal);
    const { listed } = order;
    if (!isCountedIn(listed.grid, effect.steps)) return reports.refuseAmend(effect, "FILTER");
    const charges = exchange.limits.entry("amend", this.#charged(order));
    try {
      await this.#take("amend", charges, effect.requestExpiresAtUs);
    } catch (error) {
      return reports.refuseAmend(effect, error instanceof BudgetError ? "RATE_LIMIT" : "OTHER");
    }
    // It may have filled or ended while there was no room.
    if (order.isEnded) return reports.refuseAmend(effect, "UNKNOWN_ORDER");
    const pending = pendingOf(order, effect, exchange.amend);
    if (pending.revisionLots <= 0) return reports.refuseAmend(effect, "FILTER");
    const { priceTicks } = effect;
    const terms = priced({ priceTicks, sizeLots: pending.revisionLots }, listed.grid);
    if (!this.#isHeld(listed.index, terms)) return reports.refuseAmend(effect, "FILTER");
    order.lastRevision = Math.max(order.lastRevision, pending.revision);
    order.pending = pending;
    const settle = (outcome: LateAnswer): void => this.#amended(order, pending, charges, outcome);
    try {
      const request = exchange.entry.amend({
        ...this.#terms(effect, listed),
        ...terms,
        side,
        timeInForce: order.timeInForce,
        selfTrade: order.selfTrade,
        clientId: joinName(order),
        newClientId: joinName({ clientId: order.clientId, revision: pending.revision }),
      });
      settle({
        ok: true,
        value: await this.#options.wire.send(request, this.#answerWithinMs(effect), settle),
      });
    } catch (error) {
      settle({ ok: false, error });
    }
  }

  /** Under every name that the order may have; refused only when all of them are unknown to the venue. */
  async cancel(effect: CancelEffect): Promise<void> {
    const { tracker, reports, listed, wire, exchange } = this.#options;
    const at = listed(effect.instrument);
    if (at === undefined) return reports.cancelRefused(effect.clientId, "HALTED");
    // Where one call goes after the other, one more would only have all of them wait longer.
    const isQueued = exchange.privateCalls === "one-at-a-time" && !wire.hasSocket;
    if (isQueued && this.#canceling.has(effect.clientId)) return;
    this.#canceling.add(effect.clientId);
    const names = tracker.namesOf(effect.clientId);
    const asked = Promise.all(names.map((name) => this.#cancelName(effect.clientId, name, at)));
    const outcomes = await asked.finally(() => this.#canceling.delete(effect.clientId));
    if (outcomes.includes("done")) return;
    const order = tracker.get(effect.clientId);
    if (outcomes.every((outcome) => outcome === "gone"))
      return reports.cancelRefused(effect.clientId, "UNKNOWN_ORDER");
    if (order !== undefined && !order.isEnded) reports.unknown(order, "cancel");
    else if (order === undefined) reports.cancelRefused(effect.clientId, "OTHER");
  }

  async #cancelName(clientId: string, name: string, at: Listed): Promise<"done" | "gone" | "unknown"> {
    const { exchange, wire, reports } = this.#options;
    const order = this.#options.tracker.get(clientId);
    const charges = exchange.limits.entry(
      "cancel",
      order === undefined ? { marketId: at.marketId, ageMs: 0 } : this.#charged(order),
    );
    // Placed by other hands: the engine knows it by the venue's id.
    const byVenueId = order === undefined && !/^[a-z][0-9a-z]{14,}$/.test(name);
    const request = exchange.entry.cancel({
      symbol: at.symbol,
      marketId: at.marketId,
      marketInfo: at.marketInfo,
      clientId: byVenueId ? undefined : name,
      venueOrderId: byVenueId ? name : order?.venueOrderId,
    });
    try {
      await this.#options.budget.takeAll("cancel", charges, WAIT_MAX_MS.cancel);
      const answer = await wire.insist(request, CANCEL_WITHIN_MS);
      reports.news(at.symbol, { clientId: name, ...exchange.entry.readOrder(answer) });
      return "done";
    } catch (error) {
      const verdict = this.#judge(error, charges);
      return verdict.kind === "refused" && verdict.reason === "UNKNOWN_ORDER" ? "gone" : "unknown";
    }
  }

  #placed(order: TrackedOrder, charges: readonly Charge[], outcome: LateAnswer): void {
    const { reports, exchange } = this.#options;
    if (outcome.ok) {
      const news = exchange.entry.readOrder(outcome.value);
      if (news.venueOrderId === undefined) return reports.unknown(order, "place");
      return reports.news(order.listed.symbol, { clientId: order.clientId, ...news });
    }
    const verdict = this.#judge(outcome.error, charges);
    if (verdict.kind === "unknown") reports.unknown(order, "place");
    else if (verdict.kind === "placed") void this.#adopt(order);
    else reports.rejected(order, reasonOf(verdict));
  }

  #amended(
    order: TrackedOrder,
    pending: PendingAmend,
    charges: readonly Charge[],
    outcome: LateAnswer,
  ): void {
    const { reports, exchange } = this.#options;
    if (outcome.ok) return reports.amended(order, pending, exchange.entry.readOrder(outcome.value));
    const half = exchange.entry.readHalfAmended?.(saidBy(outcome.error));
    if (half !== undefined) {
      const verdict = verdictOf(exchange, half.errors);
      const refused = verdict !== undefined && verdict.kind !== "unknown" && verdict.kind !== "placed";
      return refused ? reports.halfAmended(order, pending, half) : reports.unknown(order, "amend");
    }
    const verdict = this.#judge(outcome.error, charges);
    if (verdict.kind === "unknown" || verdict.kind === "placed") reports.unknown(order, "amend");
    else reports.amendRefused(order, pending, reasonOf(verdict));
  }

  /** The venue has an order under this id: ours, from an answer that was lost. */
  async #adopt(order: TrackedOrder): Promise<void> {
    const found = await this.#options.lookUp(order).catch(() => undefined);
    if (found === undefined) this.#options.reports.unknown(order, "place");
    else this.#options.reports.news(found.symbol, found);
  }

  /** What the error says, with what follows from it for the account. */
  #judge(error: unknown, charges: readonly Charge[]): Verdict {
    const { exchange, budget, halt, clockDoubted } = this.#options;
    const verdict = classify(exchange, error);
    if (verdict.kind === "halt") {
      const [why] = exchange.errorsOf(saidBy(error));
      halt(why === undefined ? describeError(error) : `${why.code} ${why.text}`);
    }
    if (isOfTime(verdict)) clockDoubted();
    if (verdict.kind === "later" && verdict.because === "rate" && isVenues(error)) budget.exhausted(charges);
    return verdict;
  }

  async #take(
    kind: Exclude<RequestClass, "session" | "list" | "query" | "lookup">,
    charges: readonly Charge[],
    expiresAtUs: number,
  ): Promise<void> {
    const lifeMs = expiresAtUs / 1_000 - this.#options.nowMs() - this.#options.exchange.requestLifeMinMs;
    await this.#options.budget.takeAll(kind, charges, Math.min(WAIT_MAX_MS[kind], lifeMs));
  }

  /** Why it is not even tried. */
  #refusalOf({ requestExpiresAtUs }: PlaceEffect | AmendEffect): VenueRefusal | undefined {
    const { exchange, nowMs, isHalted } = this.#options;
    if (requestExpiresAtUs / 1_000 - nowMs() < exchange.requestLifeMinMs) return "EXPIRED_REQUEST";
    return isHalted() ? "OTHER" : undefined;
  }

  #terms({ clientId, requestExpiresAtUs }: PlaceEffect | AmendEffect, listed: Listed) {
    const { symbol, marketId, marketInfo } = listed;
    const skewMs = this.#options.skewMs();
    const nowMs = this.#options.nowMs() + skewMs;
    return {
      symbol,
      marketId,
      marketInfo,
      clientId,
      nowMs,
      expiresAtMs: requestExpiresAtUs / 1_000 + skewMs,
    };
  }

  /** Whether the venue takes these numbers now: it may have changed its steps since the order was decided. */
  #isHeld(instrument: number, { price, size }: ReturnType<typeof priced>): boolean {
    const grid = this.#options.listed(instrument)?.grid;
    return grid?.ticks(price) !== undefined && grid.lots(size) !== undefined;
  }

  #charged(order: TrackedOrder) {
    return { marketId: order.listed.marketId, ageMs: this.#options.nowMs() - order.changedAtMs };
  }

  #answerWithinMs({ requestExpiresAtUs }: PlaceEffect | AmendEffect): number {
    const lifeMs = requestExpiresAtUs / 1_000 - this.#options.nowMs() + ANSWER_MARGIN_MS;
    return lifeMs / this.#options.speed;
  }
}
