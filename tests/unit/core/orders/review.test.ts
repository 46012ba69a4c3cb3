import { describe, expect, it } from "vitest";
import type { Command } from "../../../../server/contract/commands.ts";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { ParamName } from "../../../../server/contract/params.ts";
import type { Side } from "../../../../server/contract/units.ts";
import { isFinal, type Order } from "../../../../server/core/orders/order.ts";
import {
  BTC,
  BTC_USD,
  coldDesk,
  fillOf,
  holdInventory,
  quotingDesk,
  readyDesk,
  reconcile,
  sendBook,
  verdictOn,
  type Adjust,
  type Desk,
  type DeskShape,
  newCommandId,
} from "../../../support/desk.ts";

/** Three venues with a bid and an ask of 20 lots each under a limit of 100, which stay where they are: only the review can end them. */
const QUOTES: DeskShape = {
  venues: 3,
  parameters: {
    assetMaxPct: 1,
    orderNotionalPct: 0.2,
    quoteLifeMinMs: 60_000,
    skewMaxBps: 0.001,
    venueSkewBps: 0,
    sizeSkewExponent: 0,
  },
};

/** Quoted desks whose venues are silent from here on: what is asked for stays visible as asked for. */
function silentDesk(): Desk {
  const desk = quotingDesk(QUOTES);
  desk.answers = false;
  return desk;
}

function command(desk: Desk, body: Command): readonly Effect[] {
  return desk.send({
    type: "command",
    commandId: newCommandId(),
    actor: "ann",
    reason: "test",
    command: body,
  });
}

function change(desk: Desk, values: Partial<Record<ParamName, number>>): readonly Effect[] {
  const changes = (Object.keys(values) as ParamName[]).map((name) => ({
    scope: { level: "desk" } as const,
    name,
    value: values[name],
  }));
  return command(desk, { type: "setParameters", expectedVersion: desk.state.layers.version, changes });
}

function cancelled(desk: Desk, effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => {
    const order = effect.type === "cancel" ? desk.state.orders.get(effect.clientId) : undefined;
    return order === undefined ? [] : [`v${order.account} ${order.side}`];
  });
}

function resting(desk: Desk, side?: Side): Order[] {
  return [...desk.state.orders.values()].filter(
    (order) => order.status === "OPEN" && (side === undefined || order.side === side),
  );
}

function lotsOf(orders: readonly Order[]): number {
  return orders.reduce((sum, { sizeLots, filledLots }) => sum + sizeLots - filledLots, 0);
}

describe("the review of what rests", () => {
  it("under REDUCE_ONLY cancels just enough that the worst case reduces", () => {
    const desk = silentDesk();
    holdInventory(desk, 21);
    expect(resting(desk).map(({ sizeLots }) => sizeLots)).toEqual([20, 20, 20, 20, 20, 20]);
    const effects = command(desk, {
      type: "setTradingState",
      scope: { level: "desk" },
      state: "REDUCE_ONLY",
    });
    expect(cancelled(desk, effects).sort()).toEqual(["v0 buy", "v0 sell", "v1 buy", "v1 sell", "v2 buy"]);
    expect(lotsOf(resting(desk, "sell"))).toBe(20);
    // The cancels are on their way: nothing more goes, and nothing comes in its place.
    const later = desk.wait(250).filter(({ type }) => type === "cancel" || type === "place");
    expect(later).toEqual([]);
  });

  it("under REDUCE_ONLY goes on as the inventory shrinks, so that it is never sold through", () => {
    const desk = quotingDesk(QUOTES);
    holdInventory(desk, 21);
    command(desk, { type: "setTradingState", scope: { level: "desk" }, state: "REDUCE_ONLY" });
    const [last] = resting(desk, "sell");
    if (last === undefined) throw new Error("nothing rests");
    desk.send(fillOf(last, 15));
    desk.wait(2_000);
    const working = [...desk.state.orders.values()].filter(({ status }) => !isFinal(status));
    expect(desk.state.markets[0]?.inventoryBase).toBeCloseTo(0.06, 9);
    expect(lotsOf(working.filter(({ side }) => side === "sell"))).toBeLessThanOrEqual(6);
    expect(lotsOf(working.filter(({ side }) => side === "buy"))).toBe(0);
  });

  it.each<{ name: string; heldLots: number; values: Partial<Record<ParamName, number>>; gone: string[] }>([
    { name: "net limit", heldLots: 0, values: { netMaxPct: 0.5 }, gone: ["v0 buy", "v0 sell"] },
    { name: "limit of the asset", heldLots: 0, values: { assetMaxPct: 0.5 }, gone: ["v0 buy", "v0 sell"] },
    {
      name: "limit of the asset, beside inventory",
      heldLots: 30,
      values: { assetMaxPct: 0.55 },
      gone: ["v0 buy", "v1 buy"],
    },
    { name: "limit of a venue", heldLots: 10, values: { venueMaxPct: 0.25 }, gone: ["v0 buy"] },
    {
      name: "gross limit",
      heldLots: 0,
      values: { grossMaxPct: 0.5, netMaxPct: 0.5 },
      gone: ["v0 buy", "v0 sell"],
    },
    {
      name: "capital",
      heldLots: 0,
      values: { capital: 5_000 },
      gone: ["v0 buy", "v0 sell"],
    },
    {
      name: "limit that everything still keeps",
      heldLots: 0,
      values: { assetMaxPct: 0.61, netMaxPct: 0.61, venueMaxPct: 0.21, grossMaxPct: 0.61 },
      gone: [],
    },
  ])("after a lower $name cancels just enough, and no more", ({ heldLots, values, gone }) => {
    const desk = silentDesk();
    if (heldLots !== 0) holdInventory(desk, heldLots);
    const effects = change(desk, values);
    expect(cancelled(desk, effects).sort()).toEqual(gone);
    expect(desk.wait(250).filter(({ type }) => type === "cancel")).toEqual([]);
    expect(resting(desk)).toHaveLength(6 - gone.length);
  });

  it.each([
    { lots: 30, gone: [] },
    { lots: 50, gone: ["v0 buy"] },
    { lots: 70, gone: ["v0 buy", "v1 buy"] },
    { lots: -50, gone: ["v0 sell"] },
  ])("after $lots lots arrive by a moved baseline or a fill elsewhere cancels $gone", ({ lots, gone }) => {
    const moved = silentDesk();
    const baselineAtoms = 1_000n * BTC - (BigInt(lots) * BTC) / 100n;
    const body = { type: "setBaseline", account: "v1", asset: "BTC", baselineAtoms } as const;
    expect(cancelled(moved, command(moved, body))).toEqual(gone);

    const filled = silentDesk();
    const side = lots > 0 ? "buy" : "sell";
    const theirs = { account: 1, instrument: 1, clientId: "", side, priceTicks: 10_000 } as const;
    const effects = filled.send(fillOf(theirs, Math.abs(lots), { clientId: undefined }));
    expect(cancelled(filled, effects)).toEqual(gone);
  });

  it("ends an order that a tightened collar leaves outside, and counts why", () => {
    const desk = quotingDesk({ ...QUOTES, venues: 1 });
    // Fair value ran away from our bid, which a long life keeps in its place, and over our ask, which moved.
    sendBook(desk, 0, 10_060);
    const [bid] = resting(desk, "buy");
    if (bid === undefined) throw new Error("no bid");
    expect(bid.priceTicks).toBeLessThan(10_003);
    desk.answers = false;
    expect(cancelled(desk, change(desk, { collarBps: 90 }))).toEqual([]);
    expect(cancelled(desk, change(desk, { collarBps: 55 }))).toEqual(["v0 buy"]);
    expect(desk.state.refusals.get("PRICE_COLLAR")).toBe(1);
    expect(bid.status).toBe("PENDING_CANCEL");
  });

  it.each(["in-place", "cancel-new", "none"] as const)(
    "counts what rests once where an amendment is %s",
    (amend) => {
      const desk = quotingDesk({ ...QUOTES, amend: [amend, amend, amend] });
      desk.answers = false;
      expect(cancelled(desk, change(desk, { assetMaxPct: 0.61 }))).toEqual([]);
      expect(cancelled(desk, change(desk, { assetMaxPct: 0.59 }))).toEqual(["v0 buy", "v0 sell"]);
    },
  );

  it("leaves quotes in bounds alone, however often it looks", () => {
    const desk = silentDesk();
    const effects = desk.wait(10_000).filter(({ type }) => type === "cancel" || type === "place");
    expect(effects).toEqual([]);
    expect(resting(desk)).toHaveLength(6);
  });
});

/** Quotes in USDT, whose rate is either assumed or measured on an instrument of its own, the last. */
function inUsdt(source: object): Adjust {
  return (config) => ({
    ...config,
    assets: [...config.assets, { asset: "USDT", decimals: 8 }],
    instruments: [
      ...config.instruments.map((inst) => ({ ...inst, symbol: "BTC/USDT", quote: "USDT", settle: "USDT" })),
      { ...BTC_USD, account: "v0", symbol: "USDT/USD", base: "USDT", tick: "0.0001", quoted: false },
    ],
    conversions: [{ asset: "USDT", to: "USD", source }],
  });
}

const assumed = (rate: number): Adjust => inUsdt({ kind: "assumed", rate });
const MEASURED = inUsdt({ kind: "instrument", account: "v0", symbol: "USDT/USD" });

function sendRate(desk: Desk, ticks: number): void {
  const book = { bids: [ticks - 1, 500], asks: [ticks + 1, 500] };
  desk.send({ type: "book", instrument: 3, kind: "snapshot", ...book });
}

describe("a quote currency between 50 and 100 bps off par", () => {
  it.each([
    { rate: 0.9945, sell: "REDUCE_ONLY" },
    { rate: 1.0055, sell: "REDUCE_ONLY" },
    { rate: 0.9955, sell: "passes" },
    { rate: 1.0045, sell: "passes" },
  ] as const)("at $rate: an order that would sell through the inventory $sell", ({ rate, sell }) => {
    const desk = readyDesk({ venues: 3, adjust: assumed(rate) });
    holdInventory(desk, 10);
    const intent = { side: "sell", sizeLots: 11 } as const;
    expect(verdictOn(desk, intent)).toBe(sell);
    expect(verdictOn(desk, { ...intent, sizeLots: 10 })).toBe("passes");
    expect(verdictOn(desk, { side: "buy", sizeLots: 1 })).toBe(sell);
  });

  it("three venues that sell against one inventory never exceed it together", () => {
    const desk = quotingDesk({ ...QUOTES, adjust: assumed(0.993) });
    holdInventory(desk, 10);
    for (let round = 0; round < 8; round++) {
      desk.wait(250);
      const working = [...desk.state.orders.values()].filter(({ status }) => !isFinal(status));
      expect(lotsOf(working.filter(({ side }) => side === "sell"))).toBe(10);
      expect(lotsOf(working.filter(({ side }) => side === "buy"))).toBe(0);
    }
  });

  it("that was nearer to it a moment ago has what rests pulled until it only reduces", () => {
    const parameters = { ...QUOTES.parameters, jumpSigmas: 50 };
    const desk = coldDesk({ ...QUOTES, parameters, adjust: MEASURED });
    sendRate(desk, 9_955);
    for (const venue of [0, 1, 2]) sendBook(desk, venue);
    for (const venue of [0, 1, 2]) reconcile(desk, venue);
    desk.answers = true;
    desk.wait(25_000);
    holdInventory(desk, 21);
    expect(resting(desk)).toHaveLength(6);
    desk.answers = false;
    sendRate(desk, 9_945);
    const gone = cancelled(desk, desk.wait(1_000));
    expect(gone.filter((name) => name.endsWith("buy"))).toHaveLength(3);
    expect(lotsOf(resting(desk, "sell"))).toBe(20);
  });
});
