/**
 * Orders out, and what becomes of each request. Sent once under its own id, with the venue's expiry and an explicit
 * self-trade mode; an answer that decides nothing is `orderUnknown`, and never a refusal.
 */
import type { AmendEffect, CancelEffect, PlaceEffect } from "../../../contract/effects.ts";
import type { VenueRefusal } from "../../../contract/reasons.ts";
import type { Exchange, RawOrder, Verdict } from "../exchanges/exchange.ts";
import type { Charge, RequestBudget, RequestClass } from "../ports.ts";
import type { LateAnswer } from "./entrySocket.ts";
import { answerOf } from "./instance.ts";
import { joinName } from "./names.ts";
import type { OrderReports } from "./reports.ts";
import { classify, SocketRefusal, verdictOf } from "./taxonomy.ts";
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

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  async place(effect: PlaceEffect): Promise<void> {
    const { tracker, reports, exchange, nowMs } = this.#options;
    const listed = this.#options.listed(effect.instrument);
    const order = listed === undefined ? undefined : tracker.add(trackedOf(effect, listed, nowMs()));
    if (listed === undefined || order === undefined)
      throw new Error(`invariant: no instrument ${effect.instrument} at this account`);
    const refusal =
      this.#tooLate(effect.requestExpiresAtUs) ?? (this.#options.isHalted() ? "OTHER" : undefined);
    if (refusal !== undefined) return reports.rejected(order, refusal);
    const kind = effect.timeInForce === "IOC" ? "hedge" : "new";
    const charges = exchange.limits.entry("place", { marketId: listed.marketId, ageMs: 0 });
    const settle = (outcome: LateAnswer): void => this.#placed(order, charges, outcome);
    try {
      await this.#take(kind, charges, effect.requestExpiresAtUs);
      const request = exchange.entry.place({
        ...this.#terms(effect, listed),
        ...priced(effect, listed),
        ...effect,
      });
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
    if (order?.side === undefined || order.isEnded || order.isLineageLost)
      return reports.refuseAmend(effect, "UNKNOWN_ORDER");
    const { side } = order;
    const refusal =
      this.#tooLate(effect.requestExpiresAtUs) ?? (this.#options.isHalted() ? "OTHER" : undefined);
    if (refusal !== undefined) return reports.refuseAmend(effect, refusal);
    const pending = pendingOf(order, effect, exchange.amend);
    if (pending.revisionLots <= 0) return reports.refuseAmend(effect, "FILTER");
    const { listed } = order;
    const charges = exchange.limits.entry("amend", this.#charged(order));
    const settle = (outcome: LateAnswer): void => this.#amended(order, pending, charges, outcome);
    try {
      await this.#take("amend", charges, effect.requestExpiresAtUs);
      order.lastRevision = Math.max(order.lastRevision, pending.revision);
      order.pending = pending;
      const request = exchange.entry.amend({
        ...this.#terms(effect, listed),
        ...priced({ priceTicks: effect.priceTicks, sizeLots: pending.revisionLots }, listed),
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
    const { tracker, reports, listed } = this.#options;
    const at = listed(effect.instrument);
    if (at === undefined) throw new Error(`invariant: no instrument ${effect.instrument} at this account`);
    const names = tracker.namesOf(effect.clientId);
    const outcomes = await Promise.all(names.map((name) => this.#cancelName(effect.clientId, name, at)));
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
      const answer = await wire.cancel(request, CANCEL_WITHIN_MS);
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
    const verdict = classify(this.#options.exchange, error);
    if (verdict.kind === "halt") this.#options.halt(error instanceof Error ? error.name : "refused");
    if (isOfTime(verdict)) this.#options.clockDoubted();
    const refusedByVenue = error instanceof SocketRefusal || answerOf(error) !== undefined;
    if (verdict.kind === "later" && verdict.because === "rate" && refusedByVenue)
      this.#options.budget.exhausted(charges);
    return verdict;
  }

  async #take(
    kind: Exclude<RequestClass, "query" | "lookup">,
    charges: readonly Charge[],
    expiresAtUs: number,
  ): Promise<void> {
    const lifeMs = expiresAtUs / 1_000 - this.#options.nowMs() - this.#options.exchange.requestLifeMinMs;
    await this.#options.budget.takeAll(kind, charges, Math.min(WAIT_MAX_MS[kind], lifeMs));
  }

  #tooLate(expiresAtUs: number): VenueRefusal | undefined {
    const lifeMs = expiresAtUs / 1_000 - this.#options.nowMs();
    return lifeMs < this.#options.exchange.requestLifeMinMs ? "EXPIRED_REQUEST" : undefined;
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

  #charged(order: TrackedOrder) {
    return { marketId: order.listed.marketId, ageMs: this.#options.nowMs() - order.changedAtMs };
  }

  #answerWithinMs({ requestExpiresAtUs }: PlaceEffect | AmendEffect): number {
    const lifeMs = requestExpiresAtUs / 1_000 - this.#options.nowMs() + ANSWER_MARGIN_MS;
    return lifeMs / this.#options.speed;
  }
}

function trackedOf(effect: PlaceEffect, listed: Listed, nowMs: number): TrackedOrder {
  const { clientId, side, timeInForce, selfTrade, priceTicks, sizeLots } = effect;
  return {
    clientId,
    listed,
    side,
    isLineageLost: false,
    timeInForce,
    selfTrade,
    revision: 0,
    lastRevision: 0,
    venueOrderId: undefined,
    priceTicks,
    sizeLots,
    replacedLots: 0,
    filledLots: 0,
    bookedLots: new Map(),
    pending: undefined,
    isAccepted: false,
    isEnded: false,
    changedAtMs: nowMs,
  };
}

function pendingOf(order: TrackedOrder, effect: AmendEffect, style: Exchange["amend"]): PendingAmend {
  const inPlace = style === "in-place";
  return {
    revision: inPlace ? order.revision : order.lastRevision + 1,
    priceTicks: effect.priceTicks,
    sizeLots: effect.sizeLots,
    revisionLots: inPlace ? effect.sizeLots : effect.sizeLots - order.replacedLots - order.filledLots,
    expiresAtMs: effect.requestExpiresAtUs / 1_000,
    replacedFilledLots: undefined,
  };
}

function priced(
  { priceTicks, sizeLots }: { readonly priceTicks: number; readonly sizeLots: number },
  { grid }: Listed,
) {
  return { price: grid.priceText(priceTicks), size: grid.sizeText(sizeLots) };
}

function reasonOf(verdict: Exclude<Verdict, { kind: "unknown" } | { kind: "placed" }>): VenueRefusal {
  if (verdict.kind === "refused") return verdict.reason;
  if (verdict.kind !== "later") return "OTHER";
  if (verdict.because === "rate") return "RATE_LIMIT";
  return verdict.because === "clock" ? "EXPIRED_REQUEST" : "OTHER";
}

/** Too late or too early by the venue's clock: it may be that which is wrong. */
function isOfTime(verdict: Verdict): boolean {
  if (verdict.kind === "refused") return verdict.reason === "EXPIRED_REQUEST";
  return verdict.kind === "later" && verdict.because === "clock";
}

function saidBy(error: unknown): unknown {
  return error instanceof SocketRefusal ? error.body : answerOf(error)?.body;
}
