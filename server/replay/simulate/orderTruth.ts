/**
 * Every order that left the desk and what its venue made of it. An order is out of the way once the venue
 * ended it, or once it has not arrived by its request's expiry: nothing that the desk believes counts here.
 */
import type { AmendEffect, PlaceEffect } from "../../contract/effects.ts";
import { sideSign, type Side } from "../../contract/units.ts";
import type { EngineConfig } from "../../contract/config.ts";
import type { PrivateReport } from "../../lab/ports.ts";

export type TrueFill = Extract<PrivateReport, { type: "fill" }>;

interface Terms {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly expiresAtUs: number;
}

export interface TrueOrder {
  readonly clientId: string;
  readonly account: number;
  readonly instrument: number;
  readonly side: Side;
  readonly isQuote: boolean;
  readonly expiresAtUs: number;
  priceTicks: number;
  sizeLots: number;
  filledLots: number;
  isResting: boolean;
  hasArrived: boolean;
  /** Amendments on the wire. */
  amends: Terms[];
  /** Cancels that the desk has sent. */
  cancels: number;
}

export class OrderTruth {
  readonly #lotBase: readonly number[];
  readonly #tick: readonly number[];
  readonly #decimals: ReadonlyMap<string, number>;
  readonly #bases: readonly string[];
  readonly #sentIds = new Set<string>();
  /** By instrument: what is on the wire or open. */
  readonly #alive: Map<string, TrueOrder>[];
  /** Signed base units by account and asset, from fills alone. */
  readonly #inventory: Map<string, number>[];

  constructor(config: EngineConfig) {
    this.#lotBase = config.instruments.map(
      ({ lot, contractSizeBase }) => Number(lot) * Number(contractSizeBase),
    );
    this.#tick = config.instruments.map(({ tick }) => Number(tick));
    this.#bases = config.instruments.map(({ base }) => base);
    this.#decimals = new Map(config.assets.map(({ asset, decimals }) => [asset, decimals]));
    this.#alive = config.instruments.map(() => new Map());
    this.#inventory = config.accounts.map(() => new Map());
  }

  /** False: the id has been used before. */
  placed(effect: PlaceEffect): boolean {
    const { clientId, account, instrument, side, priceTicks, sizeLots } = effect;
    const isNew = !this.#sentIds.has(clientId);
    this.#sentIds.add(clientId);
    this.#alive[instrument]?.set(clientId, {
      clientId,
      account,
      instrument,
      side,
      isQuote: effect.timeInForce === "POST_ONLY",
      expiresAtUs: effect.requestExpiresAtUs,
      priceTicks,
      sizeLots,
      filledLots: 0,
      isResting: false,
      hasArrived: false,
      amends: [],
      cancels: 0,
    });
    return isNew;
  }

  amended({
    instrument,
    clientId,
    priceTicks,
    sizeLots,
    requestExpiresAtUs,
  }: AmendEffect): TrueOrder | undefined {
    const order = this.find(instrument, clientId);
    order?.amends.push({ priceTicks, sizeLots, expiresAtUs: requestExpiresAtUs });
    return order;
  }

  wasSent(clientId: string): boolean {
    return this.#sentIds.has(clientId);
  }

  find(instrument: number, clientId: string): TrueOrder | undefined {
    return this.#alive[instrument]?.get(clientId);
  }

  arrived(request: PlaceEffect | AmendEffect): void {
    const order = this.find(request.instrument, request.clientId);
    if (order === undefined) return;
    if (request.type === "place") order.hasArrived = true;
    else {
      const { priceTicks, sizeLots } = request;
      const at = order.amends.findIndex(
        (terms) => terms.priceTicks === priceTicks && terms.sizeLots === sizeLots,
      );
      if (at >= 0) order.amends.splice(at, 1);
    }
  }

  happened(account: number, report: PrivateReport): TrueOrder | undefined {
    const order = this.#search(report.clientId);
    switch (report.type) {
      case "fill":
        this.#book(account, report);
        if (order === undefined) return undefined;
        order.filledLots += report.sizeLots;
        if (order.filledLots >= order.sizeLots) this.#alive[order.instrument]?.delete(order.clientId);
        return order;
      case "orderAccepted":
        if (order !== undefined) order.isResting = order.isQuote;
        return order;
      case "orderAmended":
        if (order !== undefined)
          Object.assign(order, { priceTicks: report.priceTicks, sizeLots: report.sizeLots });
        return order;
      case "orderRejected":
      case "orderCanceled":
      case "orderExpired":
        if (order !== undefined) this.#alive[order.instrument]?.delete(order.clientId);
        return order;
      case "amendRejected":
      case "cancelRejected":
        return order;
    }
  }

  /** On the wire or open; what can no longer arrive is dropped on the way. */
  *alive(instrument: number, nowUs: number): Generator<TrueOrder> {
    const orders = this.#alive[instrument] ?? new Map<string, TrueOrder>();
    for (const order of orders.values())
      if (!order.hasArrived && nowUs > order.expiresAtUs) orders.delete(order.clientId);
      else yield order;
  }

  /** Signed base units that one side of an instrument can still add, at worst. */
  workingBase(instrument: number, side: Side, nowUs: number): number {
    let lots = 0;
    for (const order of this.alive(instrument, nowUs)) {
      if (order.side !== side) continue;
      order.amends = order.amends.filter(({ expiresAtUs }) => nowUs <= expiresAtUs);
      lots += Math.max(order.sizeLots, ...order.amends.map(({ sizeLots }) => sizeLots)) - order.filledLots;
    }
    return sideSign(side) * lots * (this.#lotBase[instrument] ?? 0);
  }

  /** What one side of an instrument can still cost at worst: quote currency for buys, base for sells; no fees. */
  reserved(instrument: number, side: Side, nowUs: number): number {
    if (side === "sell") return -this.workingBase(instrument, side, nowUs);
    let cost = 0;
    for (const order of this.alive(instrument, nowUs)) {
      if (order.side !== side) continue;
      const terms = [order, ...order.amends.filter(({ expiresAtUs }) => nowUs <= expiresAtUs)];
      const lots = Math.max(...terms.map(({ sizeLots }) => sizeLots)) - order.filledLots;
      cost += lots * Math.max(...terms.map(({ priceTicks }) => priceTicks));
    }
    return cost * this.lotBase(instrument) * (this.#tick[instrument] ?? 0);
  }

  inventory(account: number, asset: string): number {
    return this.#inventory[account]?.get(asset) ?? 0;
  }

  lotBase(instrument: number): number {
    return this.#lotBase[instrument] ?? 0;
  }

  #search(clientId: string): TrueOrder | undefined {
    for (const orders of this.#alive) {
      const order = orders.get(clientId);
      if (order !== undefined) return order;
    }
    return undefined;
  }

  #book(account: number, fill: TrueFill): void {
    const base = this.#bases[fill.instrument] ?? "";
    const feeBase =
      fill.feeAsset === base ? Number(fill.feeAtoms) / 10 ** (this.#decimals.get(base) ?? 0) : 0;
    const change = sideSign(fill.side) * fill.sizeLots * this.lotBase(fill.instrument) - feeBase;
    this.#inventory[account]?.set(base, this.inventory(account, base) + change);
  }
}
