import { describe, expect, it } from "vitest";
import { filterOpen, holdOpen, mergeOpen, orderKey } from "../../../../components/orders/openOrders.ts";
import { orderLine, openLine } from "./lines.ts";

describe("open orders", () => {
  it("are the engine's answer until a line says otherwise", () => {
    expect(mergeOpen([openLine("a"), openLine("b")], [])).toHaveLength(2);
  });

  it("lose those that a line ended, and gain those that a line began", () => {
    const now = mergeOpen(
      [openLine("a"), openLine("b")],
      [orderLine(1, "c"), orderLine(2, "a", { status: "CANCELED", isFinal: true })],
    );
    expect(now.map(({ clientId }) => clientId).toSorted()).toEqual(["b", "c"]);
  });

  it("do not come back by a line that is older than their end", () => {
    const lines = [orderLine(1, "a"), orderLine(2, "a", { status: "FILLED", isFinal: true })];
    expect(mergeOpen([], lines)).toEqual([]);
    expect(mergeOpen([openLine("a")], lines)).toEqual([]);
  });

  it("are told apart by account and symbol, not by id alone", () => {
    const lines = [orderLine(1, "a", { account: "okx", status: "FILLED", isFinal: true })];
    expect(mergeOpen([openLine("a")], lines)).toHaveLength(1);
  });

  it("come newest first", () => {
    const now = mergeOpen(
      [openLine("a", { placedAtUs: 1 }), openLine("b", { placedAtUs: 3 })],
      [orderLine(1, "c", { placedAtUs: 2 })],
    );
    expect(now.map(({ clientId }) => clientId)).toEqual(["b", "c", "a"]);
  });

  it("are filtered by venue, side and status", () => {
    const now = mergeOpen([openLine("a", { side: "sell" }), openLine("b", { status: "UNKNOWN" })], []);
    expect(filterOpen(now, { side: "sell" }).map(({ clientId }) => clientId)).toEqual(["a"]);
    expect(filterOpen(now, { status: "UNKNOWN" }).map(({ clientId }) => clientId)).toEqual(["b"]);
    expect(filterOpen(now, { status: "working" })).toHaveLength(2);
    expect(filterOpen(now, { account: "okx" })).toEqual([]);
  });

  it("keep their places under the pointer: figures go on, ended ones say so, new ones wait", () => {
    const held = mergeOpen([openLine("b", { placedAtUs: 2 }), openLine("a", { placedAtUs: 1 })], []);
    const now = mergeOpen(
      [openLine("c", { placedAtUs: 3 }), openLine("a", { placedAtUs: 1, filledBase: 0.5 })],
      [],
    );
    expect(
      holdOpen(held, now).map(({ order, hasEnded }) => [orderKey(order), order.filledBase, hasEnded]),
    ).toEqual([
      ["binance BTC/USDT b", 0, true],
      ["binance BTC/USDT a", 0.5, false],
    ]);
  });
});
