import { describe, expect, it } from "vitest";
import type { Command } from "../../../../server/contract/commands.ts";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { Order } from "../../../../server/core/orders/order.ts";
import {
  fillOf,
  holdInventory,
  noticesIn,
  placeOwn,
  readyDesk,
  restOwn,
  sendOpenOrders,
  viewOf,
  type Desk,
  newCommandId,
} from "../../../support/desk.ts";

function command(desk: Desk, body: Command): readonly Effect[] {
  return desk.send({
    type: "command",
    commandId: newCommandId(),
    actor: "ann",
    reason: "test",
    command: body,
  });
}

function stop(desk: Desk, state: "DISARMED" | "KILLED" = "KILLED"): readonly Effect[] {
  return command(desk, { type: "setTradingState", scope: { level: "desk" }, state });
}

function arm(desk: Desk): string {
  const ack = command(desk, { type: "arm", scope: { level: "desk" } }).find(
    ({ type }) => type === "acknowledge",
  );
  if (ack?.type !== "acknowledge") throw new Error("not acknowledged");
  return ack.outcome.accepted ? "armed" : ack.outcome.code;
}

function end(desk: Desk, { account, clientId }: Order): void {
  desk.send({ type: "orderCanceled", account, clientId, filledLots: 0 });
}

function sealOf(desk: Desk) {
  return desk.state.accounts[0]?.seal;
}

describe("a stop", () => {
  it.each(["DISARMED", "KILLED"] as const)(
    "by %s cancels all at every venue and asks until nothing is left",
    (state) => {
      const desk = readyDesk({ venues: 2 });
      const effects = stop(desk, state);
      expect(effects.filter(({ type }) => type === "cancelAll")).toEqual([
        { type: "cancelAll", account: 0 },
        { type: "cancelAll", account: 1 },
      ]);
      const asked = desk
        .wait(1_000)
        .filter((effect) => effect.type === "query" && effect.what === "openOrders");
      expect(asked).toHaveLength(4);
    },
  );

  it("is cleared by an empty answer to a question from after it, and sealed at once when nothing was ever sent", () => {
    const desk = readyDesk();
    const before = desk.nowUs;
    desk.wait(250);
    stop(desk);
    expect(noticesIn(sendOpenOrders(desk, 0, [], before))).toEqual([]);
    desk.wait(1_000);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["CLEARED", "SEALED"]);
    expect(sealOf(desk)).toMatchObject({ clearedAtUs: desk.nowUs, sealedAtUs: desk.nowUs });
    expect(desk.wait(2_000)).toEqual([]);
  });

  it("is sealed only after the last expiry and its margin, and with every order resolved", () => {
    const desk = readyDesk();
    const order = placeOwn(desk);
    stop(desk);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["CLEARED"]);
    end(desk, order);
    desk.wait(2_000);
    // Asked at the expiry and its margin to the microsecond: not yet beyond it.
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual([]);
    desk.wait(1);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["SEALED"]);
  });

  it("is not sealed while the outcome of an order is UNKNOWN", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    stop(desk);
    desk.wait(5_000);
    sendOpenOrders(desk, 0, []);
    expect(order.status).toBe("UNKNOWN");
    expect(sealOf(desk)).toMatchObject({ clearedAtUs: desk.nowUs, sealedAtUs: undefined });
    end(desk, order);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["SEALED"]);
  });

  it("that was cleared is not any more when a late order turns up, which is cancelled", () => {
    const desk = readyDesk();
    const order = placeOwn(desk);
    stop(desk);
    sendOpenOrders(desk, 0, []);
    expect(sealOf(desk)?.clearedAtUs).toBe(desk.nowUs);
    const effects = sendOpenOrders(desk, 0, [viewOf(order)]);
    expect(effects).toContainEqual({ type: "cancel", account: 0, instrument: 0, clientId: order.clientId });
    expect(sealOf(desk)?.clearedAtUs).toBeUndefined();
    end(desk, order);
    desk.wait(3_000);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["CLEARED", "SEALED"]);
  });

  it("that was sealed has to be sealed again after a person's reducing order", () => {
    const desk = readyDesk();
    holdInventory(desk, 100);
    stop(desk);
    desk.wait(3_000);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["CLEARED", "SEALED"]);
    const order = placeOwn(desk, { role: "reduce", side: "sell", sizeLots: 100 });
    expect(sealOf(desk)).toMatchObject({ clearedAtUs: undefined, sealedAtUs: undefined });
    expect(arm(desk)).toBe("NOT_SEALED");
    desk.send(fillOf(order, 100));
    desk.wait(2_001);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["CLEARED", "SEALED"]);
  });

  it("is not sealed while a fill of an ended order is still under way", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    stop(desk);
    desk.wait(3_000);
    desk.send({ type: "orderCanceled", account: 0, clientId: order.clientId, filledLots: 4 });
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["CLEARED"]);
    desk.send(fillOf(order, 4));
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["SEALED"]);
  });

  it("leaves other people's orders where they are", () => {
    const desk = readyDesk();
    stop(desk);
    desk.wait(3_000);
    const theirs = { ...viewOf(placeOwn(readyDesk())), clientId: "web-1" };
    expect(noticesIn(sendOpenOrders(desk, 0, [theirs]))).toEqual(["BREAK", "CLEARED", "SEALED"]);
  });

  it("at one venue does not wait for another", () => {
    const desk = readyDesk({ venues: 2 });
    command(desk, { type: "setTradingState", scope: { level: "account", account: "v0" }, state: "KILLED" });
    expect(desk.state.accounts.map(({ seal }) => seal !== undefined)).toEqual([true, false]);
    desk.wait(3_000);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["CLEARED", "SEALED"]);
  });
});

describe("arming", () => {
  it("is refused until every account is sealed and READY", () => {
    const desk = readyDesk({ venues: 2 });
    stop(desk);
    expect(arm(desk)).toBe("NOT_SEALED");
    desk.wait(3_000);
    sendOpenOrders(desk, 0, []);
    expect(arm(desk)).toBe("NOT_SEALED");
    sendOpenOrders(desk, 1, []);
    desk.send({ type: "account", account: 1, status: "up" });
    expect(arm(desk)).toBe("NOT_SEALED");
    expect(desk.state.trading.desk).toBe("KILLED");
    sendOpenOrders(desk, 1, []);
    desk.send({
      type: "balances",
      account: 1,
      balances: desk.engine.config.assets.map(({ asset }) => ({
        asset,
        totalAtoms: desk.state.accounts[1]?.holdings.get(asset)?.balanceAtoms ?? 0n,
      })),
    });
    expect(arm(desk)).toBe("armed");
    expect(desk.state.trading.desk).toBe("ACTIVE");
  });

  it("needs the seal of the latest stop: stopping again begins it anew", () => {
    const desk = readyDesk();
    stop(desk);
    desk.wait(3_000);
    sendOpenOrders(desk, 0, []);
    stop(desk);
    expect(arm(desk)).toBe("NOT_SEALED");
  });
});
