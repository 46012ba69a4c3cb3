/** An order in the venue's words, for REST answers and, with what happened to it, for the orders channel. */
import type { Instrument } from "../../../contract/instrument.ts";
import { scaledToDecimal } from "../../../core/decimal.ts";
import { decimalsOf, valueText } from "../decimals.ts";
import type { FillRecord, OrderRecord, VenueCore } from "../ports.ts";
import { instIdOf } from "./instruments.ts";
import { clOrdIdOf, stpModeOf } from "./orders.ts";
import type { OrderExtras } from "./orders.ts";
import { averageText, msText, pxText, szText } from "./text.ts";

/** As REST tells it: with its last fill. */
export function orderRow(core: VenueCore, order: OrderRecord, extras: OrderExtras): object {
  const definition = core.definitionOf(order);
  return {
    ...BLANK,
    ...factsOf(core, definition, order, extras),
    ...fillOf(definition, extras.lastFill),
  };
}

/** What an orders message is about. */
export interface OrderChange {
  readonly fill?: FillRecord | undefined;
  /** −1 failed, 0 done, 1 canceled because it failed; absent: the order was not amended. */
  readonly amendResult?: "-1" | "0" | "1" | undefined;
  readonly reqId?: string | undefined;
  readonly code?: string | undefined;
  readonly msg?: string | undefined;
}

/**
 * As the channel tells it, as JSON: with the fill that it is about, if it is about one. Written piece by piece, because
 * merging some 70 fields for every report costs more than all else that a report needs.
 */
export function orderPush(
  core: VenueCore,
  order: OrderRecord,
  extras: OrderExtras,
  { fill, amendResult, reqId = "", code = "0", msg = "" }: OrderChange,
): string {
  const definition = core.definitionOf(order);
  const last = core.trades(order.instrument).at(-1);
  const change = {
    amendResult: amendResult ?? "",
    amendSource: amendResult === undefined ? "" : "1",
    reqId,
    code,
    msg,
    execType: fill === undefined ? "" : execTypeOf(fill),
    fillFee: fill === undefined ? "0" : signedFee(core, fill.feeAsset, fill.feeAtoms),
    fillFeeCcy: fill?.feeAsset ?? "",
    fillNotionalUsd:
      fill === undefined ? "" : valueText(definition, BigInt(fill.priceTicks) * BigInt(fill.sizeLots)),
    lastPx: last === undefined ? "" : pxText(definition, last.priceTicks),
    notionalUsd: valueText(definition, BigInt(order.priceTicks) * BigInt(order.sizeLots)),
  };
  const pieces = [factsOf(core, definition, order, extras), fillOf(definition, fill), change].map(fieldsText);
  return `{${pieces.join()},${BLANK_PUSH_TEXT}}`;
}

/** The fields of a JSON object, without its braces. */
function fieldsText(piece: object): string {
  return JSON.stringify(piece).slice(1, -1);
}

export function execTypeOf({ liquidity }: FillRecord): "M" | "T" {
  return liquidity === "maker" ? "M" : "T";
}

/** The venue's sign: a fee is negative, a rebate positive. */
export function signedFee(core: VenueCore, asset: string, costAtoms: bigint): string {
  return scaledToDecimal(-costAtoms, decimalsOf(core, asset));
}

export function stateOf(order: OrderRecord, extras: OrderExtras): string {
  if (order.status === "FILLED" || extras.isFilledByAmend) return "filled";
  if (order.status !== "OPEN") return "canceled";
  return order.filledLots > 0 ? "partially_filled" : "live";
}

function factsOf(core: VenueCore, definition: Instrument, order: OrderRecord, extras: OrderExtras): object {
  const { filledLots, filledTickLots, side, venueOrderId, priceTicks } = order;
  const sizeLots = extras.isFilledByAmend ? filledLots : order.sizeLots;
  const [feeAsset, costAtoms] = [...extras.feeAtoms][0] ?? [];
  const received = side === "buy" ? definition.base : definition.quote;
  const isRebate = costAtoms !== undefined && costAtoms < 0n;
  return {
    accFillSz: szText(definition, filledLots),
    avgPx: averageText(definition, filledTickLots, filledLots),
    cTime: msText(order.createdAtUs),
    cancelSource: extras.cancelSource,
    cancelSourceReason: CANCEL_REASONS[extras.cancelSource] ?? "",
    clOrdId: clOrdIdOf(order),
    fee:
      feeAsset === undefined || costAtoms === undefined || isRebate
        ? "0"
        : signedFee(core, feeAsset, costAtoms),
    feeCcy: (isRebate ? undefined : feeAsset) ?? received,
    instId: instIdOf(definition),
    ordId: venueOrderId,
    ordType: extras.ordType,
    px: extras.ordType === "market" ? "" : pxText(definition, priceTicks),
    rebate: isRebate && feeAsset !== undefined ? signedFee(core, feeAsset, costAtoms) : "0",
    rebateCcy: (isRebate ? feeAsset : undefined) ?? received,
    side,
    state: stateOf(order, extras),
    stpMode: stpModeOf(order),
    sz: extras.quoteSz ?? szText(definition, sizeLots),
    tag: extras.tag,
    tgtCcy: extras.tgtCcy,
    tradeQuoteCcy: definition.quote,
    uTime: msText(order.updatedAtUs),
  };
}

function fillOf(definition: Instrument, fill: FillRecord | undefined): object {
  if (fill === undefined) return { fillPx: "", fillSz: "0", fillTime: "", tradeId: "" };
  return {
    fillPx: pxText(definition, fill.priceTicks),
    fillSz: szText(definition, fill.sizeLots),
    fillTime: msText(fill.venueAtUs),
    tradeId: fill.tradeId,
  };
}

const CANCEL_REASONS: Readonly<Record<string, string>> = {
  "0": "Order canceled by system",
  "1": "Order canceled by user",
  "13": "FOK order was not completely filled",
  "14": "IOC order was not completely filled",
  "20": "Cancel all after triggered",
  "31": "The post-only order will take liquidity in taker orders",
  "32": "Self trade prevention",
};

/** What a spot order in a cash account has nothing to say about. */
const BLANK = {
  algoClOrdId: "",
  algoId: "",
  attachAlgoClOrdId: "",
  attachAlgoOrds: [],
  category: "normal",
  ccy: "",
  instType: "SPOT",
  isTpLimit: "false",
  lever: "",
  linkedAlgoOrd: { algoId: "" },
  pnl: "0",
  posSide: "net",
  pxType: "",
  pxUsd: "",
  pxVol: "",
  quickMgnType: "",
  reduceOnly: "false",
  slOrdPx: "",
  slTriggerPx: "",
  slTriggerPxType: "",
  source: "",
  stpId: "",
  tdMode: "cash",
  tpOrdPx: "",
  tpTriggerPx: "",
  tpTriggerPxType: "",
};

const PUSH_BLANK = {
  fillFwdPx: "",
  fillIdxPx: "",
  fillMarkPx: "",
  fillMarkVol: "",
  fillPnl: "0",
  fillPxUsd: "",
  fillPxVol: "",
};

const BLANK_PUSH_TEXT = `${fieldsText(BLANK)},${fieldsText(PUSH_BLANK)}`;
