/** An emulated exchange on the wire, reached through ccxt: the lab's service and a gateway, both in the test's thread. */
import { createClock } from "../../server/host/clock.ts";
import type { LabCommand } from "../../server/contract/labControl.ts";
import { readKeys } from "../../server/lab/service/keys.ts";
import { startLab } from "../../server/lab/service/lab.ts";
import { openLabClient } from "../../server/lab/service/labClient.ts";
import type { ExchangeId } from "../../server/venues/ccxt/ports.ts";
import { createCcxtVenue } from "../../server/venues/ccxt/venue.ts";
import { gatewayHere, type GatewayHere } from "./gatewayHere.ts";
import { BTC, LATE_MS, makeRigHome, rigDesk } from "./venueRig.ts";
import type { RigOptions, VenueRig } from "./venueRig.ts";
import { RigDesk } from "./venueRigDesk.ts";

const LONG_MS = 600_000;

/** The text of a request by which a fault finds it: on the socket, which is where it goes. */
const REQUESTS = {
  binance: { place: "order.place", amend: "order.cancelReplace", cancel: "order.cancel" },
  okx: { place: '"op":"order"', amend: "amend-order", cancel: "cancel-order" },
  kraken: { place: "add_order", amend: "amend_order", cancel: "cancel_order" },
} as const;

const LOST = { request: "lostRequest", answer: "lostAnswer" } as const;

export interface WireRig extends VenueRig {
  /** The desk is killed, and nothing follows it. */
  die(): Promise<void>;
  readonly wire: NonNullable<VenueRig["wire"]>;
  readonly logged: readonly string[];
}

export async function openWireRig(target: ExchangeId, options: RigOptions): Promise<WireRig> {
  const desk = rigDesk(target, options);
  const { config } = desk;
  const { home, remove } = makeRigHome(desk);
  const clock = createClock(desk.clock);
  const logged: string[] = [];
  const note = (text: string, fields?: unknown): void =>
    void logged.push(`${text} ${JSON.stringify(fields ?? {})}`);
  const log = { info: note, warn: note, error: note };
  const { limits = "lifted" } = options;
  const wire = { limits: limits === "lifted" ? limits : undefined };
  const lab = await startLab({ home, clock, log, wire });
  const client = await openLabClient(home);
  const key = readKeys(home).find(({ holder }) => holder === "desk");
  const gateways: GatewayHere[] = [];

  function venue() {
    return createCcxtVenue({
      config,
      access: () => ({
        exchange: target,
        origin: `127.0.0.1:${lab.ports[target] ?? 0}`,
        credentials: key,
        limits: limits === "entry" ? undefined : "lifted",
      }),
      clock,
      clockSpec: desk.clock,
      log,
      spawn(given) {
        const thread = gatewayHere(clock)(given);
        gateways.push(thread);
        return thread;
      },
    });
  }

  async function control(command: LabCommand) {
    const outcome = await client.control(command);
    if (!outcome.ok) throw new Error(outcome.text);
    return outcome;
  }
  const fault = async (of: Extract<LabCommand, { do: "fault" }>["fault"]): Promise<void> =>
    void (await control({ do: "fault", venue: target, fault: of }));

  const describe = async () => (await control({ do: "describe" })).description?.venues[0]?.faults ?? {};

  let current = new RigDesk(config, venue(), clock);
  const disconnect = (): Promise<void> => current.untilCut(() => fault({ kind: "disconnect", of: "all" }));
  let crashes = 0;
  let isSilent = false;
  async function die(): Promise<void> {
    current.stop();
    // The thread first: what is closed in order might still say something to the venue.
    await Promise.all(gateways.splice(0).map((gateway) => gateway.die()));
    await current.venue.close();
  }
  return {
    target,
    amends: config.accounts[0]?.amend ?? "none",
    logged,
    get desk() {
      return current;
    },
    die,
    async crash() {
      await die();
      crashes += 1;
      const before = (await client.truth("a")).fills.length;
      current = new RigDesk({ ...config, epoch: config.epoch + crashes }, venue(), clock, before);
      return current;
    },
    truth: () => client.truth("a"),
    take: async (side, sizeLots, limitTicks) =>
      void (await control({ do: "take", instrument: BTC, side, sizeLots, limitTicks })),
    rest: async (side, priceTicks, sizeLots) =>
      void (await control({ do: "rest", instrument: BTC, side, priceTicks, sizeLots })),
    gap: () => fault({ kind: "gap", instrument: BTC }),
    placeByHand: async (clientId, side, priceTicks, sizeLots) =>
      void (await control({
        do: "place",
        account: "a",
        instrument: BTC,
        clientId,
        side,
        priceTicks,
        sizeLots,
        timeInForce: "GTC",
      })),
    cancelByHand: async (clientId) => void (await control({ do: "cancel", account: "a", clientId })),
    list: async (instrument, change) => void (await control({ do: "list", instrument, change })),
    spoilReports: (kind) => fault(kind === "lateEvent" ? { kind, delayMs: LATE_MS } : { kind }),
    async hideFills() {
      isSilent = true;
      await fault({ kind: "silentStream", of: "report", forMs: LONG_MS });
    },
    disconnect,
    lose: (what, of) => fault({ kind: LOST[what], match: REQUESTS[target][of] }),
    lost: async (what) => (await describe())[LOST[what]] ?? 0,
    async heal() {
      if (!isSilent) return;
      isSilent = false;
      await fault({ kind: "silentStream", of: "report", forMs: 1 });
      // A stream that has missed something may find out at any time, and one that began in silence waits for
      // its answer in vain: they are cut now.
      await disconnect();
    },
    wire: {
      texts: REQUESTS[target],
      fault,
      async orders() {
        return (await control({ do: "orders", account: "a", limit: 1_000 })).orders ?? [];
      },
      faultCount: async (kind) => (await describe())[kind] ?? 0,
    },
    async close() {
      await current.close();
      client.close();
      await lab.stop();
      remove();
    },
  };
}
