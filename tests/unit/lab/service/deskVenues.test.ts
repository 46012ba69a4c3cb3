import { afterEach, expect, it } from "vitest";
import type { Instrument } from "../../../../server/contract/instrument.ts";
import { createClock } from "../../../../server/host/clock.ts";
import { startLab, type Lab } from "../../../../server/lab/service/lab.ts";
import type { LabMarket } from "../../../../server/lab/service/market.ts";
import { isType, openDesk, type LabDesk } from "../../venues/lab/labDesk.ts";
import { demoDesk, makeHome, SILENT } from "./desk.ts";

const desk = demoDesk();
const { config } = desk;
const clock = createClock();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A desk over this market, once an account of it is up. */
async function open(market: Pick<LabMarket, "watchListings">): Promise<LabDesk> {
  const { home, remove } = makeHome(desk);
  closers.push(remove);
  const driver = { isEndless: true, next: () => undefined } as const;
  const openMarket = (): LabMarket => ({ ...market, driver, close: () => undefined });
  const lab: Lab = await startLab({ home, clock, log: SILENT, openMarket });
  closers.push(() => lab.stop());
  const opened = openDesk({ home, config, clock, log: SILENT });
  closers.push(() => opened.venue.close());
  await opened.next(isType("account"));
  return opened;
}

it("tells a desk every listing, also one that is as in its file again: it may have been told otherwise", async () => {
  const [first] = config.instruments;
  if (first === undefined) throw new Error("no instruments");
  const halted: Instrument = { ...first, status: "HALTED", version: 2 };
  const told = await open({ watchListings: (listener) => listener(0, halted) });
  await told.until(() => told.events.filter(isType("instrument")).length >= config.instruments.length);
  const listings = told.events.filter(isType("instrument"));
  expect(listings.map(({ instrument }) => instrument)).toEqual([...config.instruments.keys()]);
  expect(listings.map(({ definition }) => definition)).toEqual([halted, ...config.instruments.slice(1)]);
});

it("tells none where the market has no listings of its own", async () => {
  const { events, venue, next } = await open({});
  venue.send({ type: "query", what: "openOrders", account: 0 });
  await next(isType("openOrders"));
  expect(events.filter(isType("instrument"))).toEqual([]);
});
