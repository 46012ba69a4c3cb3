/** Another desk in this one's name, wherever it is seen first: it disarms this one, and nothing is armed until a later run. */
import { describe, expect, it } from "vitest";
import { clientIdOf } from "../../../../server/core/orders/clientId.ts";
import {
  fillOf,
  newCommandId,
  noticesIn,
  readyDesk,
  restOwn,
  sendOpenOrders,
  type Desk,
} from "../../../support/desk.ts";

/** That of the test desks. */
const OUR_EPOCH = 7;

const ofLaterRun = (counter = 1) => clientIdOf("hedge", "tst", OUR_EPOCH + 2, counter);
const fillAs = (clientId: string) =>
  fillOf({ account: 0, instrument: 0, clientId, side: "buy", priceTicks: 10_000 }, 5);

function arm(desk: Desk) {
  const command = { type: "arm", scope: { level: "desk" } } as const;
  const effects = desk.send({
    type: "command",
    commandId: newCommandId(),
    actor: "ann",
    reason: "a test",
    command,
  });
  return effects.find((effect) => effect.type === "acknowledge")?.outcome;
}

describe("a second writer", () => {
  it("shows in a fill of an order that no run of ours has placed, which is booked all the same", () => {
    const desk = readyDesk({ venues: 2 });
    const before = desk.state.counts.fills;
    const effects = desk.send(fillAs(ofLaterRun()));
    expect(noticesIn(effects)).toEqual(["FOREIGN_FILL", "SECOND_WRITER", "TRADING_STATE"]);
    expect(effects.filter(({ type }) => type === "cancelAll")).toHaveLength(2);
    expect(desk.state.counts.fills).toBe(before + 1);
    expect(desk.state.trading.desk).toBe("DISARMED");
  });

  it("shows in what the venue reports of such an order", () => {
    const desk = readyDesk();
    const clientId = clientIdOf("quote", "tst", OUR_EPOCH, desk.state.orderCounter + 1);
    const effects = desk.send({ type: "orderAccepted", account: 0, clientId, venueOrderId: "v1" });
    expect(noticesIn(effects)).toEqual(["SECOND_WRITER", "TRADING_STATE"]);
  });

  it("shows in an order in a symbol that is not traded here", () => {
    const desk = readyDesk();
    const elsewhere = {
      symbol: "DOGE/USD",
      clientId: ofLaterRun(),
      venueOrderId: "9",
      side: "buy",
      price: "1",
      size: "1",
    } as const;
    const effects = desk.send({
      type: "openOrders",
      account: 0,
      askedAtUs: desk.nowUs,
      orders: [],
      elsewhere: [elsewhere],
    });
    expect(noticesIn(effects)).toContain("SECOND_WRITER");
  });

  it("is told once for each of its orders, and not for ours, an earlier run's or other people's", () => {
    const desk = readyDesk();
    const own = restOwn(desk);
    for (const clientId of [own.clientId, clientIdOf("quote", "tst", OUR_EPOCH - 1, 9), "web-1", ""])
      expect(noticesIn(desk.send(fillAs(clientId)))).not.toContain("SECOND_WRITER");
    expect(noticesIn(desk.send(fillAs(ofLaterRun(1))))).toContain("SECOND_WRITER");
    expect(noticesIn(desk.send(fillAs(ofLaterRun(1))))).not.toContain("SECOND_WRITER");
    expect(noticesIn(desk.send(fillAs(ofLaterRun(2))))).toContain("SECOND_WRITER");
  });

  it("keeps the desk from being armed until another run has begun", () => {
    const desk = readyDesk();
    desk.send(fillAs(ofLaterRun()));
    expect(arm(desk)).toMatchObject({ accepted: false, code: "SECOND_WRITER" });
    desk.send({ type: "restart", reason: "started again" });
    sendOpenOrders(desk, 0, []);
    // What else it has to wait for is another matter.
    expect(arm(desk)).toMatchObject({ code: "NOT_SEALED" });
  });

  it("leaves the highest of the epochs that it was seen with behind for the next run", () => {
    const desk = readyDesk();
    desk.send(fillAs(clientIdOf("quote", "tst", 40, 1)));
    desk.send(fillAs(ofLaterRun()));
    expect(desk.state.secondWriter).toMatchObject({ clientId: ofLaterRun(), epoch: 40 });
  });
});
