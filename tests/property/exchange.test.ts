/**
 * Random records and requests against a naive model: maps of what others show and a list of our orders, kept
 * only from what the exchange says. Everything is checked after every single call.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { PlaceRequest, PrivateReport, PublicEvent, SelfTradeMode } from "../../server/lab/ports.ts";
import type { Side } from "../../server/contract/units.ts";
import { ATOMS_PER_LOT, ATOMS_PER_TICK_LOT, createVenue, SPOT } from "../unit/lab/exchange/venue.ts";
import type { Venue, VenueSetup } from "../unit/lab/exchange/venue.ts";
import { createMoneyModel } from "./exchange/money.ts";
import { setup, steps } from "./exchange/steps.ts";
import type { Step } from "./exchange/steps.ts";

type Fill = Extract<PrivateReport, { type: "fill" }>;

interface ModelOrder {
  readonly id: string;
  readonly side: Side;
  readonly timeInForce: PlaceRequest["timeInForce"];
  price: number;
  size: number;
  filled: number;
  /** Orders of one price trade in this order. */
  queuedAt: number;
  ended: boolean;
}

interface ShownLevel {
  readonly recorded: number;
  shown: number;
}

const TIME_IN_FORCE = { quote: "POST_ONLY", limit: "GTC", ioc: "IOC", fok: "FOK", market: "IOC" } as const;

/** Steps in which somebody may take from the book. */
const isTake = (s: Step): boolean => s.do === "take" || s.do === "amend" || "mode" in s;

const opposite = (side: Side): Side => (side === "buy" ? "sell" : "buy");
const better = (side: Side, price: number, than: number): boolean =>
  side === "buy" ? price > than : price < than;

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
  const money = createMoneyModel(venue, terms);

  const open = (of?: Side): ModelOrder[] =>
    [...orders.values()].filter((o) => !o.ended && (of === undefined || o.side === of));
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
        case "limit":
        case "ioc":
        case "fok":
          return venue[s.do](
            { id: `o${placed}`, side: s.side, price: s.price, size: s.lots },
            { selfTrade: s.mode },
          );
        case "market":
          return venue.market({ id: `o${placed}`, side: s.side, size: s.lots }, { selfTrade: s.mode });
        case "amend":
          return venue.amend(orderAt(s.at)?.id ?? "none", s.price, s.lots);
        case "cancel":
          return venue.cancel(orderAt(s.at)?.id ?? "none");
        case "gap":
          return venue.channel("gap");
        case "bnb":
        case "deposit":
        case "withdraw":
        case "settle":
        case "transfer":
          return venue.call(() => money.treasury(s));
      }
    };
    const reports = send();
    return { reports, events: venue.events().filter(({ instrument }) => instrument === SPOT) };
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
    if (isTake(s))
      for (const e of events) {
        if (e.type !== "trade" || e.aggressor === undefined) continue;
        const mine = fills.filter((f) => f.liquidity === "maker" && f.priceTicks === e.priceTicks);
        consume(
          opposite(e.aggressor),
          e.priceTicks,
          e.sizeLots - mine.reduce((sum, f) => sum + f.sizeLots, 0),
        );
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
    if ("mode" in s && reports[0]?.type === "orderAccepted")
      orders.set(reports[0].clientId, {
        id: reports[0].clientId,
        side: s.side,
        timeInForce: TIME_IN_FORCE[s.do],
        price: "price" in s ? s.price : s.side === "buy" ? Infinity : 0,
        size: s.lots,
        filled: 0,
        queuedAt: queued++,
        ended: false,
      });
    if ("mode" in s) placed++;
    for (const [at, report] of reports.entries()) {
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
        money.fill(report);
        if (report.liquidity === "maker") expect(report.priceTicks).toBe(order.price);
        else
          expect(better(order.side, report.priceTicks, order.price), "filled beyond the limit").toBe(false);
        order.filled += report.sizeLots;
        expect(order.filled, "filled beyond its size").toBeLessThanOrEqual(order.size);
        order.ended = order.filled === order.size;
      }
      if (report.type === "orderCanceled" || report.type === "orderExpired") {
        expect(report.filledLots).toBe(order.filled);
        order.ended = true;
      }
      if (report.type === "orderAmended") {
        const isDecrement = s.do !== "amend" || at > 0;
        const keeps =
          isDecrement ||
          (terms.amend === "in-place" && report.priceTicks === order.price && report.sizeLots <= order.size);
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
    if (s.do === "take" || "mode" in s) expect(traded).toBeLessThanOrEqual(s.lots);
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
      if (!isTake(s)) continue;
      const best = others(f.side)[0]?.[0];
      if (best !== undefined) expect(better(f.side, best, f.priceTicks), "others were better").toBe(false);
    }
  }

  /** What a taker finds, where the queues have no say in it: no order of ours is in its way, or it trades all the same. */
  function reachable(side: Side, limit: number, mode: SelfTradeMode): [number, number][] | undefined {
    const within = ([at]: readonly [number, unknown]): boolean => !better(side, at, limit);
    const own = open(opposite(side)).filter((o) => within([o.price, o]));
    if (own.length > 0 && mode !== "NONE" && mode !== "EXPIRE_MAKER") return undefined;
    const there = new Map(
      others(opposite(side))
        .filter(within)
        .map(([at, level]) => [at, level.shown]),
    );
    if (mode === "NONE")
      for (const o of own) there.set(o.price, (there.get(o.price) ?? 0) + o.size - o.filled);
    return [...there].sort(([a], [b]) => (side === "buy" ? a - b : b - a));
  }

  /** What a FOK or market order must come to. */
  function predict(s: Step): ((reports: readonly PrivateReport[]) => void) | undefined {
    if (s.do !== "fok" && s.do !== "market") return undefined;
    const limit = s.do === "fok" ? s.price : s.side === "buy" ? Infinity : 0;
    const there = reachable(s.side, limit, s.mode);
    const isEmpty = others(opposite(s.side)).length === 0 && open(opposite(s.side)).length === 0;
    const free = money.free(s.side === "buy" ? "USDT" : "BTC");
    let value = 0n;
    let lots = 0;
    for (const [at, size] of there ?? []) {
      const taken = Math.min(size, s.lots - lots);
      lots += taken;
      value += BigInt(at * taken) * ATOMS_PER_TICK_LOT;
    }
    return (reports) => {
      const id = `o${placed - 1}`;
      const filled = orders.get(id)?.filled ?? 0;
      const [first] = reports;
      const refusal = first?.type === "orderRejected" ? first.reason : undefined;
      if (s.do === "fok") {
        expect([0, s.lots], "all or nothing").toContain(filled);
        if (there !== undefined && refusal === undefined) expect(filled).toBe(lots === s.lots ? lots : 0);
        return;
      }
      expect(refusal === "NO_LIQUIDITY", "refused exactly when the book is empty").toBe(isEmpty);
      if (there === undefined || isEmpty) return;
      const needed = s.side === "buy" ? money.marketCost(value) : BigInt(s.lots) * ATOMS_PER_LOT;
      expect(refusal, "covered by what the walk costs").toBe(
        needed > free ? "INSUFFICIENT_FUNDS" : undefined,
      );
      if (refusal === undefined) expect(filled).toBe(lots);
    };
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
    const checkOutcome = predict(s);
    const { reports, events } = run(s);
    const fills = reports.filter((r) => r.type === "fill");
    followOthers(s, fills, events);
    followOrders(s, reports);
    followFeed(events);
    checkVolume(s, fills, events);
    checkPriority(s, fills);
    checkOutcome?.(reports);
    money.check(open());
    checkBook();
    return { reports, events };
  };
}

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
