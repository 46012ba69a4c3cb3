/** The suite of `certify` on the lab's three emulators, each as it should be, and with something wrong in it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FrontEndFactory } from "../../../../../server/lab/wire/ports.ts";
import { FRONT_ENDS } from "../../../../../server/lab/wire/registry.ts";
import { accountOf } from "../../../../../server/supervisor/realDesk.ts";
import { certify, type CertifyOptions } from "../../../../../server/venues/ccxt/certify/certify.ts";
import type { CheckResult } from "../../../../../server/venues/ccxt/certify/check.ts";
import { CHECK_NAMES, requiredChecks } from "../../../../../server/venues/ccxt/certify/checkNames.ts";
import { TRIAL_CODE } from "../../../../../server/venues/ccxt/certify/session.ts";
import { EXCHANGE_IDS, type ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { readDefinitions } from "../../../../../server/venues/ccxt/record/liveMarket.ts";
import { openRealLab, type RealLab } from "../../../../support/realLab.ts";

/** An OKX that never looks at how long a request may live. */
const { okx } = FRONT_ENDS;
const carelessOkx: FrontEndFactory = (core) => {
  if (okx === undefined) throw new Error("the lab has no okx");
  const front = okx(core);
  return {
    ...front,
    http: ({ headers, ...request }) =>
      front.http({ ...request, headers: { ...headers, exptime: undefined } }),
  };
};

let real: RealLab;
let careless: RealLab;
beforeAll(async () => {
  real = await openRealLab();
  careless = await openRealLab({ frontEnds: { ...FRONT_ENDS, okx: carelessOkx } });
}, 60_000);
afterAll(() => Promise.all([real.close(), careless.close()]));

const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);

async function run(id: ExchangeId, changes: Partial<CertifyOptions> = {}, at = real) {
  const found = at.lab.venues.find(({ venue }) => venue === id);
  const key = found?.keys.find(({ holder }) => holder === "desk");
  if (found === undefined || key === undefined) throw new Error(`the lab has no ${id}`);
  const access = { exchange: id, origin: found.origin, credentials: key } as const;
  const symbol = id === "kraken" ? "BTC/USD" : "BTC/USDT";
  const [definition] = await readDefinitions({ ...access, credentials: undefined }, [symbol], nowUs);
  if (definition === undefined) throw new Error("no definition");
  return certify({
    access,
    terms: accountOf({ account: id, venue: id, fees: "entry" }),
    definition,
    nowUs,
    monotonicMs: () => performance.now(),
    log: () => undefined,
    withFill: false,
    signal: new AbortController().signal,
    onStart: () => undefined,
    onCheck: () => undefined,
    onCost: () => undefined,
    ...changes,
  });
}

/** Names of checks with what became of them. */
const outcomes = (checks: readonly CheckResult[]) => checks.map(({ name, outcome }) => `${outcome} ${name}`);

async function ordersAt(at: RealLab, account: string) {
  const answer = await at.client.control({ do: "orders", account, limit: 1_000 });
  return answer.ok ? (answer.orders ?? []) : [];
}

describe.each(EXCHANGE_IDS)("%s", (id) => {
  it("passes every check, trades three times each way, and is left as it was found", async () => {
    const costs: string[] = [];
    const { passed, checks } = await run(id, { withFill: true, onCost: (text) => void costs.push(text) });
    const bad = checks.filter(({ outcome }) => outcome !== "passed");
    expect(bad).toEqual(
      id === "binance"
        ? [
            {
              name: "the dead-man's switch cancels when we fall silent",
              outcome: "skipped",
              evidence: "the venue has none",
            },
          ]
        : [],
    );
    expect(passed).toBe(true);
    // A certificate is held against these names.
    const made = checks.filter(({ outcome }) => outcome === "passed").map(({ name }) => name);
    expect(made).toEqual(requiredChecks(id));
    const evidenceOf = (name: string) => checks.find((check) => check.name === name)?.evidence;
    expect(evidenceOf(CHECK_NAMES.missedFill)).toMatch(/^trade \S+ was told after the reconnect; /);
    expect(evidenceOf(CHECK_NAMES.fills)).toMatch(
      /; (0\.\d+ BTC of it stays in the account|no BTC of it stays)/,
    );
    expect(evidenceOf(CHECK_NAMES.postOnly)).toMatch(/^the venue (refused|accepted) it /);
    expect(evidenceOf(CHECK_NAMES.cancelRace)).toMatch(/ BTC of it stays/);
    expect(costs[0]).toMatch(/^0\.\d+ USDT? on \d/);
    const { openOrders, fills } = await real.client.truth(id);
    expect(openOrders).toEqual([]);
    const ours = fills.filter(({ clientId }) => clientId?.slice(1, 4) === TRIAL_CODE);
    expect(new Set(ours.map(({ side }) => side))).toEqual(new Set(["buy", "sell"]));
  }, 120_000);
});

describe("an end before the end", () => {
  it("leaves nothing open: the check that runs is broken off, and what rests is canceled", async () => {
    const stop = new AbortController();
    const { passed, checks } = await run("okx", {
      withFill: true,
      signal: stop.signal,
      // Two orders rest for a second and more.
      onStart: (name) => {
        if (name === CHECK_NAMES.cancelAll) setTimeout(() => stop.abort(), 900);
      },
    });
    expect(passed).toBe(false);
    expect(outcomes(checks).slice(-7)).toEqual([
      `passed ${CHECK_NAMES.taking}`,
      `skipped ${CHECK_NAMES.cancelAll}`,
      `skipped ${CHECK_NAMES.silence}`,
      `skipped ${CHECK_NAMES.fills}`,
      `skipped ${CHECK_NAMES.cancelRace}`,
      `skipped ${CHECK_NAMES.missedFill}`,
      `passed ${CHECK_NAMES.nothingOpen}`,
    ]);
    expect((await ordersAt(real, "okx")).filter(({ status }) => status === "OPEN")).toEqual([]);
  }, 60_000);

  it("is a result, too, and tidied up after, when the way to a check fails", async () => {
    const onCost = (): void => {
      throw new Error("nobody is there to be told");
    };
    const { passed, checks } = await run("binance", { withFill: true, onCost });
    expect(passed).toBe(false);
    expect(checks.at(-4)).toEqual({
      name: CHECK_NAMES.fills,
      outcome: "failed",
      evidence: "Error: nobody is there to be told",
    });
    expect(outcomes(checks).at(-1)).toBe(`passed ${CHECK_NAMES.nothingOpen}`);
  }, 60_000);
});

describe("what is wrong with a venue", () => {
  it("fails the check that is about it, and what rests because of it is canceled", async () => {
    const { passed, checks } = await run("okx", { withFill: true }, careless);
    expect(passed).toBe(false);
    expect(outcomes(checks)).toContain("failed a request that has expired is not carried out");
    expect(checks.find(({ outcome }) => outcome === "failed")?.evidence).toBe("the venue took it");
    expect(checks.at(-1)).toMatchObject({ name: "nothing of ours is open", outcome: "passed" });
    const orders = await ordersAt(careless, "okx");
    expect(orders.length).toBeGreaterThan(2);
    expect(orders.filter(({ status }) => status === "OPEN")).toEqual([]);
  }, 60_000);

  it("is found before anything is placed, where it can be", async () => {
    const skew = { kind: "clockSkew", offsetMs: 20_000, forMs: 600_000 } as const;
    await careless.client.control({ do: "fault", venue: "binance", fault: skew });
    const { passed, checks } = await run("binance", {}, careless);
    expect(passed).toBe(false);
    expect(outcomes(checks).filter((line) => !line.startsWith("skipped"))).toEqual([
      "failed the clocks agree",
    ]);
    expect(checks.at(-1)).toEqual({
      name: CHECK_NAMES.nothingOpen,
      outcome: "skipped",
      evidence: "no order was sent",
    });
    expect(await ordersAt(careless, "binance")).toEqual([]);
  }, 60_000);

  it("an order of another hand ends it: a cancel of everything would take that, too", async () => {
    const order = { clientId: "hand1", side: "buy", priceTicks: 100_000, sizeLots: 100_000 } as const;
    const byHand = { do: "place", account: "kraken", instrument: 4, ...order, timeInForce: "GTC" } as const;
    expect(await careless.client.control(byHand)).toEqual({ ok: true });
    const { checks } = await run("kraken", {}, careless);
    expect(outcomes(checks)).toContain("failed no order of others rests in the account");
    expect((await ordersAt(careless, "kraken")).map(({ clientId, status }) => [clientId, status])).toEqual([
      ["hand1", "OPEN"],
    ]);
  }, 60_000);
});

it("leaves nothing open where the venue's lists lag", async () => {
  const stop = new AbortController();
  const { checks } = await run("okx", {
    signal: stop.signal,
    // From the check before it on lists are of then: of the two orders they say nothing.
    onStart: (name) => {
      const fault = { kind: "staleRest", behindMs: 30_000, forMs: 600_000 } as const;
      if (name === CHECK_NAMES.taking) void real.client.control({ do: "fault", venue: "okx", fault });
      if (name === CHECK_NAMES.cancelAll) setTimeout(() => stop.abort(), 1_500);
    },
  });
  expect(checks.at(-1)).toMatchObject({ name: CHECK_NAMES.nothingOpen, outcome: "passed" });
  expect((await ordersAt(real, "okx")).filter(({ status }) => status === "OPEN")).toEqual([]);
}, 120_000);

it("is no certificate without the trade that a person has to allow", async () => {
  const { passed, checks } = await run("binance");
  expect(passed).toBe(false);
  expect(outcomes(checks).filter((line) => line.startsWith("failed"))).toEqual([]);
  expect(checks.at(-2)?.evidence).toContain("--with-fill");
}, 60_000);
