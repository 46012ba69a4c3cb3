/** What the matching core does in a second on one core: no protocol, no wire, one venue, a book of others. */
import type { EngineConfig } from "../../contract/config.ts";
import { createExchange } from "../../lab/exchange/exchange.ts";
import type { PlaceRequest } from "../../lab/ports.ts";
import { randomStream } from "../../lab/random.ts";
import { createVenueCore } from "../../lab/wire/core/venueCore.ts";
import type { LabCore } from "../../lab/wire/core/venueCore.ts";

const WARM_UP = 20_000;
const REQUESTS = 200_000;

/** As many quotes rest as a desk keeps at one instrument with several levels a side. */
const RESTING_MAX = 40;

const MID_TICKS = 6_000_000;
const LEVELS = 50;

/** Of ten requests four place a quote, four cancel one, one amends and one takes. */
export function measureMatching(config: Pick<EngineConfig, "assets" | "accounts" | "instruments">): number {
  const core = openCore(config);
  drive(core, WARM_UP, 0);
  const startedMs = performance.now();
  drive(core, REQUESTS, WARM_UP);
  return Math.round((REQUESTS * 1_000) / (performance.now() - startedMs));
}

function openCore(config: Pick<EngineConfig, "assets" | "accounts" | "instruments">): LabCore {
  let nowUs = 1_700_000_000_000_000;
  const core = createVenueCore({
    venue: "bench",
    config,
    accounts: [0],
    exchange: createExchange({ config, accounts: [0] }),
    nowUs: () => (nowUs += 10),
    keys: [],
    limits: "lifted",
  });
  for (const { asset, decimals } of config.assets) core.deposit(0, asset, 10n ** BigInt(decimals + 9));
  const levels = (sign: 1 | -1): number[] =>
    Array.from({ length: LEVELS }, (_, n) => [MID_TICKS + sign * (n + 1) * 10, 1_000_000_000]).flat();
  core.applyMarket({
    kind: "snapshot",
    instrument: 0,
    exchangeAtUs: nowUs,
    bids: levels(-1),
    asks: levels(1),
  });
  return core;
}

function drive(core: LabCore, requests: number, from: number): void {
  const random = randomStream(from + 1, "matching");
  const resting: string[] = [];
  for (let n = from; n < from + requests; n++) {
    const dice = random.uniform();
    const side = random.uniform() < 0.5 ? "buy" : "sell";
    const away = (1 + Math.floor(random.uniform() * 400)) * (side === "buy" ? -1 : 1);
    const terms = {
      clientId: `c${n}`,
      instrument: 0,
      side,
      sizeLots: 10_000,
      selfTrade: "EXPIRE_TAKER",
    } as const;
    if (dice < 0.1) place(core, { ...terms, ...NEVER, timeInForce: "IOC", priceTicks: MID_TICKS - away });
    else if (dice < 0.2 && resting[0] !== undefined)
      core.amend(0, { clientId: resting[0] }, { priceTicks: MID_TICKS + away, sizeLots: 10_000 });
    else if (resting.length >= RESTING_MAX || (dice > 0.6 && resting.length > 0))
      core.cancel(0, { clientId: resting.shift() ?? "" });
    else if (place(core, { ...terms, ...NEVER, timeInForce: "POST_ONLY", priceTicks: MID_TICKS + away }))
      resting.push(terms.clientId);
  }
  core.cancelAll(0);
}

const NEVER = { requestExpiresAtUs: Number.MAX_SAFE_INTEGER };

function place(core: LabCore, request: PlaceRequest): boolean {
  return core.place(0, request).ok;
}
