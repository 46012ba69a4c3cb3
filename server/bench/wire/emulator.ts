/**
 * One venue as the lab puts it on the wire, without what stands around it there: no latency, no store, no market of
 * others, no limits. What is measured against it is the client, and the instant of every frame is known.
 */
import type { EngineConfig } from "../../contract/config.ts";
import { MICROS_PER_MS } from "../../contract/units.ts";
import { createClock } from "../../host/clock.ts";
import { createLog } from "../../host/log.ts";
import { createExchange } from "../../lab/exchange/exchange.ts";
import { wireKey, type StoredKey } from "../../lab/service/keys.ts";
import { createVenueCore, type LabCore } from "../../lab/wire/core/venueCore.ts";
import { createWireFaults } from "../../lab/wire/host/faults.ts";
import { createVenueHost } from "../../lab/wire/host/host.ts";
import type { HostTime } from "../../lab/wire/host/time.ts";
import type { FrontEnd, FrontEndFactory } from "../../lab/wire/ports.ts";
import { FRONT_ENDS } from "../../lab/wire/registry.ts";

const TICK_MS = 10;

/** Of every asset of the account. */
const STOCK = 1_000_000n;

/** Hears what passes, at the instant at which it does. */
export interface WireTap {
  /** Just before the frame is written. */
  readonly sent: (text: string) => void;
  /** Before anything is made of it. */
  readonly received: (text: string) => void;
}

interface EmulatorOptions {
  readonly venue: string;
  readonly config: Pick<EngineConfig, "assets" | "accounts" | "instruments">;
  readonly keys: readonly StoredKey[];
  readonly tap?: WireTap | undefined;
}

export interface Emulator {
  readonly core: LabCore;
  readonly port: number;
  close(): Promise<void>;
}

/** Throws a UserError when it cannot listen. */
export async function startEmulator({ venue, config, keys, tap }: EmulatorOptions): Promise<Emulator> {
  const front = FRONT_ENDS[venue];
  if (front === undefined) throw new Error(`invariant: the lab does not speak for ${venue}`);
  const { nowUs } = createClock();
  const accounts = [...config.accounts.keys()].filter((account) => config.accounts[account]?.venue === venue);
  const core = createVenueCore({
    venue,
    config,
    accounts,
    exchange: createExchange({ config, accounts }),
    nowUs,
    keys: keys.flatMap((key) => {
      const account = config.accounts.findIndex((terms) => terms.account === key.account);
      return accounts.includes(account) ? [wireKey(key, account)] : [];
    }),
    limits: "lifted",
  });
  for (const account of accounts)
    for (const { asset, decimals } of config.assets)
      core.deposit(account, asset, STOCK * 10n ** BigInt(decimals));
  const none = (): number => 0;
  const host = createVenueHost({
    core,
    front: tap === undefined ? front : tapped(front, tap),
    faults: createWireFaults(nowUs),
    time: presentTime(nowUs),
    latencyUs: { feed: none, entry: none, response: none },
    log: createLog("emulator"),
  });
  const port = await host.listen(0);
  const ticking = setInterval(() => host.front.tick(), TICK_MS);
  return {
    core,
    port,
    close() {
      clearInterval(ticking);
      return host.close();
    },
  };
}

/** Everything is due at once and nothing has to be made safe before it leaves. */
function presentTime(nowUs: () => number): HostTime {
  return {
    nowUs,
    at(atUs, happen) {
      const waitMs = (atUs - nowUs()) / MICROS_PER_MS;
      if (waitMs <= 0) happen();
      else setTimeout(happen, waitMs);
    },
    whenSafe: (send) => send(),
  };
}

function tapped(front: FrontEndFactory, { sent, received }: WireTap): FrontEndFactory {
  return (core) => {
    const made = front(core);
    const connect: FrontEnd["connect"] = (socket) => {
      const handler = made.connect({
        ...socket,
        send(text, kind) {
          if (kind === "feed") sent(text);
          socket.send(text, kind);
        },
      });
      return (
        handler && {
          message(text) {
            received(text);
            handler.message(text);
          },
          closed: () => handler.closed(),
        }
      );
    };
    return {
      http: (request) => made.http(request),
      connect,
      public: (event) => made.public(event),
      private: (account, report) => made.private(account, report),
      moved: (account, asset) => made.moved(account, asset),
      listed: (instrument) => made.listed(instrument),
      tick: () => made.tick(),
      fault: (fault) => made.fault(fault),
    };
  };
}
