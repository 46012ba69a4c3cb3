/** What three venues acknowledge through their gateways in a second, and how long a cancel takes meanwhile. */
import { writeWirePorts } from "../../lab/service/wirePorts.ts";
import { UserError } from "../../contract/errors.ts";
import { distributionOf, type Distribution } from "../measure.ts";
import { endChild, messageOf, startChild } from "./children.ts";
import { wireBenchDesk } from "./desk.ts";
import { startEmulator } from "./emulator.ts";
import { withBenchHome } from "./home.ts";
import type { LoadResult } from "./loadMain.ts";
import { startWalk } from "./walk.ts";

const VENUES = ["binance", "okx", "kraken"];

const WARM_UP_MS = 5_000;
const MEASURE_MS = 60_000;

/** Books go on meanwhile, at every venue. */
const FRAMES_PER_S = 20;

export interface OrdersSustained {
  readonly perSecond: number;
  readonly cancelUnderLoad: Distribution;
}

/** Throws a UserError when a request was refused or lost. */
export async function measureOrdersSustained(): Promise<OrdersSustained> {
  const desk = wireBenchDesk(VENUES, (venue) => (venue === "kraken" ? "BTC/USD" : "BTC/USDT"));
  const { config } = desk;
  return withBenchHome(desk, async (home, keys) => {
    const emulators = await Promise.all(
      config.accounts.map(({ venue }) => startEmulator({ venue, config, keys })),
    );
    writeWirePorts(home, Object.fromEntries(emulators.map(({ core, port }) => [core.venue, port])));
    const walks = emulators.map(({ core }, seed) => startWalk(core, seed));
    const frames = setInterval(() => {
      for (const walk of walks) walk.move();
    }, 1_000 / FRAMES_PER_S);
    const load = startChild("load", ["--home", home]);
    try {
      await loadFor(load, WARM_UP_MS);
      const { acknowledged, elapsedMs, refused, cancelsNs } = await loadFor(load, MEASURE_MS);
      if (refused > 0) throw new UserError(`${refused} of ${acknowledged + refused} requests were not taken`);
      return {
        perSecond: Math.round((acknowledged * 1_000) / elapsedMs),
        cancelUnderLoad: distributionOf("cancel-under-load", cancelsNs, "ms"),
      };
    } finally {
      clearInterval(frames);
      await endChild(load);
      await Promise.all(emulators.map((emulator) => emulator.close()));
    }
  });
}

async function loadFor(load: ReturnType<typeof startChild>, forMs: number): Promise<LoadResult> {
  const answer = messageOf(load);
  load.send(forMs);
  return (await answer) as LoadResult;
}
