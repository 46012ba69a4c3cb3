/** A run that takes up the state of an earlier one: the ledger is a fact, the outside is a memory. */
import { describe, expect, it } from "vitest";
import type { Effect } from "../../../server/contract/effects.ts";
import {
  BTC,
  type Desk,
  fillOf,
  newCommandId,
  noticesIn,
  placeOwn,
  quotingDesk,
  readyDesk,
  restOwn,
  sendBalances,
  sendBook,
  sendOpenOrders,
  USD,
} from "../../support/desk.ts";
import { sayStatus } from "../../support/orderReports.ts";

/** As the desk of these tests has it. */
const REQUEST_EXPIRY_MS = 1_500;

function restart(desk: Desk): readonly Effect[] {
  return desk.send({ type: "restart", reason: "the engine was started again" });
}

describe("a restart", () => {
  it("makes every order UNKNOWN, keeps its exposure, asks for it and cancels it", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const effects = restart(desk);
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
    expect(effects).toContainEqual(
      expect.objectContaining({ type: "query", what: "order", account: 0, clientId: order.clientId }),
    );
    expect(effects).toContainEqual({ type: "cancel", account: 0, instrument: 0, clientId: order.clientId });
  });

  it("asks for an order that no venue has spoken of only once that may prove it absent, and then at once", () => {
    const desk = readyDesk();
    const [unheard, accepted] = [placeOwn(desk), restOwn(desk)];
    Object.assign(desk.engine.config, { epoch: desk.engine.config.epoch + 1 });
    const questions = (effects: readonly Effect[]): string[] =>
      effects.flatMap((effect) =>
        effect.type === "query" && effect.what === "order" ? effect.clientId : [],
      );
    expect(questions(restart(desk))).toEqual([accepted.clientId]);
    desk.send({ type: "account", account: 0, status: "up" });
    expect(questions(sendOpenOrders(desk, 0, []))).not.toContain(unheard.clientId);
    expect(questions(desk.wait(REQUEST_EXPIRY_MS))).not.toContain(unheard.clientId);
    expect(questions(desk.wait(750))).toContain(unheard.clientId);
    sayStatus(desk, unheard, "absent");
    expect(unheard.status).toBe("REJECTED");
  });

  it("says what of the earlier run is missing, and expects nothing of its disk", () => {
    const desk = quotingDesk();
    desk.send({ type: "storage", status: "DISK_LOW", text: "a test" });
    const leftOut = "5 events are left out";
    const effects = desk.send({ type: "restart", reason: "it was started again", leftOut });
    expect(effects).toContainEqual({ type: "notice", code: "RECOVERY_GAP", scope: "desk", text: leftOut });
    expect(desk.state.storage).toBe("OK");
    expect(noticesIn(restart(readyDesk()))).not.toContain("RECOVERY_GAP");
  });

  it("disarms the desk and begins a seal at every account; a stop stays a stop", () => {
    const desk = quotingDesk({ venues: 2 });
    expect(restart(desk).filter(({ type }) => type === "cancelAll")).toHaveLength(2);
    expect(desk.state.trading.desk).toBe("DISARMED");
    const stopped = quotingDesk();
    const command = { type: "setTradingState", scope: { level: "desk" }, state: "KILLED" } as const;
    stopped.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "test", command });
    expect(noticesIn(restart(stopped))).not.toContain("TRADING_STATE");
    expect(stopped.state.trading.desk).toBe("KILLED");
  });

  it("begins with the configured terms of every instrument, as its adapters do, not with what a venue had made of them", () => {
    const desk = readyDesk();
    const [inst] = desk.state.instruments;
    if (inst === undefined) throw new Error("no instrument");
    const configured = inst.definition;
    const changed = { ...configured, version: 2, tick: "0.1", status: "HALTED" } as const;
    desk.send({ type: "instrument", instrument: 0, definition: changed });
    expect(inst).toMatchObject({ tickQuote: 0.1, definition: changed });
    restart(desk);
    expect(inst).toMatchObject({ tickQuote: 0.01, definition: configured });
  });

  it("keeps an order's own steps until it has ended, then begins with the configured ones", () => {
    const desk = readyDesk();
    const [inst] = desk.state.instruments;
    if (inst === undefined) throw new Error("no instrument");
    const { definition: configured } = inst;
    desk.send({ type: "instrument", instrument: 0, definition: { ...configured, version: 2, tick: "0.1" } });
    sendBook(desk, 0, 1_000);
    const order = restOwn(desk, { priceTicks: 999 });
    restart(desk);
    expect(inst).toMatchObject({ tickQuote: 0.1, nextDefinition: configured });
    desk.send({ type: "orderCanceled", account: 0, clientId: order.clientId, filledLots: 0 });
    desk.wait(250);
    expect(inst).toMatchObject({ tickQuote: 0.01, nextDefinition: undefined });
  });

  it("places nothing until venues, books and an operator have spoken again", () => {
    const desk = quotingDesk();
    restart(desk);
    desk.answers = false;
    const effects = desk.wait(10_000);
    expect(effects.filter(({ type }) => type === "place" || type === "amend")).toEqual([]);
    expect(desk.state.accounts.map(({ status }) => status)).toEqual(["NOT_READY"]);
    expect(desk.state.instruments[0]?.feed.void).toBe(true);
  });

  it("settles an order of the earlier run by one denial, once nothing of that run can still arrive", () => {
    const desk = readyDesk();
    const order = placeOwn(desk);
    desk.wait(1_000);
    Object.assign(desk.engine.config, { epoch: desk.engine.config.epoch + 1 });
    restart(desk);
    desk.send({ type: "account", account: 0, status: "up" });
    // Its own request has expired, and those of the run's last moments have not.
    desk.wait(1_750);
    sayStatus(desk, order, "absent");
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
    const asked = desk.wait(250).filter((effect) => effect.type === "query" && effect.what === "order");
    expect(asked).toHaveLength(1);
    sayStatus(desk, order, "absent");
    expect(order).toMatchObject({ status: "REJECTED", exposureLots: 0 });
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0);
    expect(desk.state.accounts[0]?.status).toBe("READY");
  });

  it("waits again as at the first contact, and is READY only after that", () => {
    const desk = readyDesk();
    restart(desk);
    desk.send({ type: "account", account: 0, status: "up" });
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0);
    expect(desk.state.accounts[0]?.status).toBe("RECONCILING");
    desk.wait(2_500);
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0);
    expect(desk.state.accounts[0]?.status).toBe("READY");
  });

  it("books a fill of an order that it does not remember, so that balances agree", () => {
    const desk = readyDesk();
    restart(desk);
    const lost = {
      account: 0,
      instrument: 0,
      clientId: "qtst0006000000z",
      side: "buy",
      priceTicks: 9_999,
    } as const;
    expect(noticesIn(desk.send(fillOf(lost, 10)))).toContain("FOREIGN_FILL");
    expect(desk.state.markets[0]?.inventoryBase).toBeCloseTo(0.1);
  });

  it("keeps inventory, P&L and parameters, and is no pause of the host however long it took", () => {
    const desk = readyDesk();
    sendBook(desk, 0);
    desk.send(fillOf(restOwn(desk), 10));
    const { position } = desk.state.markets[0] ?? {};
    const before = structuredClone(position);
    desk.nowUs += 3_600_000_000;
    expect(noticesIn(restart(desk))).not.toContain("HOST_PAUSE");
    expect(desk.state.markets[0]?.position).toEqual(before);
    expect(desk.state.layers.version).toBe(1);
  });

  it("learns nothing of fills whose markouts were still to come", () => {
    const desk = quotingDesk();
    const [order] = desk.state.orders.values();
    if (order === undefined) throw new Error("nothing rests");
    desk.send(fillOf(order, 1));
    expect(desk.state.markets[0]?.estimates.markouts.fills).toHaveLength(1);
    restart(desk);
    expect(desk.state.markets[0]?.estimates.markouts).toMatchObject({ fills: [], givenUp: 5 });
  });

  it("does not count the time in between as quoted", () => {
    const desk = quotingDesk();
    const { uptime } = desk.state.instruments[0] ?? {};
    expect(uptime?.twoSided).toBe(true);
    const quotedUs = (uptime?.twoSidedUs ?? 0) + (desk.nowUs - (uptime?.sinceUs ?? 0));
    desk.nowUs += 3_600_000_000;
    restart(desk);
    expect(desk.state.instruments[0]?.uptime).toMatchObject({ twoSided: false, twoSidedUs: quotedUs });
  });
});

describe("the first contact after a restart", () => {
  function contact(desk: Desk): void {
    desk.send({ type: "account", account: 0, status: "up" });
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0, 1_000n * BTC, 1_000_000n * USD);
  }

  it("decides at once when requests of the earlier life have expired by then", () => {
    const desk = readyDesk();
    restart(desk);
    desk.wait(REQUEST_EXPIRY_MS + 500);
    contact(desk);
    expect(desk.state.accounts[0]?.status).toBe("READY");
  });

  it("decides nothing before", () => {
    const desk = readyDesk();
    restart(desk);
    desk.wait(REQUEST_EXPIRY_MS);
    contact(desk);
    expect(desk.state.accounts[0]?.status).toBe("RECONCILING");
  });
});

describe("a seal after a restart", () => {
  const sealed = (desk: Desk) => desk.state.accounts[0]?.seal?.sealedAtUs !== undefined;

  it("waits for requests of the earlier life that nobody remembers", () => {
    const desk = readyDesk();
    restart(desk);
    desk.send({ type: "account", account: 0, status: "up" });
    desk.wait(1_500);
    sendOpenOrders(desk, 0, []);
    expect(sealed(desk)).toBe(false);
    desk.wait(1_500);
    sendOpenOrders(desk, 0, []);
    expect(sealed(desk)).toBe(true);
  });

  it("is made by the answer that makes the account READY: a venue's counter of reads is small", () => {
    const desk = readyDesk();
    restart(desk);
    desk.send({ type: "account", account: 0, status: "up" });
    desk.wait(REQUEST_EXPIRY_MS + 500);
    sendBalances(desk, 0, 1_000n * BTC, 1_000_000n * USD);
    desk.nowUs += 1;
    sendOpenOrders(desk, 0, []);
    expect(desk.state.accounts[0]?.status).toBe("READY");
    expect(sealed(desk)).toBe(true);
  });

  it("asks for the list of open orders while an order is unknown, and the comparison does not as well", () => {
    const desk = readyDesk({ account: { reconcileEveryMs: 5_000 } });
    const order = restOwn(desk);
    restart(desk);
    desk.send({ type: "account", account: 0, status: "up" });
    desk.wait(5_000);
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0, 1_000n * BTC, 1_000_000n * USD);
    const asked = desk
      .wait(10_000)
      .filter((effect) => effect.type === "query" && effect.what === "openOrders");
    expect(order.status).toBe("UNKNOWN");
    expect(asked).toHaveLength(10);
  });

  it("is broken by a stray, and made again once that is gone", () => {
    const desk = readyDesk();
    restart(desk);
    desk.send({ type: "account", account: 0, status: "up" });
    desk.wait(3_000);
    sendOpenOrders(desk, 0, []);
    expect(sealed(desk)).toBe(true);
    const stray = {
      clientId: "qtst00060000001",
      venueOrderId: "v9",
      instrument: 0,
      side: "buy",
      priceTicks: 9_000,
      sizeLots: 10,
      filledLots: 0,
    } as const;
    sendOpenOrders(desk, 0, [stray]);
    expect(sealed(desk)).toBe(false);
    desk.wait(1_000);
    sendOpenOrders(desk, 0, []);
    expect(sealed(desk)).toBe(true);
  });
});
