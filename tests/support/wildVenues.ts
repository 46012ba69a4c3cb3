/**
 * Venues behind a network that delays, reorders, repeats and loses, with the truth about every order.
 * Some things hold, as they do at real venues: a fill is told at last; a request older than its expiry is
 * refused; an amendment is refused at once or, when it came too late, in silence, because the report does
 * not name its request.
 */
import type { AmendEffect, CancelEffect, Effect, PlaceEffect } from "../../server/contract/effects.ts";
import type { OrderStatusEvent } from "../../server/contract/events.ts";
import { BTC, LOTS, USD, type Desk, type EventBody, type FillBody } from "./desk.ts";

export interface VenueOrder {
  readonly sent: PlaceEffect;
  status: "IN_FLIGHT" | "LOST" | "OPEN" | "FILLED" | "CANCELED" | "REJECTED";
  /** The desk has heard that it rests; only of such an order may the venue deny knowledge once it has ended. */
  told: boolean;
  priceTicks: number;
  totalLots: number;
  filledLots: number;
}

/** An amendment on the wire, with what the desk knew to be filled when it left. */
export interface AmendRequest extends AmendEffect {
  readonly fromLots: number;
}

type Query = Extract<Effect, { type: "query" }> & { readonly askedAtUs: number };
export type Request = PlaceEffect | AmendRequest | CancelEffect | Query;

const CENTS_PER_TICK_LOT = USD / 10_000n;

export class WildVenues {
  readonly orders: VenueOrder[] = [];
  readonly requests: Request[] = [];
  readonly reports: EventBody[] = [];
  /** Venues deny knowing an ended order of which they have told the desk. */
  forgetful = true;
  private readonly byId = new Map<string, VenueOrder>();
  private readonly balances: { btcAtoms: bigint; usdAtoms: bigint }[];
  private readonly fills: FillBody[] = [];
  private readonly desk: Desk;
  private trades = 0;

  constructor(desk: Desk) {
    this.desk = desk;
    this.balances = desk.state.accounts.map(({ holdings }) => ({
      btcAtoms: holdings.get("BTC")?.balanceAtoms ?? 0n,
      usdAtoms: holdings.get("USD")?.balanceAtoms ?? 0n,
    }));
  }

  nowUs(): number {
    return this.desk.nowUs;
  }

  /** An amendment there is a cancel and a new order: until it arrives, both may fill. */
  amendsBySecondOrder(account: number): boolean {
    return this.desk.engine.config.accounts[account]?.amend === "cancel-new";
  }

  /** Steps the event and takes on the wire what the desk asks for. */
  tell(event: EventBody): void {
    this.carry(this.desk.send(event));
  }

  carry(effects: readonly Effect[]): void {
    for (const effect of effects)
      switch (effect.type) {
        case "place":
          this.takeOrder(effect);
          break;
        case "amend":
          this.requests.push({ ...effect, fromLots: this.knownLots(effect.clientId) });
          break;
        case "query":
          this.ask({ ...effect, askedAtUs: this.desk.nowUs });
          break;
        case "cancel":
          this.requests.push(effect);
          break;
        case "cancelAll":
        case "notice":
        case "acknowledge":
          break;
      }
  }

  /** A request reaches its venue. */
  arrive(pick: number): void {
    const request = takeOut(this.requests, pick);
    switch (request?.type) {
      case "place":
        return this.onPlace(request);
      case "amend":
        return this.onAmend(request);
      case "cancel":
        return this.onCancel(request);
      case "query":
        return this.onQuery(request);
      case undefined:
        return;
    }
  }

  lose(pick: number): void {
    const request = takeOut(this.requests, pick);
    const order = request?.type === "place" ? this.byId.get(request.clientId) : undefined;
    if (order !== undefined) order.status = "LOST";
  }

  /** Somebody trades with an open order. */
  trade(pick: number, lots: number): void {
    const order = pickOf(
      this.orders.filter(({ status }) => status === "OPEN"),
      pick,
    );
    if (order === undefined) return;
    const { account, instrument, clientId, side } = order.sent;
    const sizeLots = Math.min(lots, order.totalLots - order.filledLots);
    order.filledLots += sizeLots;
    if (order.filledLots === order.totalLots) order.status = "FILLED";
    this.moveBalance(account, (side === "buy" ? 1n : -1n) * BigInt(sizeLots), order.priceTicks);
    const fill: FillBody = {
      type: "fill",
      account,
      instrument,
      clientId,
      venueOrderId: `v${clientId}`,
      tradeId: String(++this.trades),
      side,
      priceTicks: order.priceTicks,
      sizeLots,
      liquidity: "maker",
      venueAtUs: this.desk.nowUs,
      feeAsset: "USD",
      feeAtoms: 0n,
    };
    this.fills.push(fill);
    this.reports.push(fill);
  }

  /** The venue ends an order of its own accord. */
  expire(pick: number): void {
    const order = pickOf(
      this.orders.filter(({ status }) => status === "OPEN"),
      pick,
    );
    if (order !== undefined) this.end(order, "orderExpired");
  }

  /** A report reaches the desk, and perhaps again later. */
  deliver(pick: number, again: boolean): void {
    const report = again ? pickOf(this.reports, pick) : takeOut(this.reports, pick);
    if (report === undefined) return;
    const order = "clientId" in report ? this.byId.get(report.clientId ?? "") : undefined;
    if (order !== undefined && report.type === "orderAccepted") order.told = true;
    this.tell(report);
  }

  /** A report that never arrives; a fill does. */
  forget(pick: number): void {
    const report = takeOut(this.reports, pick);
    if (report?.type === "fill") this.reports.push(report);
  }

  private takeOrder(sent: PlaceEffect): void {
    const order: VenueOrder = {
      sent,
      status: "IN_FLIGHT",
      told: false,
      priceTicks: sent.priceTicks,
      totalLots: sent.sizeLots,
      filledLots: 0,
    };
    this.orders.push(order);
    this.byId.set(sent.clientId, order);
    this.requests.push(sent);
  }

  /** One of a kind on the wire: the desk asks again and again, and questions would drown the orders. */
  private ask(query: Query): void {
    const same = (other: Request): boolean =>
      other.type === "query" &&
      other.what === query.what &&
      other.account === query.account &&
      (other.what !== "order" || query.what !== "order" || other.clientId === query.clientId);
    if (!this.requests.some(same)) this.requests.push(query);
  }

  private onPlace({ account, clientId, requestExpiresAtUs }: PlaceEffect): void {
    const order = this.order(clientId);
    const late = this.desk.nowUs > requestExpiresAtUs;
    order.status = late ? "REJECTED" : "OPEN";
    if (late) this.reports.push({ type: "orderRejected", account, clientId, reason: "EXPIRED_REQUEST" });
    else this.reports.push({ type: "orderAccepted", account, clientId, venueOrderId: `v${clientId}` });
  }

  private onAmend(request: AmendRequest): void {
    const { account, clientId, priceTicks } = request;
    const order = this.order(clientId);
    if (this.desk.nowUs > request.requestExpiresAtUs) return;
    if (order.status !== "OPEN")
      return this.tell({ type: "amendRejected", account, clientId, reason: "UNKNOWN_ORDER" });
    // A second order is as large as the desk asked for, whatever the first has filled since.
    const sinceLots = this.amendsBySecondOrder(account) ? order.filledLots - request.fromLots : 0;
    const sizeLots = request.sizeLots + sinceLots;
    if (sizeLots <= order.filledLots) return this.end(order, "orderCanceled");
    order.priceTicks = priceTicks;
    order.totalLots = sizeLots;
    const venueOrderId = `v${clientId}`;
    this.reports.push({ type: "orderAmended", account, clientId, venueOrderId, priceTicks, sizeLots });
  }

  private onCancel({ account, clientId }: CancelEffect): void {
    const order = this.order(clientId);
    if (order.status === "OPEN") return this.end(order, "orderCanceled");
    this.reports.push({ type: "cancelRejected", account, clientId, reason: "UNKNOWN_ORDER" });
  }

  private onQuery(query: Query): void {
    const { account, askedAtUs } = query;
    switch (query.what) {
      case "order": {
        const { clientId } = query;
        const answer = this.answerFor(this.order(clientId));
        this.reports.push({ type: "orderStatus", account, clientId, askedAtUs, answer });
        return;
      }
      case "openOrders": {
        const open = this.orders.filter(({ sent, status }) => sent.account === account && status === "OPEN");
        const orders = open.map(({ sent, priceTicks, totalLots: sizeLots, filledLots }) => {
          const { clientId, instrument, side } = sent;
          const venueOrderId = `v${clientId}`;
          return { clientId, venueOrderId, instrument, side, priceTicks, sizeLots, filledLots };
        });
        this.reports.push({ type: "openOrders", account, askedAtUs, orders });
        return;
      }
      case "balances": {
        const { btcAtoms, usdAtoms } = this.balanceOf(account);
        const balances = [
          { asset: "BTC", totalAtoms: btcAtoms },
          { asset: "USD", totalAtoms: usdAtoms },
        ];
        this.reports.push({ type: "balances", account, balances });
        return;
      }
      case "fills":
        this.reports.push(...this.fills.filter((fill) => fill.account === account));
    }
  }

  private answerFor(order: VenueOrder): OrderStatusEvent["answer"] {
    const { status, priceTicks, totalLots: sizeLots, filledLots, sent, told } = order;
    if (status === "IN_FLIGHT" || status === "LOST") return { found: false };
    if (this.forgetful && told && status !== "OPEN") return { found: false };
    return { found: true, venueOrderId: `v${sent.clientId}`, status, priceTicks, sizeLots, filledLots };
  }

  private end(order: VenueOrder, type: "orderCanceled" | "orderExpired"): void {
    order.status = "CANCELED";
    const { account, clientId } = order.sent;
    this.reports.push({ type, account, clientId, filledLots: order.filledLots });
  }

  balanceOf(account: number): { btcAtoms: bigint; usdAtoms: bigint } {
    const balance = this.balances[account];
    if (balance === undefined) throw new Error(`there is no account ${account}`);
    return balance;
  }

  private moveBalance(account: number, lots: bigint, priceTicks: number): void {
    const balance = this.balanceOf(account);
    balance.btcAtoms += (lots * BTC) / BigInt(LOTS);
    balance.usdAtoms -= lots * BigInt(priceTicks) * CENTS_PER_TICK_LOT;
  }

  private knownLots(clientId: string): number {
    return this.desk.state.orders.get(clientId)?.filledLots ?? 0;
  }

  private order(clientId: string): VenueOrder {
    const order = this.byId.get(clientId);
    if (order === undefined) throw new Error(`${clientId} was never sent`);
    return order;
  }
}

/** By a share of the list, 0 ≤ pick < 1, so that the same number means something in a list of any length. */
function pickOf<T>(list: readonly T[], pick: number): T | undefined {
  return list[Math.floor(pick * list.length)];
}

function takeOut<T>(list: T[], pick: number): T | undefined {
  return list.splice(Math.floor(pick * list.length), 1)[0];
}
