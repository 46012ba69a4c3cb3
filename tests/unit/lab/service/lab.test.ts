import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineConfig } from "../../../../server/contract/config.ts";
import { deskNames, LAB_PROTOCOL } from "../../../../server/contract/labWire.ts";
import type { LabServerFrame } from "../../../../server/contract/labWire.ts";
import { deskChanges } from "../../../../server/core/params/resolve.ts";
import { readAddress } from "../../../../server/host/addressFile.ts";
import { createClock } from "../../../../server/host/clock.ts";
import { readDeskFile } from "../../../../server/host/deskHome.ts";
import { frameSocket } from "../../../../server/host/framedSocket.ts";
import { startLab } from "../../../../server/lab/service/lab.ts";
import type { Lab } from "../../../../server/lab/service/lab.ts";
import { readLabTruth } from "../../../../server/lab/service/truth.ts";
import { LATENCY_PRESETS } from "../../../../server/lab/world/latency.ts";
import { isType, openDesk } from "../../venues/lab/labDesk.ts";
import { instrument, record } from "../recording/fixtures.ts";
import { demoDesk, makeHome, SILENT } from "./desk.ts";

const desk = demoDesk();
const clock = createClock();

describe("the lab as a service", () => {
  let home: string;
  let remove: () => void;
  let lab: Lab;

  beforeEach(async () => {
    ({ home, remove } = makeHome(desk));
    lab = await startLab({ home, clock, log: SILENT });
  });

  afterEach(async () => {
    await lab.stop();
    remove();
  });

  /** Sends these frames on a connection of their own; resolves with what came back when the lab ends it. */
  function say(...frames: unknown[]): Promise<LabServerFrame[]> {
    const heard: LabServerFrame[] = [];
    return new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port: lab.address.port });
      const connection = frameSocket(socket, () => ({
        frame: (frame) => void heard.push(frame as LabServerFrame),
        close: () => resolve(heard),
      }));
      for (const frame of frames) connection.send(frame);
    });
  }

  const hello = () => ({ type: "hello", protocol: LAB_PROTOCOL, token: lab.address.token });

  it.each([
    { name: "a wrong token", frames: () => [{ ...hello(), token: "guess" }], code: "TOKEN" },
    {
      name: "a request before hello",
      frames: () => [{ type: "truth", id: 1, account: "okx" }],
      code: "TOKEN",
    },
    { name: "another protocol", frames: () => [{ ...hello(), protocol: 99 }], code: "PROTOCOL" },
    {
      name: "a desk with other instruments",
      frames: () => [{ ...hello(), desk: { ...deskNames(desk.config), instruments: ["okx DOGE/USDT"] } }],
      code: "OTHER_DESK",
    },
    { name: "what is no frame", frames: () => [{ ...hello(), more: 1 }], code: "FRAME" },
    {
      name: "an order without trading for the desk",
      frames: () => [hello(), { type: "request", sentAtUs: 1, effect: { type: "cancelAll", account: 0 } }],
      code: "FRAME",
    },
    {
      name: "an order for an instrument of another account",
      frames: () => [
        { ...hello(), desk: deskNames(desk.config) },
        {
          type: "request",
          sentAtUs: 1,
          effect: { type: "cancel", account: 0, instrument: 6, clientId: "c" },
        },
      ],
      code: "FRAME",
    },
  ])("ends a session that sends $name", async ({ frames, code }) => {
    expect((await say(...frames())).at(-1)).toMatchObject({ type: "refused", code });
    expect(readAddress(home, "lab")?.port).toBe(lab.address.port);
  });

  it("tells the truth about its accounts to whoever has the token", async () => {
    const { venue, next } = openDesk({ home, config: desk.config, clock, log: SILENT });
    await next(isType("account"));
    const order = {
      type: "place",
      account: 0,
      instrument: 0,
      side: "buy",
      sizeLots: 100,
      selfTrade: "EXPIRE_TAKER",
      requestExpiresAtUs: clock.nowUs() + 30_000_000,
    } as const;
    venue.send({ ...order, clientId: "takes", priceTicks: 7_000_000, timeInForce: "IOC" });
    venue.send({ ...order, clientId: "rests", priceTicks: 5_000_000, timeInForce: "POST_ONLY" });
    const fill = await next(isType("fill", "takes"));
    await next(isType("orderAccepted", "rests"));
    await venue.close();
    const truth = (await readLabTruth(home)).get("binance");
    expect(truth?.fills.map((told) => ({ ...told, account: 0 }))).toEqual([fill]);
    expect(truth?.openOrders).toMatchObject([{ clientId: "rests", side: "buy" }]);
    expect(truth?.balances).toContainEqual({ asset: "BTC", totalAtoms: 1_000_100_000n });
    expect(lab.truth("binance")).toMatchObject({ ...truth });
  });

  it("has its accounts as they were after a stop", async () => {
    const before = (await readLabTruth(home)).get("okx")?.balances;
    await lab.stop();
    expect(readAddress(home, "lab")).toBeUndefined();
    lab = await startLab({ home, clock, log: SILENT });
    expect((await readLabTruth(home)).get("okx")?.balances).toEqual(before);
  });
});

it("plays a recording by the desk's clock, from where the clock stands, and says when it is over", async () => {
  const START_US = 1_000_000_000_000;
  const depth = { instrument: 0, bids: [9_900, 3], asks: [10_100, 2] };
  const recording = record(
    [
      { ...depth, kind: "snapshot", receivedAtUs: START_US },
      { ...depth, kind: "delta", receivedAtUs: START_US + 500_000, bids: [9_900, 0, 9_800, 1], asks: [] },
      { ...depth, kind: "delta", receivedAtUs: START_US + 4_000_000, bids: [], asks: [10_200, 4] },
    ],
    [instrument("a")],
  );
  const { definition } = instrument("a");
  const { home, remove } = makeHome({
    ...desk,
    profile: "replay",
    config: EngineConfig.parse({
      ...desk.config,
      reportingAsset: "USDT",
      assets: [
        { asset: "USDT", decimals: 8 },
        { asset: "BTC", decimals: 8 },
      ],
      accounts: [{ ...desk.config.accounts[0], account: "a" }],
      markets: [{ market: "BTC", base: "BTC", reportingQuote: "USDT" }],
      instruments: [definition],
      conversions: [],
      parameters: deskChanges({ capital: 1_000 }),
    }),
    lab: {
      market: "recording",
      directory: recording.dir,
      seed: 1,
      fromUs: START_US,
      toUs: START_US + 5_000_000,
      feedLatencyMs: 20,
      topSizeNotional: 50_000,
      printSizeNotional: 1_000,
    },
    latency: LATENCY_PRESETS.zero,
    deposits: [],
  });
  let nowUs = START_US + 2_000_000;
  const replayClock = { nowUs: () => nowUs };
  const lab = await startLab({ home, clock: replayClock, log: SILENT });
  const { config } = readDeskFile(home);
  const { venue, next, ended, until, events } = openDesk({ home, config, clock: replayClock, log: SILENT });
  try {
    expect(await next(isType("book"))).toMatchObject({
      kind: "snapshot",
      bids: [9_800, 1],
      asks: [10_100, 2],
    });
    expect(ended()).toBe(false);
    const seen = events.length;
    nowUs += 3_000_000;
    expect(await next(isType("book"), seen)).toMatchObject({ kind: "delta", asks: [10_200, 4] });
    await until(ended);
  } finally {
    await venue.close();
    await lab.stop();
    remove();
  }
});
