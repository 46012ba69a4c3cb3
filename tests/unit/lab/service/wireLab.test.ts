import { readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import type { LabCommand } from "../../../../server/contract/labControl.ts";
import { deskNames, LAB_PROTOCOL } from "../../../../server/contract/labWire.ts";
import type { LabServerFrame } from "../../../../server/contract/labWire.ts";
import { createClock } from "../../../../server/host/clock.ts";
import { frameSocket } from "../../../../server/host/framedSocket.ts";
import { openKeys, readKeys } from "../../../../server/lab/service/keys.ts";
import { startLab } from "../../../../server/lab/service/lab.ts";
import type { Lab, WireOptions } from "../../../../server/lab/service/lab.ts";
import { openLabClient } from "../../../../server/lab/service/labClient.ts";
import type { LabClient } from "../../../../server/lab/service/labClient.ts";
import { readWirePorts } from "../../../../server/lab/service/wirePorts.ts";
import type {
  FrontEnd,
  FrontEndFactory,
  ProtocolFault,
  VenueCore,
} from "../../../../server/lab/wire/ports.ts";
import { order } from "../wire/core/front.ts";
import { demoDesk, makeHome, SILENT } from "./desk.ts";

/** Instruments of the demo: BTC and ETH at each of the three venues. */
const BTC = 0;
const desk = demoDesk({ venues: "wire" });
const logged: string[] = [];
const note = (text: string, fields?: unknown): void => void logged.push(JSON.stringify([text, fields]));
const log = { info: note, warn: note, error: note };

let home: string;
let remove: () => void;
let lab: Lab;
let client: LabClient;
let cores: Map<string, VenueCore>;
let passed: ProtocolFault[];

/** Says over HTTP what it is asked for; everything else the tests look up in its core. */
const front: FrontEndFactory = (core): FrontEnd => {
  cores.set(core.venue, core);
  return {
    http: ({ path, headers }) => ({
      status: 200,
      body: JSON.stringify({ venue: core.venue, path, account: core.key(headers["key"] ?? "")?.account }),
    }),
    connect: () => undefined,
    public: () => undefined,
    private: () => undefined,
    moved: () => undefined,
    listed: () => undefined,
    tick: () => undefined,
    fault: (fault) => void passed.push(fault),
  };
};

async function open(wire: WireOptions = {}): Promise<void> {
  cores = new Map();
  passed = [];
  lab = await startLab({
    home,
    clock: createClock(),
    log,
    wire: { frontEnds: { binance: front, okx: front, kraken: front }, ...wire },
  });
  client = await openLabClient(home);
}

async function close(): Promise<void> {
  client.close();
  await lab.stop();
}

beforeEach(async () => {
  ({ home, remove } = makeHome(desk));
  await open();
});

afterEach(async () => {
  await close();
  remove();
});

const core = (venue = "binance"): VenueCore => {
  const found = cores.get(venue);
  if (found === undefined) throw new Error(`no ${venue}`);
  return found;
};

const say = async (command: LabCommand): Promise<string> => {
  const outcome = await client.control(command);
  return outcome.ok ? "ok" : outcome.text;
};

describe("venues on the wire", () => {
  it("listen each on a port of this machine, behind their own protocol", async () => {
    const { kraken } = lab.ports;
    const answer = await fetch(`http://127.0.0.1:${kraken}/api.kraken.com/0/public/Time`);
    expect(await answer.json()).toMatchObject({ venue: "kraken", path: "/0/public/Time" });
    expect(Object.keys(lab.ports)).toEqual(["binance", "okx", "kraken"]);
  });

  it("take two keys per account, which are made once, closed to others, and in no log", async () => {
    const keys = readKeys(home);
    expect(keys.map(({ account, holder }) => `${account} ${holder}`)).toEqual(
      ["binance", "okx", "kraken"].flatMap((account) => [`${account} desk`, `${account} guard`]),
    );
    expect(statSync(join(home, "lab", "keys.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, "run", "wire.json")).mode & 0o777).toBe(0o600);
    expect(core("okx").key(keys[3]?.apiKey ?? "")).toMatchObject({
      account: 1,
      holder: "guard",
      mayWithdraw: false,
    });
    expect(core("okx").key(keys[0]?.apiKey ?? "")).toBeUndefined();
    await close();
    await open();
    expect(openKeys(home, ["okx"])).toEqual(keys.slice(2, 4));
    for (const { apiKey, secret } of keys)
      for (const text of [apiKey, secret]) expect(logged.join()).not.toContain(text);
  });

  it("are where they were after a restart, or elsewhere when someone else is there", async () => {
    const before = lab.ports;
    await close();
    const { createServer } = await import("node:net");
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(before["okx"], "127.0.0.1", resolve));
    await open();
    expect(lab.ports).toMatchObject({ binance: before["binance"], kraken: before["kraken"] });
    expect(lab.ports["okx"]).not.toBe(before["okx"]);
    expect(readWirePorts(home)).toEqual(lab.ports);
    await new Promise((resolve) => squatter.close(resolve));
  });

  it("have a market that moves, from the first instant on", async () => {
    for (const venue of ["binance", "okx", "kraken"]) {
      const [listing] = core(venue).listings;
      await expect.poll(() => core(venue).book(listing?.instrument ?? -1).bids.length).toBeGreaterThan(0);
    }
    const { updates } = core().book(BTC);
    await expect.poll(() => core().book(BTC).updates).toBeGreaterThan(updates);
  });

  it("refuse a desk in the lab's own session, and to start without a front-end", async () => {
    const heard: LabServerFrame[] = [];
    await new Promise<void>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port: lab.address.port });
      const connection = frameSocket(socket, () => ({
        frame: (frame) => void heard.push(frame as LabServerFrame),
        close: () => resolve(),
      }));
      const { token } = lab.address;
      connection.send({ type: "hello", protocol: LAB_PROTOCOL, token, desk: deskNames(desk.config) });
    });
    expect(heard).toMatchObject([{ type: "refused", code: "OTHER_DESK" }]);
    const other = makeHome(desk);
    await expect(
      startLab({ home: other.home, clock: createClock(), log: SILENT, wire: { frontEnds: { okx: front } } }),
    ).rejects.toThrow(UserError);
    other.remove();
  });
});

describe("accounts on the wire", () => {
  const buy = (clientId: string, sizeLots = 1_000) => {
    const [ask = 0] = core().book(BTC).asks;
    return core().place(0, order(clientId, "buy", ask + 5_000, sizeLots, { instrument: BTC }));
  };
  const bid = (clientId: string) =>
    core().place(0, order(clientId, "buy", 5_000_000, 1_000, { instrument: BTC }));
  const holds = async (account = "binance") =>
    new Map((await client.truth(account)).balances.map(({ asset, totalAtoms }) => [asset, totalAtoms]));

  it("are told as they are, and survive the lab with their orders, fills and balances; ids never repeat", async () => {
    await expect.poll(() => core().book(BTC).asks.length).toBeGreaterThan(0);
    const bought = buy("taker");
    const rests = bid("rests");
    if (!bought.ok || !rests.ok) throw new Error("refused");
    const before = await client.truth("binance");
    expect(before.openOrders).toMatchObject([{ clientId: "rests", venueOrderId: rests.order.venueOrderId }]);
    expect(before.fills.map(({ tradeId }) => tradeId)).toEqual(bought.fills.map(({ tradeId }) => tradeId));
    const held = await holds();
    const lastEntry = core().ledger(0).entries.at(-1);
    await close();
    await open();
    expect(await holds()).toEqual(held);
    expect(core().ledger(0).entries).toEqual([]);
    expect(lastEntry?.kind).toBe("fee");
    expect((await client.truth("binance")).openOrders).toEqual([]);
    expect(core().order(0, { clientId: "rests" })).toEqual({ ...rests.order, status: "CANCELED" });
    expect(core().order(0, { venueOrderId: bought.order.venueOrderId })).toEqual(bought.order);
    expect(core().fills(0, { order: "oldest", limit: 100 })).toEqual(bought.fills);
    expect(
      core()
        .orders(0, { limit: 10 })
        .map(({ clientId }) => clientId),
    ).toEqual(["rests", "taker"]);
    expect(bid("rests")).toEqual({ ok: false, reason: "DUPLICATE_ID" });
    await expect.poll(() => core().book(BTC).asks.length).toBeGreaterThan(0);
    const again = buy("again");
    if (!again.ok) throw new Error(again.reason);
    expect(Number(again.order.venueOrderId)).toBeGreaterThan(Number(rests.order.venueOrderId) + 1_000_000);
    expect(Number(again.fills[0]?.tradeId)).toBeGreaterThan(Number(bought.fills.at(-1)?.tradeId) + 1_000_000);
  });
});

describe("the control interface", () => {
  it("says what the lab is", async () => {
    const outcome = await client.control({ do: "describe" });
    if (!outcome.ok) throw new Error(outcome.text);
    expect(outcome.description).toMatchObject({ market: "agents", seed: 1, generation: 1 });
    expect(outcome.description?.venues).toMatchObject([
      { venue: "binance", port: lab.ports["binance"], limits: "entry", accounts: ["binance"], faults: {} },
      { venue: "okx" },
      { venue: "kraken" },
    ]);
    expect(outcome.description?.instruments).toHaveLength(desk.config.instruments.length);
  });

  it("moves money, exactly", async () => {
    const before =
      core()
        .balances(0)
        .find(({ asset }) => asset === "BTC")?.totalAtoms ?? 0n;
    expect(await say({ do: "deposit", account: "binance", asset: "BTC", amount: "0.5" })).toBe("ok");
    expect(await say({ do: "deposit", account: "binance", asset: "BTC", amount: "-0.25" })).toBe("ok");
    const decimals = desk.config.assets.find(({ asset }) => asset === "BTC")?.decimals ?? 0;
    expect(
      core()
        .balances(0)
        .find(({ asset }) => asset === "BTC")?.totalAtoms,
    ).toBe(before + 25n * 10n ** BigInt(decimals - 2));
    expect(await say({ do: "deposit", account: "binance", asset: "DOGE", amount: "1" })).toBe(
      "no asset DOGE",
    );
    expect(await say({ do: "deposit", account: "nobody", asset: "BTC", amount: "1" })).toBe(
      "no account nobody",
    );
    expect(await say({ do: "deposit", account: "okx", asset: "BTC", amount: "-99999999" })).toContain(
      "free atoms",
    );
    expect(
      await say({ do: "deposit", account: "okx", asset: "BTC", amount: "0.00000000000000001" }),
    ).toContain("decimals");
  });

  it("trades for other people, and for the account's owner past every client", async () => {
    const hand = {
      account: "binance",
      instrument: BTC,
      side: "buy",
      priceTicks: 7_000_000,
      sizeLots: 1_000,
    } as const;
    await say({ do: "list", instrument: BTC, change: { status: "HALTED" } });
    expect(await say({ do: "place", clientId: "h", timeInForce: "GTC", ...hand })).toContain("HALTED");
    await say({ do: "list", instrument: BTC, change: { status: "TRADING" } });
    expect(
      await say({ do: "place", clientId: "low", timeInForce: "GTC", ...hand, priceTicks: 100_000 }),
    ).toBe("ok");
    expect(await say({ do: "cancel", account: "binance", clientId: "low" })).toBe("ok");
    expect(await say({ do: "cancel", account: "binance", clientId: "low" })).toContain("UNKNOWN_ORDER");
    const outcome = await client.control({ do: "orders", account: "binance", limit: 5 });
    expect(outcome).toMatchObject({ ok: true, orders: [{ clientId: "low", status: "CANCELED" }] });
    const { tradeId } = core().trades(BTC).at(-1) ?? { tradeId: 0 };
    expect(await say({ do: "take", instrument: BTC, side: "sell", sizeLots: 17 })).toBe("ok");
    const trades = core()
      .trades(BTC)
      .filter((trade) => trade.tradeId > tradeId);
    expect(trades.some(({ aggressor }) => aggressor === "sell")).toBe(true);
    expect(await say({ do: "rest", instrument: BTC, side: "buy", priceTicks: 1_000_000, sizeLots: 5 })).toBe(
      "ok",
    );
    expect(await say({ do: "take", instrument: 99, side: "buy", sizeLots: 1 })).toBe("no instrument 99");
  });

  it("lists an instrument anew, for good", async () => {
    expect(await say({ do: "list", instrument: BTC, change: { tick: "0.1", sizeMinLots: 3 } })).toBe("ok");
    expect(core().listings[0]?.definition).toMatchObject({ tick: "0.1", version: 2, sizeMinLots: 3 });
    expect(await say({ do: "list", instrument: BTC, change: { tick: "0.0000000000001" } })).toContain(
      "cannot be listed",
    );
    await close();
    await open();
    expect(core().listings[0]?.definition).toMatchObject({ tick: "0.1", version: 2 });
    await expect.poll(() => core().book(BTC).bids[0] ?? Infinity).toBeLessThan(1_000_000);
  });

  it("plays the market otherwise, and says how", async () => {
    const told = async () => {
      const outcome = await client.control({ do: "describe" });
      return outcome.ok ? outcome.description?.play : undefined;
    };
    expect(await told()).toEqual({ rate: 1, takers: true, seed: 1 });
    expect(await say({ do: "market", play: { rate: 0, takers: false } })).toBe("ok");
    expect(await told()).toEqual({ rate: 0, takers: false, seed: 1 });
    const { updates, bids } = core().book(BTC);
    expect(await say({ do: "market", play: { seed: 7 } })).toBe("ok");
    expect(core().book(BTC).updates).toBe(updates);
    expect(await say({ do: "market", play: { rate: 20 } })).toBe("ok");
    await expect.poll(() => core().book(BTC).updates).toBeGreaterThan(updates);
    expect(Math.abs((core().book(BTC).bids[0] ?? 0) / (bids[0] ?? 1) - 1)).toBeLessThan(0.01);
    expect(await told()).toEqual({ rate: 20, takers: false, seed: 7 });
  });

  it("undoes by itself what it orders up by hand", async () => {
    const fault = { kind: "externalOrder", instrument: BTC, forMs: 30 } as const;
    expect(await say({ do: "fault", venue: "binance", fault })).toBe("ok");
    const [placed] = core().orders(0, { limit: 1 });
    expect(placed).toMatchObject({ side: "buy", filledLots: 0 });
    await expect.poll(() => core().order(0, { clientId: placed?.clientId ?? "" })?.status).toBe("CANCELED");
    expect(await say({ do: "fault", venue: "okx", fault: { ...fault, kind: "halt", instrument: 2 } })).toBe(
      "ok",
    );
    await close();
    await open();
    expect(core("okx").listings.map(({ definition }) => definition.status)).toEqual(["TRADING", "TRADING"]);
  });

  it("brings faults, at once and by schedule", async () => {
    expect(await say({ do: "fault", venue: "okx", fault: { kind: "ban", forMs: 5 } })).toBe("ok");
    expect(passed).toEqual([{ kind: "ban", forMs: 5 }]);
    expect(await say({ do: "fault", venue: "ftx", fault: { kind: "ban", forMs: 5 } })).toBe("no venue ftx");
    const plan = { seed: 1, everyS: 0.1, kinds: ["partialBatch" as const] };
    expect(await say({ do: "schedule", plan: { ...plan, venues: ["ftx"] } })).toContain("no venue ftx");
    expect(await say({ do: "schedule", plan })).toBe("ok");
    await expect.poll(() => passed.length).toBeGreaterThan(2);
    expect(await say({ do: "schedule" })).toBe("ok");
    const { length } = passed;
    const outcome = await client.control({ do: "describe" });
    expect(passed).toHaveLength(length);
    const told = outcome.ok ? (outcome.description?.venues ?? []) : [];
    expect(told.reduce((sum, { faults }) => sum + (faults.partialBatch ?? 0), 0)).toBe(length - 1);
  });

  it("is not on the venues' ports", async () => {
    const answer = await fetch(`http://127.0.0.1:${lab.ports["okx"]}/control`, {
      method: "POST",
      body: JSON.stringify({ type: "control", id: 0, command: { do: "describe" } }),
    });
    expect(await answer.json()).toEqual({ venue: "okx", path: "/control" });
  });

  it("ends the session over a command that is none", async () => {
    await expect(client.control({ do: "explode" } as never)).rejects.toThrow("refuses");
  });
});

it("keeps everything that could be ordered up out of a lab whose desk trades in its sessions", async () => {
  const other = makeHome(demoDesk());
  const plain = await startLab({ home: other.home, clock: createClock(), log: SILENT });
  const plainClient = await openLabClient(other.home);
  expect(await plainClient.control({ do: "describe" })).toMatchObject({ ok: false });
  expect(plain.ports).toEqual({});
  expect(() => readFileSync(join(other.home, "lab", "keys.json"))).toThrow("ENOENT");
  plainClient.close();
  await plain.stop();
  other.remove();
});
