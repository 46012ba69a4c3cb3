/**
 * From a book frame to the order that it leads to, both at the emulator: through gateway and engine, and through ccxt
 * alone. Each has an emulator of its own, and their frames take turns, so that both meet the same machine.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { connectLink } from "../../link/client.ts";
import { armDesk } from "../../link/stop.ts";
import { writeWirePorts } from "../../lab/service/wirePorts.ts";
import { distributionOf, type Distribution } from "../measure.ts";
import { endChild, messageOf, startChild } from "./children.ts";
import { wireBenchDesk } from "./desk.ts";
import { startEmulator, type Emulator } from "./emulator.ts";
import { FrameWatch } from "./frameWatch.ts";
import { withBenchHome } from "./home.ts";
import { startWalk } from "./walk.ts";

const VENUE = "kraken";
const SYMBOL = "BTC/USD";

/** Of each of the two; they take turns. */
const FRAMES_PER_S = 20;
const MEASURED_FRAMES = 2_000;

const POLL_MS = 50;
/** Volatility is known after some 20 s. */
const QUOTING_WITHIN_MS = 90_000;

export interface TickToOrder {
  readonly tickToOrder: Distribution;
  readonly ccxtFloor: Distribution;
  /** The share of frames that each has answered, and its bound. */
  readonly answered: readonly ReturnType<FrameWatch["answered"]>[];
}

/** Throws when the engine does not come to quote, or hardly answers. */
export async function measureTickToOrder(
  warmUpFrames: number,
  say: (text: string) => void,
): Promise<TickToOrder> {
  const desk = wireBenchDesk([VENUE], () => SYMBOL);
  const { config } = desk;
  return withBenchHome(desk, async (home, keys) => {
    const watches = [new FrameWatch(), new FrameWatch()] as const;
    const emulators = await Promise.all(
      watches.map((tap) => startEmulator({ venue: VENUE, config, keys, tap })),
    );
    const [ours, other] = emulators as [Emulator, Emulator];
    writeWirePorts(home, { [VENUE]: ours.port });
    const frames = startFrames(emulators, watches);
    const floor = startChild("floor", ["--home", home, "--port", String(other.port)]);
    const engine = startChild("engine", ["--home", home]);
    try {
      await messageOf(floor);
      await startQuoting(home, ours);
      say(`tick-to-order and ccxt-floor: warming up over ${warmUpFrames} frames`);
      await untilFrames(watches, warmUpFrames);
      say(`tick-to-order and ccxt-floor: ${MEASURED_FRAMES} frames each`);
      await untilFrames(watches, MEASURED_FRAMES);
      return {
        tickToOrder: distributionOf("tick-to-order", watches[0].durations(), "ms"),
        ccxtFloor: distributionOf("ccxt-floor", watches[1].durations(), "ms"),
        answered: [watches[0].answered("tick-to-order-answered"), watches[1].answered("ccxt-floor-answered")],
      };
    } finally {
      clearInterval(frames);
      await Promise.all([endChild(floor), endChild(engine)]);
      await Promise.all(emulators.map((emulator) => emulator.close()));
    }
  });
}

function startFrames(emulators: readonly Emulator[], watches: readonly FrameWatch[]): NodeJS.Timeout {
  const walks = emulators.map(({ core }) => startWalk(core, 1));
  let turn = 0;
  return setInterval(
    () => {
      turn = (turn + 1) % walks.length;
      watches[turn]?.arm();
      walks[turn]?.move();
    },
    1_000 / FRAMES_PER_S / walks.length,
  );
}

/** From here on. */
async function untilFrames(watches: readonly FrameWatch[], frames: number): Promise<void> {
  for (const watch of watches) watch.restart();
  while (watches.some((watch) => watch.frames < frames)) await sleep(POLL_MS);
}

async function startQuoting(home: string, { core }: Emulator): Promise<void> {
  const link = connectLink({ home, client: "bench" });
  const endMs = performance.now() + QUOTING_WITHIN_MS;
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      if (performance.now() > endMs)
        throw new Error(`the engine ${what} within ${QUOTING_WITHIN_MS / 1_000} s`);
      await sleep(POLL_MS);
    }
  };
  try {
    let isReady = false;
    link.watch("desk", ({ accounts }) => (isReady = accounts.every(({ status }) => status === "READY")));
    await until("is not READY", () => isReady);
    const scope = { level: "desk" } as const;
    await armDesk({ home, link, scope, actor: "bench", reason: "to be measured", commandId: randomUUID() });
    await until("does not quote", () => core.openOrders(0).length >= 2);
  } finally {
    link.close();
  }
}
