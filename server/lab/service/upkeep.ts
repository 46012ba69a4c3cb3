/** What every lab does beside its market: the path of prices is kept, and venues that run late are said to be. */
import type { DeskFile } from "../../contract/deskFile.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { Log } from "../../host/log.ts";
import type { SimulatedExchange } from "../ports.ts";
import { readPrices } from "./market.ts";
import type { LabStore } from "./store.ts";

/** How much of the market's path a killed lab may lose. */
const PRICES_EVERY_US = MICROS_PER_SECOND;

/** Venues that are this far behind the desk's clock are said to be. */
const LATE_US = MICROS_PER_SECOND;

interface UpkeepOptions {
  readonly desk: Pick<DeskFile, "config" | "lab">;
  readonly exchanges: readonly SimulatedExchange[];
  readonly store: LabStore;
  readonly clock: { nowUs(): number };
  readonly log: Log;
}

/** To be called after each turn, with the instant up to which everything has been served. */
export function createUpkeep({
  desk,
  exchanges,
  store,
  clock,
  log,
}: UpkeepOptions): (servedUs: number) => void {
  let pricesAtUs = clock.nowUs();
  let isLate = false;
  return (servedUs) => {
    if (desk.lab.market === "agents" && servedUs - pricesAtUs >= PRICES_EVERY_US) {
      pricesAtUs = servedUs;
      store.putPrices(readPrices(desk.config, exchanges));
    }
    const lagUs = clock.nowUs() - servedUs;
    if (isLate === lagUs > LATE_US) return;
    isLate = !isLate;
    if (isLate) log.warn("this machine is too slow for the market: it runs late", { lagMs: lagUs / 1e3 });
    else log.info("the market runs on time again");
  };
}
