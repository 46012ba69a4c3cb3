/**
 * What the exchange in the lab's process lists, and a change of it. The lab itself makes none there: the exchange is
 * told here, and the desk hears of it over its session.
 */
import type { EngineConfig } from "../../server/contract/config.ts";
import type { EngineEvent } from "../../server/contract/events.ts";
import { Instrument } from "../../server/contract/instrument.ts";
import type { ListingChange } from "../../server/contract/labControl.ts";
import type { Exchange } from "../../server/lab/exchange/exchange.ts";
import type { DepthRecord } from "../../server/lab/ports.ts";
import { THEIR_ASK, THEIR_BID } from "./venueRig.ts";

/** Far more than any order of a test takes. */
const THEIR_LOTS = 1_000_000;

interface RigListingsOptions {
  readonly config: Pick<EngineConfig, "instruments">;
  readonly relist: Exchange["relist"];
  readonly nowUs: () => number;
  readonly deliver: (event: EngineEvent) => void;
}

interface RigListings {
  /** For the market that the lab is given. */
  watch(listener: (instrument: number, definition: Instrument) => void): void;
  /** With a new tick or lot the orders go, and the book is void until others show something. */
  change(
    instrument: number,
    change: ListingChange,
  ): { readonly definition: Instrument; readonly isNewGrid: boolean };
  /** What others show, at their prices in the ticks of now. */
  theirBook(instrument: number): Omit<DepthRecord, "exchangeAtUs">;
}

export function createRigListings({ config, relist, nowUs, deliver }: RigListingsOptions): RigListings {
  const now = [...config.instruments];
  let tell: (instrument: number, definition: Instrument) => void = () => undefined;

  function listedNow(instrument: number): Instrument {
    const definition = now[instrument];
    if (definition === undefined) throw new Error(`there is no instrument ${instrument}`);
    return definition;
  }

  return {
    watch: (listener) => void (tell = listener),
    change(instrument, change) {
      const before = listedNow(instrument);
      const { tick = before.tick, lot = before.lot } = change;
      const isNewGrid = tick !== before.tick || lot !== before.lot;
      const version = before.version + (isNewGrid ? 1 : 0);
      const definition = Instrument.parse({ ...before, ...change, version });
      now[instrument] = definition;
      const atUs = nowUs();
      relist(instrument, definition, atUs, {
        public: (event) => event.type === "feed" && deliver({ ...event, atUs }),
        private: (account, report) => report.type === "orderExpired" && deliver({ ...report, account, atUs }),
      });
      tell(instrument, definition);
      return { definition, isNewGrid };
    },
    theirBook(instrument) {
      const steps = Number(config.instruments[instrument]?.tick) / Number(listedNow(instrument).tick);
      const level = (ticks: number): number[] => [Math.round(ticks * steps), THEIR_LOTS];
      return { kind: "snapshot", instrument, bids: level(THEIR_BID), asks: level(THEIR_ASK) };
    },
  };
}
