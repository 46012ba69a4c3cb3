/**
 * What the lab does to a venue by its own hand, and undoes some time later: an order that no client placed, a halt, a
 * coarser tick. One of a kind at an instrument at a time; a venue that closes is left as it was found.
 */
import type { Instrument } from "../../../contract/instrument.ts";
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { WireFault } from "../../../contract/wireFaults.ts";
import { decimalToScaled, scaledToDecimal } from "../../../core/decimal.ts";
import type { LabCore } from "../core/venueCore.ts";
import type { HostTime } from "./time.ts";

const KINDS = ["externalOrder", "halt", "tickChange"] as const;

export type HandFault = Extract<WireFault, { kind: (typeof KINDS)[number] }>;

export function isByHand<F extends { readonly kind: string }>(fault: F): fault is Extract<F, HandFault> {
  return KINDS.some((kind) => kind === fault.kind);
}

export interface Hand {
  /** False, and nothing is done, where it cannot be now: no book, a market that does not trade, one under way. */
  lay(fault: HandFault): boolean;
  /** Now, all that is under way. */
  undo(): void;
}

/** Below the best bid, in parts of it; less where the venue's band is narrow. */
const AWAY_FRAC = 0.1;
/** Above the smallest notional. */
const ROOM_FRAC = 0.1;
const DECIMALS = 18;

export function createHand(core: LabCore, time: HostTime): Hand {
  const underWay = new Map<string, () => void>();
  let orders = 0;

  const definitionOf = (instrument: number): Instrument | undefined =>
    core.listings.find((listing) => listing.instrument === instrument)?.definition;

  /** What undoes it. */
  function act({ kind, instrument }: HandFault): (() => void) | undefined {
    const definition = definitionOf(instrument);
    if (definition?.status !== "TRADING") return undefined;
    switch (kind) {
      case "externalOrder":
        return placeByHand(instrument, definition);
      case "halt":
        core.relist(instrument, { status: "HALTED" });
        return () => core.relist(instrument, { status: "TRADING" });
      case "tickChange": {
        const { tick } = definition;
        core.relist(instrument, {
          tick: scaledToDecimal(decimalToScaled(tick, DECIMALS) * 10n, DECIMALS),
        });
        return () => core.relist(instrument, { tick });
      }
    }
  }

  function placeByHand(instrument: number, definition: Instrument): (() => void) | undefined {
    const [bidTicks] = core.book(instrument).bids;
    if (bidTicks === undefined) return undefined;
    const { tick, lot, sizeMinLots, notionalMinQuote = "0", priceBandFrac = 1 } = definition;
    const priceTicks = Math.floor(bidTicks * (1 - Math.min(AWAY_FRAC, priceBandFrac / 2)));
    const byNotional = Number(notionalMinQuote) / (priceTicks * Number(tick) * Number(lot));
    const sizeLots = Math.ceil(Math.max(sizeMinLots, byNotional) * (1 + ROOM_FRAC));
    const clientId = `hand${time.nowUs().toString(36)}${orders++}`;
    const terms = {
      instrument,
      clientId,
      side: "buy",
      priceTicks,
      sizeLots,
      timeInForce: "POST_ONLY",
    } as const;
    const never = { selfTrade: "EXPIRE_TAKER", requestExpiresAtUs: Number.MAX_SAFE_INTEGER } as const;
    const account = core.accounts.find((one) => core.place(one, { ...terms, ...never }).ok);
    return account === undefined ? undefined : () => void core.cancel(account, { clientId });
  }

  return {
    lay(fault) {
      const key = `${fault.kind} ${fault.instrument}`;
      if (underWay.has(key)) return false;
      const undo = act(fault);
      if (undo === undefined) return false;
      underWay.set(key, undo);
      time.at(time.nowUs() + fault.forMs * MICROS_PER_MS, () => {
        // A venue that has closed meanwhile has undone it.
        if (underWay.delete(key)) undo();
      });
      return true;
    },
    undo() {
      for (const undo of underWay.values()) undo();
      underWay.clear();
    },
  };
}
