/** A fill that the ledger booked. */
import type { FillEvent } from "../contract/events.ts";
import { sideSign } from "../contract/units.ts";
import { atomsToNumber } from "../core/decimal.ts";
import { decimalsOf } from "../core/ledger/reporting.ts";
import type { Engine, InstrumentState } from "../core/state.ts";
import { priceOf, sizeOf } from "./figures.ts";
import type { LineList } from "./lineList.ts";
import { findFilled } from "./orders.ts";

export class FillWatch {
  readonly #engine: Engine;
  #booked: number;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#booked = engine.state.counts.fills;
  }

  /** Nothing for a fill that was told before. */
  after(event: FillEvent, out: LineList): void {
    const { state } = this.#engine;
    if (state.counts.fills === this.#booked) return;
    this.#booked = state.counts.fills;
    const inst = state.instruments[event.instrument];
    if (inst === undefined) throw new Error(`a fill names instrument ${event.instrument}: there is none`);
    const { account, symbol, base, quote } = inst.definition;
    const notionalAtoms = BigInt(event.priceTicks) * BigInt(event.sizeLots) * inst.quoteAtomsPerTickLot;
    out.push({
      cursor: out.next(),
      atUs: out.atUs,
      type: "fill",
      account,
      symbol,
      base,
      quote,
      // Empty: the venue named no order of this desk.
      clientId: event.clientId ?? findFilled(this.#engine, event)?.clientId ?? "",
      venueOrderId: event.venueOrderId,
      tradeId: event.tradeId,
      side: event.side,
      liquidity: event.liquidity,
      priceTicks: event.priceTicks,
      sizeLots: event.sizeLots,
      price: priceOf(inst, event.priceTicks),
      sizeBase: sizeOf(this.#engine, inst, event.sizeLots),
      notionalAtoms,
      notionalQuote: atomsToNumber(notionalAtoms, decimalsOf(this.#engine, quote)),
      feeAsset: event.feeAsset,
      feeAtoms: event.feeAtoms,
      fee: atomsToNumber(event.feeAtoms, feeDecimals(this.#engine, event.feeAsset)),
      venueAtUs: event.venueAtUs,
      edgeBps: edgeBps(this.#engine, inst, event),
    });
  }
}

/** Of a fee in an asset outside the desk nobody here knows the decimals: it is shown in atoms, beside UNPRICED_FILL. */
function feeDecimals({ config }: Engine, asset: string): number {
  return config.assets.find((spec) => spec.asset === asset)?.decimals ?? 0;
}

/** Against the one fair value that the P&L is attributed by; fees not counted. */
function edgeBps({ state }: Engine, inst: InstrumentState, event: FillEvent): number | undefined {
  const fair = inst.market === undefined ? undefined : state.markets[inst.market]?.fair;
  const rate = state.rates.get(inst.definition.quote)?.value;
  if (fair === undefined || rate === undefined) return undefined;
  const price = event.priceTicks * inst.tickQuote * rate;
  return ((sideSign(event.side) * (fair - price)) / fair) * 1e4;
}
