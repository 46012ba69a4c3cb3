import { afterEach, expect, it } from "vitest";
import { createPrivateSide } from "../../../../../server/venues/ccxt/gateway/privateSide.ts";
import { ASK, configOf, KEY, nowUs, openDesk, place, POLL, serve, statuses } from "./served.ts";
import type { Served } from "./served.ts";

let venue: Served | undefined;

afterEach(async () => {
  await venue?.close();
  venue = undefined;
});

it("a start at kraken takes one token for both sockets and the key's rights from its small counter", async () => {
  venue = await serve("kraken", "entry");
  const desk = await openDesk(venue);
  expect(desk.budget.use()).toMatchObject({ scope: "rest" });
  expect(desk.budget.use().usedFrac * 15).toBeLessThan(2.01);
});

it("what was filled in the second before a first life is told all the same", async () => {
  const served = (venue = await serve("kraken"));
  const desk = served.desk();
  let sizeLots = 10;
  const take = (): void => {
    const order = place({ priceTicks: ASK, sizeLots: sizeLots++ });
    served.core.place(0, { ...order, timeInForce: "IOC", selfTrade: "NONE" });
  };
  const takeSome = (): void => {
    for (let n = 0; n < 5; n++) take();
  };
  takeSome();
  // On a slow machine there may be one turn only before it is up.
  const trading = setInterval(takeSome, 10);
  try {
    await desk.side.start();
    await expect.poll(() => statuses(desk), POLL).toEqual(["up"]);
  } finally {
    clearInterval(trading);
  }
  take();
  const sizes = () => desk.events.flatMap((event) => (event.type === "fill" ? [event.sizeLots] : []));
  const truth = served.core.fills(0, { order: "oldest", limit: 10_000 }).map((fill) => fill.sizeLots);
  await expect.poll(() => sizes().at(-1), POLL).toBe(truth.at(-1));
  // Every one since a moment before it was up, without a hole.
  expect(sizes().toSorted((a, b) => a - b)).toEqual(truth.slice(-sizes().length));
  const wasUpAt = desk.events.findIndex(({ type }) => type === "account");
  expect(desk.events.slice(0, wasUpAt).filter(({ type }) => type === "fill").length).toBeGreaterThan(2);
});

it("a private side that cannot even make its instances says so, and goes on trying", async () => {
  const logged: string[] = [];
  const config = configOf("okx");
  const [terms] = config.accounts;
  if (terms === undefined) throw new Error("no account");
  const side = createPrivateSide(
    {
      account: 0,
      terms,
      instruments: [],
      assets: [],
      deskCode: "abc",
      access: { exchange: "okx", origin: "no origin/at all", credentials: KEY },
      clock: undefined,
      nowUs,
      emit: () => undefined,
      connection: () => undefined,
      log: (_, text, fields) => void logged.push(`${text} ${JSON.stringify(fields)}`),
      budget: {
        takeAll: () => Promise.resolve(),
        giveBack: () => undefined,
        observe: () => undefined,
        full: () => undefined,
        silence: () => undefined,
        exhausted: () => undefined,
        use: () => ({ scope: "", usedFrac: 0, silentUntilUs: undefined }),
      },
    },
    { monotonicMs: () => 0, measureClock: () => Promise.resolve(), doubtDefinitions: () => undefined },
  );
  await side.start();
  await expect.poll(() => logged.length, POLL).toBeGreaterThan(1);
  expect(logged[0]).toContain("the account cannot be opened");
  await side.stop();
});
