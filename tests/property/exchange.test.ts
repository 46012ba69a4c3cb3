/**
 * Random records and requests against a naive model: maps of what others show and a list of our orders, kept
 * only from what the exchange says. Everything is checked after every single call.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { feeAtomsOn, rateOf } from "../../server/lab/exchange/money.ts";
import type { PrivateReport, PublicEvent } from "../../server/lab/ports.ts";
import type { Side } from "../../server/contract/units.ts";
import { ATOMS_PER_LOT, ATOMS_PER_TICK_LOT, createVenue } from "../unit/lab/exchange/venue.ts";
import type { Venue, VenueSetup } from "../unit/lab/exchange/venue.ts";

type Fill = Extract<PrivateReport, { type: "fill" }>;

interface ModelOrder {
  readonly id: string;
  readonly side: Side;
  readonly timeInForce: "POST_ONLY" | "IOC";
  price: number;
  size: number;
  filled: number;
  /** Orders of one price trade in this order. */
  queuedAt: number;
  paidFeeAtoms: bigint;
  tradedAtoms: bigint;
  receivedLots: number;
  ended: boolean;
}

interface ShownLevel {
  readonly recorded: number;
  shown: number;
}

const opposite = (side: Side): Side => (side === "buy" ? "sell" : "buy");
const better = (side: Side, price: number, than: number): boolean =>
  side === "buy" ? price > than : price < than;

const side = fc.constantFrom<Side>("buy", "sell");
const price = fc.integer({ min: 60, max: 140 });
const orderPrice = fc.integer({ min: 90, max: 110 });
const lots = fc.integer({ min: 1, max: 25 });
/** Enough levels at times to fill more than the fifty that are public. */
const levels = fc.uniqueArray(fc.tuple(price, fc.integer({ min: 0, max: 20 })), {
  selector: ([at]) => at,
  maxLength: 70,
});
const fewLevels = fc.uniqueArray(fc.tuple(orderPrice, fc.integer({ min: 0, max: 20 })), {
  selector: ([at]) => at,
  maxLength: 4,
});
const orderIndex = fc.nat({ max: 30 });

const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant("snapshot" as const), bids: levels, asks: levels }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("again" as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("delta" as const), bids: fewLevels, asks: fewLevels }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("top" as const), bid: orderPrice, ask: orderPrice, lots }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("print" as const),
      price: orderPrice,
      lots,
      side: fc.option(side),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("take" as const), side, lots, limit: fc.option(orderPrice) }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("quote" as const), side, price: orderPrice, lots }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("ioc" as const),
      side,
      price: orderPrice,
      lots,
      makerExpires: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("amend" as const), at: orderIndex, price: orderPrice, lots }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), at: orderIndex }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("gap" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const setup: fc.Arbitrary<VenueSetup> = fc.record({
  amend: fc.constantFrom("in-place" as const, "cancel-new" as const),
  fees: fc.record({
    makerFrac: fc.constantFrom(-0.0001, 0, 0.0000007, 0.001),
    takerFrac: fc.constantFrom(0, 0.0013),
    paidIn: fc.constantFrom("quote" as const, "received" as const),
  }),
  // Sometimes too little for all the orders, so that refusals for funds happen.
  usdtAtoms: fc.constantFrom(4_000_000n, 10n ** 12n),
  btcAtoms: fc.constantFrom(4_000_000n, 10n ** 12n),
});

const flat = (side: Side, given: readonly (readonly [number, number])[]): number[] =>
  [...given].sort(([a], [b]) => (side === "buy" ? b - a : a - b)).flat();

function createModel(venue: Venue, terms: VenueSetup) {
  const orders = new Map<string, ModelOrder>();
  const shown: Record<Side, Map<number, ShownLevel>> = { buy: new Map(), sell: new Map() };
  const subscriber: Record<Side, Map<number, number>> = { buy: new Map(), sell: new Map() };
  let published = false;
  let placed = 0;
  let queued = 0;
  let last = { bids: [] as number[], asks: [] as number[] };
  const fees = { makerFrac: 0, takerFrac: 0, paidIn: "quote", ...terms.fees };

  const open = (of?: Side): ModelOrder[] =>
    [...orders.values()].filter(
      (o) => !o.ended && o.timeInForce === "POST_ONLY" && (of === undefined || o.side === of),
    );
  const orderAt = (at: number): ModelOrder | undefined => open()[at % Math.max(1, open().length)];
  const others = (of: Side): [number, ShownLevel][] =>
    [...shown[of]].filter(([, level]) => level.shown > 0).sort(([a], [b]) => (of === "buy" ? b - a : a - b));

  function replace(of: Side, given: readonly number[]): void {
    const before = new Map(shown[of]);
    shown[of].clear();
    for (let i = 0; i < given.length; i += 2) {
      const [at, recorded] = [given[i] as number, given[i + 1] as number];
      const old = before.get(at);
      shown[of].set(at, { recorded, shown: old?.recorded === recorded ? old.shown : recorded });
    }
  }

  function consume(of: Side, at: number, amount: number): void {
    const level = shown[of].get(at);
    expect(amount, `lots of others taken at ${at}`).toBeLessThanOrEqual(level?.shown ?? 0);
    if (level !== undefined) level.shown -= amount;
  }

  function run(s: Step): { reports: PrivateReport[]; events: PublicEvent[] } {
    const send = (): PrivateReport[] => {
      switch (s.do) {
        case "snapshot":
          last = { bids: flat("buy", s.bids), asks: flat("sell", s.asks) };
          return venue.snapshot(last.bids, last.asks);
        case "again":
          return venue.snapshot(last.bids, last.asks);
        case "delta":
          return venue.delta(flat("buy", s.bids), flat("sell", s.asks));
        case "top":
          return venue.top([s.bid, s.lots], [s.ask, s.lots]);
        case "print":
          return venue.print(s.price, s.lots, s.side ?? undefined);
        case "take":
          return venue.take(s.side, s.lots, s.limit ?? undefined);
        case "quote":
          return venue.quote({ id: `o${placed}`, side: s.side, price: s.price, size: s.lots });
        case "ioc":
          return venue.ioc(
            { id: `o${placed}`, side: s.side, price: s.price, size: s.lots },
            { selfTrade: s.makerExpires ? "EXPIRE_MAKER" : "EXPIRE_TAKER" },
          );
        case "amend":
          return venue.amend(orderAt(s.at)?.id ?? "none", s.price, s.lots);
        case "cancel":
          return venue.cancel(orderAt(s.at)?.id ?? "none");
        case "gap":
          return venue.channel("gap");
      }
    };
    const reports = send();
    return { reports, events: venue.events() };
  }

  /** Others' depth after the call, from the record and from what the public tape says was traded. */
  function followOthers(s: Step, fills: readonly Fill[], events: readonly PublicEvent[]): void {
    if (s.do === "snapshot" || s.do === "again" || s.do === "top") {
      replace("buy", s.do === "top" ? [s.bid, s.lots] : last.bids);
      replace("sell", s.do === "top" ? [s.ask, s.lots] : last.asks);
    }
    if (s.do === "delta")
      for (const [of, given] of [
        ["buy", s.bids],
        ["sell", s.asks],
      ] as const)
        for (const [at, recorded] of given) shown[of].set(at, { recorded, shown: recorded });
    if (s.do === "take" || s.do === "ioc")
      for (const e of events) {
        if (e.type !== "trade") continue;
        const mine = fills.filter((f) => f.liquidity === "maker" && f.priceTicks === e.priceTicks);
        consume(opposite(s.side), e.priceTicks, e.sizeLots - mine.reduce((sum, f) => sum + f.sizeLots, 0));
      }
    if (s.do === "snapshot" || s.do === "again" || s.do === "top" || s.do === "delta")
      for (const f of fills) {
        let left = f.sizeLots;
        for (const [at, level] of others(opposite(f.side))) {
          if (left === 0) break;
          expect(better(f.side, at, f.priceTicks), "crossing depth is at our price or through it").toBe(
            false,
          );
          const amount = Math.min(left, level.shown);
          consume(opposite(f.side), at, amount);
          left -= amount;
        }
        expect(left, "lots filled by crossing depth").toBe(0);
      }
  }

  function followOrders(s: Step, reports: readonly PrivateReport[]): void {
    if ((s.do === "quote" || s.do === "ioc") && reports[0]?.type === "orderAccepted")
      orders.set(reports[0].clientId, {
        id: reports[0].clientId,
        side: s.side,
        timeInForce: s.do === "quote" ? "POST_ONLY" : "IOC",
        price: s.price,
        size: s.lots,
        filled: 0,
        queuedAt: queued++,
        paidFeeAtoms: 0n,
        tradedAtoms: 0n,
        receivedLots: 0,
        ended: false,
      });
    if (s.do === "quote" || s.do === "ioc") placed++;
    for (const report of reports) {
      if (
        report.type === "orderRejected" ||
        report.type === "amendRejected" ||
        report.type === "cancelRejected"
      )
        continue;
      const order = orders.get(report.clientId);
      if (order === undefined) throw new Error(`a report of ${report.clientId}, which was never accepted`);
      expect(order.ended, `${report.type} of ${order.id} after its end`).toBe(false);
      if (report.type === "fill") {
        if (order.timeInForce === "POST_ONLY") expect(report.priceTicks).toBe(order.price);
        else
          expect(better(order.side, report.priceTicks, order.price), "filled beyond the limit").toBe(false);
        order.filled += report.sizeLots;
        order.tradedAtoms += BigInt(report.priceTicks * report.sizeLots) * ATOMS_PER_TICK_LOT;
        order.receivedLots += report.sizeLots;
        order.paidFeeAtoms += report.feeAtoms;
        expect(order.filled, "filled beyond its size").toBeLessThanOrEqual(order.size);
        order.ended = order.filled === order.size;
      }
      if (report.type === "orderCanceled") {
        expect(report.filledLots).toBe(order.filled);
        order.ended = true;
      }
      if (report.type === "orderAmended") {
        const keeps =
          terms.amend === "in-place" && report.priceTicks === order.price && report.sizeLots <= order.size;
        if (!keeps) order.queuedAt = queued++;
        order.price = report.priceTicks;
        order.size = report.sizeLots;
      }
    }
  }

  function followFeed(events: readonly PublicEvent[]): void {
    for (const e of events) {
      if (e.type === "feed" && e.status === "gap") published = false;
      if (e.type !== "book") continue;
      if (e.kind === "snapshot") {
        subscriber.buy.clear();
        subscriber.sell.clear();
        published = true;
      }
      for (const [of, given] of [
        ["buy", e.bids],
        ["sell", e.asks],
      ] as const)
        for (let i = 0; i < given.length; i += 2) {
          const [at, size] = [given[i] as number, given[i + 1] as number];
          if (i > 0) expect(better(of, given[i - 2] as number, at), "levels come best first").toBe(true);
          if (size === 0) subscriber[of].delete(at);
          else subscriber[of].set(at, size);
        }
    }
  }

  function checkVolume(s: Step, fills: readonly Fill[], events: readonly PublicEvent[]): void {
    const total = fills.reduce((sum, f) => sum + f.sizeLots, 0);
    const traded = events.reduce((sum, e) => sum + (e.type === "trade" ? e.sizeLots : 0), 0);
    if (s.do === "print" || s.do === "take") expect(total).toBeLessThanOrEqual(s.lots);
    if (s.do === "take" || s.do === "ioc") expect(traded).toBeLessThanOrEqual(s.lots);
    if (s.do === "print") for (const f of fills) expect(better(f.side, s.price, f.priceTicks)).toBe(false);
    if (s.do === "snapshot" || s.do === "again" || s.do === "top" || s.do === "delta")
      expect(traded).toBe(total);
  }

  /** Nobody that should have traded first is left with anything. */
  function checkPriority(s: Step, fills: readonly Fill[]): void {
    for (const f of fills) {
      if (f.liquidity !== "maker") continue;
      const filled = orders.get(f.clientId);
      for (const o of open(f.side)) {
        expect(
          better(f.side, o.price, f.priceTicks),
          `${o.id} is better than ${f.clientId}, which filled`,
        ).toBe(false);
        if (o.price === f.priceTicks && filled !== undefined && o !== filled)
          expect(o.queuedAt, `${o.id} came before ${f.clientId}, which filled`).toBeGreaterThan(
            filled.queuedAt,
          );
      }
      if (s.do !== "take") continue;
      const best = others(f.side)[0]?.[0];
      if (best !== undefined) expect(better(f.side, best, f.priceTicks), "others were better").toBe(false);
    }
  }

  function checkMoney(deposits: { usdt: bigint; btc: bigint }): void {
    let [usdt, btc, heldUsdt, heldBtc] = [deposits.usdt, deposits.btc, 0n, 0n];
    for (const o of orders.values()) {
      const rate = rateOf(o.timeInForce === "IOC" ? fees.takerFrac : fees.makerFrac);
      const received = BigInt(o.receivedLots) * ATOMS_PER_LOT;
      const inBase = fees.paidIn === "received" && o.side === "buy";
      const sign = o.side === "buy" ? 1n : -1n;
      expect(o.paidFeeAtoms, "fees of an order are rounded up once").toBe(
        feeAtomsOn(inBase ? received : o.tradedAtoms, rate),
      );
      usdt -= sign * o.tradedAtoms + (inBase ? 0n : o.paidFeeAtoms);
      btc += sign * received - (inBase ? o.paidFeeAtoms : 0n);
      if (o.ended) continue;
      const remaining = BigInt(o.size - o.filled);
      const value = BigInt(o.price) * remaining * ATOMS_PER_TICK_LOT;
      const fee = inBase ? 0n : feeAtomsOn(o.tradedAtoms + value, rate) - o.paidFeeAtoms;
      if (o.side === "buy") heldUsdt += value + (fee > 0n ? fee : 0n);
      else heldBtc += remaining * ATOMS_PER_LOT;
    }
    expect(venue.balance("USDT")).toEqual({ total: usdt, held: heldUsdt });
    expect(venue.balance("BTC")).toEqual({ total: btc, held: heldBtc });
    expect(usdt >= heldUsdt && btc >= heldBtc, "holds never exceed the balance").toBe(true);
  }

  function checkBook(): void {
    for (const of of ["buy", "sell"] as const) {
      const bestOther = others(opposite(of))[0]?.[0];
      if (bestOther !== undefined)
        for (const o of open(of))
          expect(better(opposite(of), o.price, bestOther), `${o.id} is not crossed`).toBe(true);
      if (!published) continue;
      const total = new Map(others(of).map(([at, level]) => [at, level.shown]));
      for (const o of open(of)) total.set(o.price, (total.get(o.price) ?? 0) + o.size - o.filled);
      const byPrice = ([a]: [number, number], [b]: [number, number]): number =>
        of === "buy" ? b - a : a - b;
      expect([...subscriber[of]].sort(byPrice)).toEqual([...total].sort(byPrice).slice(0, 50));
    }
    const listed = venue.exchange
      .openOrders(0)
      .map((o) => [o.clientId, o.priceTicks, o.sizeLots, o.filledLots]);
    expect(listed).toEqual(open().map((o) => [o.id, o.price, o.size, o.filled]));
  }

  return (s: Step): { reports: PrivateReport[]; events: PublicEvent[] } => {
    const { reports, events } = run(s);
    const fills = reports.filter((r) => r.type === "fill");
    followOthers(s, fills, events);
    followOrders(s, reports);
    followFeed(events);
    checkVolume(s, fills, events);
    checkPriority(s, fills);
    checkMoney({ usdt: terms.usdtAtoms ?? 0n, btc: terms.btcAtoms ?? 0n });
    checkBook();
    return { reports, events };
  };
}

const steps = fc.array(step, { minLength: 20, maxLength: 60 });

it("says the same in the same order when everything is done again", () => {
  fc.assert(
    fc.property(setup, steps, (terms, given) => {
      const first = given.map(createModel(createVenue(terms), terms));
      expect(given.map(createModel(createVenue(terms), terms))).toEqual(first);
    }),
    { numRuns: 10, seed: 1 },
  );
});

it("keeps volume, priority, money and the public book right after every call", () => {
  fc.assert(
    fc.property(setup, steps, (terms, given) => {
      const check = createModel(createVenue(terms), terms);
      for (const s of given) check(s);
    }),
    { numRuns: 150, seed: 20_250_926 },
  );
});
