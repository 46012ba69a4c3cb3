import { afterEach, describe, expect, it } from "vitest";
import type { RequestFault } from "../../../../../server/contract/wireFaults.ts";
import { createWireFaults } from "../../../../../server/lab/wire/host/faults.ts";
import { openEcho } from "./echo.ts";

let echo: Awaited<ReturnType<typeof openEcho>>;

afterEach(() => echo.close());

const openIds = () => echo.core.openOrders(0).map(({ clientId }) => clientId);

/** What the client sees, and whether the venue has acted. */
const ON_HTTP: readonly [RequestFault, seen: RegExp, acted: boolean][] = [
  ["lostRequest", /ECONNRESET|UND_ERR_SOCKET/, false],
  ["lostAnswer", /ECONNRESET|UND_ERR_SOCKET/, true],
  ["noAnswer", /Timeout/, true],
  ["stalledBody", /Timeout/, true],
  ["cutBody", /terminated|UND_ERR_SOCKET/, true],
  ["badJson", /^200 \{"place$/, true],
  ["emptyBody", /^200 $/, true],
  ["http503", /^503 <html>/, false],
  ["http504", /^504 <html>/, true],
];

describe("a request over HTTP", () => {
  it.each(ON_HTTP)("that meets %s", async (kind, seen, acted) => {
    echo = await openEcho();
    echo.fault({ kind, match: "POST /order" });
    expect(await echo.ask("/x")).toMatch(/^200 /);
    // Where no answer comes it is time enough to act; elsewhere the answer comes first.
    const signal = AbortSignal.timeout(seen.test("Timeout") ? 2_000 : 20_000);
    expect(await echo.ask("/order?a", { method: "POST", signal })).toMatch(seen);
    expect(openIds()).toEqual(acted ? ["a"] : []);
    expect(await echo.ask("/order?b", { method: "POST" })).toBe('200 {"placed":"b"}');
    expect(echo.host.faults.counts).toEqual({ [kind]: 1 });
  });
});

describe("a request over a socket", () => {
  it("is lost with the connection, before or after the venue acts", async () => {
    echo = await openEcho();
    const one = await echo.client();
    echo.fault({ kind: "lostRequest", match: "order" });
    one.send("order a");
    expect(await one.closed).toBe(1_006);
    const two = await echo.client();
    echo.fault({ kind: "lostAnswer" });
    two.send("order b");
    expect(await two.closed).toBe(1_006);
    expect(openIds()).toEqual(["b"]);
  });

  it("is carried out without an answer; its reports still come", async () => {
    echo = await openEcho();
    const one = await echo.client();
    echo.fault({ kind: "noAnswer", match: "order" });
    one.send("order a");
    one.send("ping");
    expect([await one.next(), await one.next()]).toEqual(["report a", "re ping"]);
  });
});

describe("reports", () => {
  const place = (...ids: string[]) => {
    for (const id of ids) echo.core.place(0, ORDER(id));
  };
  const heard = async (client: Awaited<ReturnType<typeof echo.client>>, count: number) => {
    const texts: string[] = [];
    while (texts.length < count) texts.push((await client.next()).replace("report ", ""));
    return texts.join();
  };

  it("come twice, in another order, or late", async () => {
    echo = await openEcho();
    const one = await echo.client();
    echo.fault({ kind: "duplicateEvent" });
    place("a", "b");
    expect(await heard(one, 3)).toBe("a,a,b");
    echo.fault({ kind: "reorderedEvents" });
    place("c", "d", "e");
    expect(await heard(one, 3)).toBe("d,c,e");
    echo.fault({ kind: "lateEvent", delayMs: 20 });
    place("f", "g", "h");
    expect(await heard(one, 3)).toBe("g,h,f");
  });

  it("are lost while the stream is silent, and its answers with them if all is meant", async () => {
    echo = await openEcho();
    const one = await echo.client();
    const other = await echo.client();
    place("a");
    expect(await heard(one, 1)).toBe("a");
    echo.fault({ kind: "silentStream", of: "report", forMs: 40 });
    place("b");
    await expect
      .poll(() => {
        place(`x${openIds().length}`);
        return one.waiting.length;
      })
      .toBeGreaterThan(0);
    expect(one.waiting.join()).not.toMatch(/\bb\b/);
    expect(other.waiting.join()).not.toMatch(/\bb\b/);
  });
});

const ORDER = (clientId: string) =>
  ({
    clientId,
    instrument: 0,
    side: "buy",
    priceTicks: 100,
    sizeLots: 1,
    timeInForce: "GTC",
    selfTrade: "NONE",
    requestExpiresAtUs: Number.MAX_SAFE_INTEGER,
  }) as const;

describe("what lasts a while", () => {
  it("cuts the sockets that carried what is meant", async () => {
    echo = await openEcho();
    const reports = await echo.client();
    echo.core.place(0, ORDER("a"));
    await reports.next();
    const feed = await echo.client();
    echo.sockets[1]?.send("book", "feed");
    await feed.next();
    echo.fault({ kind: "disconnect", of: "feed" });
    expect(await feed.closed).toBe(1_006);
    reports.send("still here");
    expect(await reports.next()).toBe("re still here");
  });

  it("slows the answers that match, and the first data of new sockets", async () => {
    echo = await openEcho();
    echo.fault({ kind: "slowSnapshot", match: "GET /depth", delayMs: 2_000, forMs: 10_000 });
    const done: string[] = [];
    const slow = echo.ask("/depth").then(() => done.push("depth"));
    await echo.ask("/other").then(() => done.push("other"));
    const one = await echo.client();
    echo.sockets[0]?.send("snapshot", "feed");
    one.send("hello");
    expect(await one.next()).toBe("re hello");
    await slow;
    expect(done).toEqual(["other", "depth"]);
    expect(await one.next()).toBe("snapshot");
  });

  it("slows every message most at the beginning of a burst, and less from then on", () => {
    let nowUs = 0;
    const faults = createWireFaults(() => nowUs);
    faults.begin({ kind: "latencyBurst", moreMs: 100, forMs: 2_000, side: "buy" });
    const slowed = [0, 500_000, 1_999_000, 2_000_000].map((atUs) => {
      nowUs = atUs;
      return faults.burstUs();
    });
    expect(slowed).toEqual([100_000, 75_000, 50, 0]);
    expect(faults.counts).toEqual({ latencyBurst: 1 });
  });

  it("brings answers later while a burst lasts", async () => {
    echo = await openEcho();
    echo.fault({ kind: "latencyBurst", moreMs: 60_000, forMs: 600_000, side: "buy" });
    expect(await echo.ask("/x", { signal: AbortSignal.timeout(100) })).toMatch(/Timeout/);
  });

  it("lists trades late from its beginning on: none that was listed goes", () => {
    let nowUs = 0;
    const faults = createWireFaults(() => nowUs);
    faults.begin({ kind: "lateTrades", behindMs: 500, forMs: 2_000 });
    faults.begin({ kind: "overlappingTrades", forMs: 1_000 });
    const told = [0, 300_000, 1_500_000, 2_000_000].map((atUs) => {
      nowUs = atUs;
      return [faults.tradesBehindUs(), faults.hasOverlap()];
    });
    expect(told).toEqual([
      [0, true],
      [300_000, true],
      [500_000, false],
      [0, false],
    ]);
  });

  it("sets the venue's clock wrong for its time", async () => {
    echo = await openEcho();
    const before = echo.core.nowUs();
    echo.fault({ kind: "clockSkew", offsetMs: -30_000, forMs: 30 });
    expect(echo.core.nowUs()).toBeLessThan(before - 29_000_000);
    await expect.poll(() => echo.core.nowUs() > before, { interval: 5 }).toBe(true);
  });

  it("passes on to the front-end what only the protocol can do wrong", async () => {
    echo = await openEcho();
    echo.fault({ kind: "gap", instrument: 0 });
    echo.fault({ kind: "ban", forMs: 5 });
    expect(echo.passed).toEqual([
      { kind: "gap", instrument: 0 },
      { kind: "ban", forMs: 5 },
    ]);
  });
});
