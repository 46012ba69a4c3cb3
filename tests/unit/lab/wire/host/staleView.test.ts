import { describe, expect, it } from "vitest";
import { createStaleView } from "../../../../../server/lab/wire/host/staleView.ts";
import type { StaleView } from "../../../../../server/lab/wire/host/staleView.ts";
import type { FillQuery, FrontEnd } from "../../../../../server/lab/wire/ports.ts";
import { BTC, START_AT_US, wireVenue } from "../../../../support/wireVenue.ts";
import { order } from "../core/front.ts";

const SILENT: FrontEnd = {
  http: () => ({ status: 200, body: "" }),
  connect: () => undefined,
  public: () => undefined,
  private: () => undefined,
  moved: () => undefined,
  listed: () => undefined,
  tick: () => undefined,
  fault: () => undefined,
};

function open() {
  let behindUs: number | undefined;
  const listed = { lateUs: 0, overlaps: false };
  const venue = wireVenue({ venue: "v", front: () => SILENT });
  const view: StaleView = createStaleView(venue.core, () => behindUs, {
    tradesBehindUs: () => listed.lateUs,
    hasOverlap: () => listed.overlaps,
  });
  venue.core.attach(view.tapped(SILENT));
  venue.snapshot([5_999_000, 1_000], [6_000_000, 1_000]);
  const state = (when: "past" | "present" = "past") =>
    view[when](() => ({
      open: view.core.openOrders(0).map(({ clientId }) => clientId),
      all: view.core.orders(0, { limit: 10 }).map(({ clientId, status }) => `${clientId} ${status}`),
      fills: view.core.fills(0, { order: "oldest", limit: 10 }).map(({ clientId }) => clientId),
      btc: view.core.balances(0).find(({ asset }) => asset === "BTC")?.totalAtoms,
      one: view.core.order(0, { clientId: "b" })?.status,
    }));
  return { ...venue, view, state, listed, lag: (us: number | undefined) => void (behindUs = us) };
}

it("tells orders, fills and balances as they were when the fault began, then follows at its distance", () => {
  const { view, state, lag, setNow } = open();
  view.core.place(0, order("a", "buy", 5_000_000, 100));
  lag(1_000);
  const began = state();
  setNow(START_AT_US + 500);
  view.core.place(0, order("b", "buy", 6_000_000, 200));
  view.core.cancel(0, { clientId: "a" });
  expect(state()).toEqual(began);
  expect(began).toMatchObject({ open: ["a"], all: ["a OPEN"], fills: [], one: undefined });
  setNow(START_AT_US + 1_499);
  expect(state()).toEqual(began);
  setNow(START_AT_US + 1_500);
  const caughtUp = { open: [], all: ["b FILLED", "a CANCELED"], fills: ["b"], one: "FILLED" };
  expect(state()).toMatchObject(caughtUp);
  expect(state().btc).toBe((began.btc ?? 0n) + 200_000n);
});

it("acts on the present, and tells the present outside of questions and when it is over", () => {
  const { view, state, lag, setNow } = open();
  lag(1_000);
  state();
  setNow(START_AT_US + 1);
  view.core.place(0, order("b", "buy", 5_000_000, 100));
  expect(view.past(() => view.core.place(0, order("b", "buy", 5_000_000, 100)))).toEqual({
    ok: false,
    reason: "DUPLICATE_ID",
  });
  expect(state()).toMatchObject({ open: [], one: undefined });
  expect(state("present")).toMatchObject({ open: ["b"], one: "OPEN" });
  expect(view.core.openOrders(0)).toHaveLength(1);
  expect(view.present(() => view.core.cancel(0, { clientId: "b" }))).toMatchObject({ ok: true });
  lag(undefined);
  expect(state()).toMatchObject({ open: [], all: ["b CANCELED"] });
});

it("lets the front-end see in its reports what has just happened, whatever the request around them asks", () => {
  const { core, view, state, lag, setNow } = open();
  const seen: unknown[] = [];
  const front: FrontEnd = {
    ...SILENT,
    private: (_, { clientId }) =>
      seen.push(view.core.order(0, { clientId })?.status, view.core.openOrders(0).length),
  };
  core.attach(view.tapped(front));
  lag(1_000);
  state();
  setNow(START_AT_US + 1);
  view.past(() => view.core.place(0, order("b", "buy", 5_000_000, 100)));
  expect(seen).toEqual(["OPEN", 1]);
});

it("keeps up with listings that change behind it", () => {
  const { core, view } = open();
  core.relist(BTC, { status: "HALTED" });
  expect(view.core.listings[0]?.definition.status).toBe("HALTED");
});

describe("lists of own trades", () => {
  const ids = ({ view }: ReturnType<typeof open>, query: Partial<FillQuery> = {}) =>
    view.past(() =>
      view.core.fills(0, { order: "oldest", limit: 10, ...query }).map(({ clientId }) => clientId),
    );

  it("lag by themselves: the order is told as it is, and so are its own trades", () => {
    const at = open();
    at.view.core.place(0, order("b", "buy", 6_000_000, 200));
    at.listed.lateUs = 1_000;
    expect(ids(at)).toEqual([]);
    expect(at.state()).toMatchObject({ all: ["b FILLED"], one: "FILLED" });
    const venueOrderId = at.core.order(0, { clientId: "b" })?.venueOrderId;
    expect(ids(at, { venueOrderId })).toEqual(["b"]);
    expect(at.view.present(() => at.view.core.fills(0, { order: "oldest", limit: 10 }))).toHaveLength(1);
    at.setNow(START_AT_US + 1_000);
    expect(ids(at)).toEqual(["b"]);
  });

  it("overlap: a page begins before the point that was asked for", () => {
    const at = open();
    at.view.core.place(0, order("b", "buy", 6_000_000, 200));
    at.setNow(START_AT_US + 1_000_000);
    at.view.core.place(0, order("c", "buy", 6_000_000, 200));
    const [, second] = at.core.fills(0, { order: "oldest", limit: 10 });
    const queries = [{ sinceUs: START_AT_US + 1 }, { fromTradeId: second?.tradeId, instrument: BTC }];
    for (const query of queries) {
      at.listed.overlaps = false;
      expect(ids(at, query)).toEqual(["c"]);
      at.listed.overlaps = true;
      expect(ids(at, query)).toEqual(["b", "c"]);
    }
  });
});
