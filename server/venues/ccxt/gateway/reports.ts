/**
 * What the venue says of our orders, in whatever order and however often, as events that each say something new. A
 * revision that replaces another is one order to the engine.
 */
import type { AmendEffect, PlaceEffect } from "../../../contract/effects.ts";
import type { VenueRefusal } from "../../../contract/reasons.ts";
import type { VenueEvent } from "../../venue.ts";
import type { Exchange, HalfAmended, OrderStatus, RawOrderNews } from "../exchanges/exchange.ts";
import type { OrderName } from "./names.ts";
import { adoptedOf } from "./orderTerms.ts";
import { isLineageLost } from "./tracker.ts";
import type { Listed, OrderTracker, PendingAmend, TrackedOrder } from "./tracker.ts";

export interface ReportsOptions {
  readonly account: number;
  readonly exchange: Pick<Exchange, "amend">;
  readonly tracker: OrderTracker;
  readonly listed: (symbol: string) => Listed | undefined;
  readonly emit: (event: VenueEvent) => void;
  /** An order under a later name whose earlier ones nobody here knows: it is to be canceled. */
  readonly onLineageLost: (clientId: string, listed: Listed) => void;
  readonly nowMs: () => number;
}

export class OrderReports {
  readonly #options: ReportsOptions;

  constructor(options: ReportsOptions) {
    this.#options = options;
  }

  /** Of an order of ours, from a stream, an answer or a question. */
  news(symbol: string, news: RawOrderNews): void {
    const { tracker } = this.#options;
    const name = tracker.nameOf(news.clientId, news.venueOrderId);
    if (name === undefined) return;
    const order = tracker.get(name.clientId) ?? this.#adopt(name.clientId, name.revision, symbol, news);
    // Why, says the answer to the request alone.
    if (order === undefined || (news.status === "REJECTED" && news.refusal === undefined)) return;
    if (news.venueOrderId !== undefined) tracker.learn(news.venueOrderId, name);
    order.side ??= news.side;
    if (order.pending?.revision === name.revision && name.revision !== order.revision) {
      this.#replace(order, order.pending, news);
    } else if (name.revision > order.revision) {
      // A later life than the one we knew: ours of before a restart of this gateway, or of an amendment given up.
      this.#moveTo(order, name.revision, order.filledLots);
      order.lastRevision = Math.max(order.lastRevision, name.revision);
      order.isEnded = false;
    } else if (name.revision < order.revision) return;
    this.#apply(order, news);
  }

  /** A fill that was not told before, by its size in the venue's text. */
  filled(name: OrderName, size: string, { grid }: Listed): void {
    const { tracker } = this.#options;
    const order = tracker.get(name.clientId);
    // Whatever it is told in: the order counts in the steps that it was placed in.
    const lots = (order?.listed.grid ?? grid).lots(size) ?? 0;
    const booked = tracker.book(name, lots);
    if (order === undefined) return;
    if (name.revision === order.revision) order.filledLots = Math.max(order.filledLots, booked);
    else if (name.revision < order.firstRevision) order.replacedLots += lots;
  }

  /** The venue has neither made nor will make this amendment. */
  amendLapsed(order: TrackedOrder): void {
    order.pending = undefined;
  }

  rejected(order: TrackedOrder, reason: VenueRefusal): void {
    if (order.isEnded) return;
    this.#markEnded(order);
    this.#emit({ type: "orderRejected", account: this.#account, clientId: order.clientId, reason });
  }

  unknown(order: TrackedOrder, request: "place" | "amend" | "cancel"): void {
    this.#emit({ type: "orderUnknown", account: this.#account, clientId: order.clientId, request });
  }

  /** The answer to an amendment. */
  amended(order: TrackedOrder, pending: PendingAmend, news: RawOrderNews): void {
    // The stream was faster.
    if (order.pending !== pending) return;
    if (pending.revision !== order.revision) {
      this.#replace(order, pending, news);
      this.#apply(order, news);
    } else this.#changeInPlace(order, pending, news.venueOrderId);
  }

  amendRefused(order: TrackedOrder, pending: PendingAmend, reason: VenueRefusal): void {
    if (order.pending === pending) order.pending = undefined;
    const { priceTicks, sizeLots } = pending;
    this.#emit({
      type: "amendRejected",
      account: this.#account,
      clientId: order.clientId,
      reason,
      priceTicks,
      sizeLots,
    });
    // Canceled meanwhile, by another request than the amendment.
    if (pending.replacedFilledLots !== undefined) this.#end(order, "CANCELED", undefined);
  }

  /** The old order is canceled, and the new one was refused. */
  halfAmended(order: TrackedOrder, pending: PendingAmend, half: HalfAmended): void {
    if (order.pending === pending) order.pending = undefined;
    this.#noteFilled(order, half.filled);
    this.#end(order, "CANCELED", undefined);
  }

  /** Of an order that nothing is known of, because nothing was done. */
  refusePlace({ clientId }: Pick<PlaceEffect, "clientId">, reason: VenueRefusal): void {
    this.#emit({ type: "orderRejected", account: this.#account, clientId, reason });
  }

  cancelRefused(clientId: string, reason: VenueRefusal): void {
    if (this.#options.tracker.get(clientId)?.isEnded === true) return;
    this.#emit({ type: "cancelRejected", account: this.#account, clientId, reason });
  }

  refuseAmend(effect: AmendEffect, reason: VenueRefusal): void {
    const { clientId, priceTicks, sizeLots } = effect;
    this.#emit({ type: "amendRejected", account: this.#account, clientId, reason, priceTicks, sizeLots });
  }

  get #account(): number {
    return this.#options.account;
  }

  #emit(event: VenueEvent): void {
    this.#options.emit(event);
  }

  #apply(order: TrackedOrder, news: RawOrderNews): void {
    if (order.isEnded || news.status === undefined) {
      if (!order.isEnded && news.venueOrderId !== undefined) this.#accept(order, news.venueOrderId);
      return;
    }
    this.#noteFilled(order, news.filled);
    switch (news.status) {
      case "OPEN":
        this.#accept(order, news.venueOrderId);
        return this.#noticeAmended(order, news);
      case "FILLED":
        // The fills themselves say the rest.
        this.#accept(order, news.venueOrderId);
        this.#noticeAmended(order, news);
        return this.#markEnded(order);
      case "CANCELED":
      case "EXPIRED":
        if (order.pending !== undefined && order.pending.revision !== order.revision) {
          // The first half of a replacement, until its answer says otherwise.
          order.pending.replacedFilledLots = order.filledLots;
          return;
        }
        return this.#end(order, news.status, news.refusal);
      case "REJECTED":
        return this.rejected(order, news.refusal ?? "OTHER");
    }
  }

  #accept(order: TrackedOrder, venueOrderId: string | undefined): void {
    if (venueOrderId === undefined) return;
    order.venueOrderId = venueOrderId;
    if (order.isAccepted) return;
    order.isAccepted = true;
    this.#emit({ type: "orderAccepted", account: this.#account, clientId: order.clientId, venueOrderId });
  }

  #end(
    order: TrackedOrder,
    status: Extract<OrderStatus, "CANCELED" | "EXPIRED">,
    refusal: VenueRefusal | undefined,
  ): void {
    if (order.isEnded) return;
    const filledLots = order.replacedLots + order.filledLots;
    // A venue that accepts first and looks afterwards: to the engine it is a refusal, unless it was told otherwise.
    if (refusal !== undefined && !order.isAccepted && filledLots === 0) return this.rejected(order, refusal);
    this.#markEnded(order);
    const type = status === "CANCELED" ? "orderCanceled" : "orderExpired";
    this.#emit({ type, account: this.#account, clientId: order.clientId, filledLots });
  }

  #markEnded(order: TrackedOrder): void {
    order.isEnded = true;
    order.changedAtMs = this.#options.nowMs();
  }

  /** In place: the order's new terms in the stream are the answer. */
  #noticeAmended(order: TrackedOrder, news: RawOrderNews): void {
    const { pending, listed } = order;
    if (pending === undefined || pending.revision !== order.revision) return;
    const { price, size } = news;
    if (price === undefined || size === undefined) return;
    if (listed.grid.ticks(price) === pending.priceTicks && listed.grid.lots(size) === pending.sizeLots)
      this.#changeInPlace(order, pending, news.venueOrderId);
  }

  #changeInPlace(order: TrackedOrder, pending: PendingAmend, venueOrderId: string | undefined): void {
    order.pending = undefined;
    order.priceTicks = pending.priceTicks;
    order.sizeLots = pending.sizeLots;
    order.changedAtMs = this.#options.nowMs();
    this.#tellAmended(order, venueOrderId);
  }

  #replace(order: TrackedOrder, pending: PendingAmend, news: RawOrderNews): void {
    this.#noteFilled(order, news.replacedFilled);
    this.#moveTo(order, pending.revision, pending.replacedFilledLots ?? order.filledLots);
    order.pending = undefined;
    order.priceTicks = pending.priceTicks;
    order.sizeLots = order.replacedLots + pending.revisionLots;
    order.changedAtMs = this.#options.nowMs();
    if (news.venueOrderId !== undefined) this.#options.tracker.learn(news.venueOrderId, order);
    order.isAccepted = true;
    this.#tellAmended(order, news.venueOrderId);
  }

  /** Under its next name, with so much filled under the present one. */
  #moveTo(order: TrackedOrder, revision: number, replacedLots: number): void {
    order.replacedLots += replacedLots;
    order.revision = revision;
    order.filledLots = this.#options.tracker.booked(order.clientId).get(revision) ?? 0;
  }

  #tellAmended(order: TrackedOrder, venueOrderId: string | undefined): void {
    order.venueOrderId = venueOrderId ?? order.venueOrderId;
    const { clientId, priceTicks, sizeLots } = order;
    this.#emit({
      type: "orderAmended",
      account: this.#account,
      clientId,
      venueOrderId: order.venueOrderId ?? "",
      priceTicks,
      sizeLots,
    });
  }

  #noteFilled(order: TrackedOrder, filled: string | undefined): void {
    const lots = filled === undefined ? undefined : order.listed.grid.lots(filled);
    if (lots !== undefined) order.filledLots = Math.max(order.filledLots, lots);
  }

  /** An order of this desk that this gateway has not placed: an earlier one did. */
  #adopt(clientId: string, revision: number, symbol: string, news: RawOrderNews): TrackedOrder | undefined {
    const listed = this.#options.listed(symbol);
    if (listed === undefined) return undefined;
    const nowMs = this.#options.nowMs();
    const { tracker } = this.#options;
    const booked = tracker.booked(clientId);
    const order = tracker.add(adoptedOf({ clientId, revision }, listed, news, booked, nowMs));
    if (isLineageLost(order) && news.status === "OPEN") this.#options.onLineageLost(clientId, listed);
    return order;
  }
}
