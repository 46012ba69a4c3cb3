/** Own trades as the venue lists them. Their bill ids come from what they are: equal after a restart, and rising. */
import type { FillRecord, VenueCore } from "../ports.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { instIdOf } from "./instruments.ts";
import { clOrdIdOf } from "./orders.ts";
import { execTypeOf, signedFee } from "./orderRow.ts";
import { sliceOf } from "./paging.ts";
import type { Page } from "./paging.ts";
import { msText, pxText, szText } from "./text.ts";

export interface FillFilter {
  readonly instrument: number | undefined;
  readonly venueOrderId: string | undefined;
}

/** More than fall on one microsecond: a page that begins in the middle of it is still whole. */
const SAME_INSTANT_MAX = 1_000;

/** Newest first. */
export function fillRows(venue: OkxVenue, account: number, filter: FillFilter, page: Page): object[] {
  const { core } = venue;
  const { after, before, limit } = page;
  const fills = core
    .fills(account, {
      ...filter,
      sinceUs: Math.max(page.sinceUs, before === undefined ? -Infinity : instantOf(before)),
      untilUs: Math.min(page.untilUs, after === undefined ? Infinity : instantOf(after)),
      order: "newest",
      limit: limit + SAME_INSTANT_MAX,
    })
    .map((fill) => ({ fill, billId: billIdOf(fill) }))
    .sort((a, b) => (a.billId < b.billId ? 1 : -1));
  return sliceOf(fills, page, ({ billId }) => billId).map(({ fill, billId }) =>
    fillRow(venue, account, fill, billId),
  );
}

const TRADE_DIGITS = 6;
const INSTRUMENT_DIGITS = 3;
const SIDE_DIGITS = 1;

/** Of one length, so that texts compare as numbers do. Both orders of a self-trade have one trade. */
function billIdOf({ venueAtUs, tradeId, instrument, side }: FillRecord): string {
  return (
    String(venueAtUs) +
    tradeId.slice(-TRADE_DIGITS).padStart(TRADE_DIGITS, "0") +
    String(instrument).padStart(INSTRUMENT_DIGITS, "0") +
    (side === "buy" ? "0" : "1")
  );
}

function instantOf(billId: string): number {
  return Number(billId.slice(0, -(TRADE_DIGITS + INSTRUMENT_DIGITS + SIDE_DIGITS)));
}

function fillRow({ core, orders }: OkxVenue, account: number, fill: FillRecord, billId: string): object {
  const definition = core.definitionOf(fill);
  const order = core.order(account, { venueOrderId: fill.venueOrderId });
  return {
    billId,
    clOrdId: clOrdIdOf(fill),
    execType: execTypeOf(fill),
    fee: signedFee(core, fill.feeAsset, fill.feeAtoms),
    feeCcy: fill.feeAsset,
    feeRate: feeRate(core, account, fill),
    fillFwdPx: "",
    fillIdxPx: "",
    fillMarkPx: "",
    fillMarkVol: "",
    fillPnl: "0",
    fillPx: pxText(definition, fill.priceTicks),
    fillPxUsd: "",
    fillPxVol: "",
    fillSz: szText(definition, fill.sizeLots),
    fillTime: msText(fill.venueAtUs),
    instId: instIdOf(definition),
    instType: "SPOT",
    ordId: fill.venueOrderId,
    posSide: "net",
    side: fill.side,
    subType: fill.side === "buy" ? "1" : "2",
    tag: order === undefined ? "" : orders.extras(account, order).tag,
    tradeId: fill.tradeId,
    tradeQuoteCcy: definition.quote,
    ts: msText(fill.venueAtUs),
  };
}

/** The rate of now: tiers change it rarely, and nothing is settled by this field. */
function feeRate(core: VenueCore, account: number, { liquidity }: FillRecord): string {
  const { makerFrac, takerFrac } = core.feeRates(account);
  return rateText(liquidity === "maker" ? makerFrac : takerFrac);
}

/** A fraction in the venue's sign: what is paid is negative. */
export function rateText(costFrac: number): string {
  const text = (-costFrac).toFixed(RATE_DECIMALS).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}

const RATE_DECIMALS = 12;
