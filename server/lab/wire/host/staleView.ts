/**
 * A core whose answers to questions over HTTP can lag behind: orders, fills and balances as they were some time ago.
 * What acts does so on the present, and so does everything that the front-end asks outside of a question.
 */
import type { PrivateReport, BalanceTruth } from "../../ports.ts";
import type { FillQuery, FillRecord, FrontEnd, OrderRecord, VenueCore } from "../ports.ts";
import type { WireFaults } from "./faults.ts";

export interface StaleView {
  /** For the front-end. */
  readonly core: VenueCore;
  /** Between the core and the front-end. */
  tapped(front: FrontEnd): FrontEnd;
  /** Carries out a question over HTTP. */
  past<T>(run: () => T): T;
  /** Carries out what acts. */
  present<T>(run: () => T): T;
}

/** What an account looked like at an instant that follows the present at a distance. */
interface Past {
  readonly sinceUs: number;
  atUs: number;
  readonly open: Map<string, OrderRecord>;
  balances: BalanceTruth[];
  /** What has happened since, oldest first. */
  readonly orders: { readonly atUs: number; readonly order: OrderRecord }[];
  readonly moves: { readonly atUs: number; readonly balances: BalanceTruth[] }[];
}

/** A page goes back so far where pages overlap; ids of trades are of everyone's. */
const OVERLAP_US = 2_000_000;
const OVERLAP_IDS = 100;

/** What is the matter with lists of own trades alone. */
export type TradeListFaults = Pick<WireFaults, "tradesBehindUs" | "hasOverlap">;

/** `behindUs`: how far, while the fault lasts. */
export function createStaleView(
  core: VenueCore,
  behindUs: () => number | undefined,
  listed: TradeListFaults,
): StaleView {
  const pasts = new Map<number, Past>();
  let isAsking = false;

  /** The past of the account while questions are answered from it; it begins with the fault. */
  function pastOf(account: number): Past | undefined {
    const distanceUs = behindUs();
    if (distanceUs === undefined) {
      pasts.delete(account);
      return undefined;
    }
    const nowUs = core.nowUs();
    const past = pasts.get(account) ?? beginPast(core, account, nowUs);
    pasts.set(account, past);
    follow(past, Math.max(past.sinceUs, nowUs - distanceUs));
    return past;
  }

  function begin(): void {
    for (const account of core.accounts) pastOf(account);
  }

  function asked(account: number): Past | undefined {
    return isAsking ? pastOf(account) : undefined;
  }

  function telling<T>(isOfPast: boolean, run: () => T): T {
    begin();
    const before = isAsking;
    isAsking = isOfPast;
    try {
      return run();
    } finally {
      isAsking = before;
    }
  }

  /** Those of one order are told as the order is. */
  function listedQuery(query: FillQuery): FillQuery {
    if (query.venueOrderId !== undefined) return query;
    const { sinceUs, fromTradeId, untilUs = Infinity } = query;
    const behind = listed.tradesBehindUs();
    const until = behind === 0 ? untilUs : Math.min(untilUs, core.nowUs() - behind);
    if (!listed.hasOverlap()) return { ...query, untilUs: until };
    return {
      ...query,
      untilUs: until,
      sinceUs: sinceUs === undefined ? undefined : sinceUs - OVERLAP_US,
      fromTradeId:
        fromTradeId === undefined ? undefined : String(Math.max(0, Number(fromTradeId) - OVERLAP_IDS)),
    };
  }

  const present = <T>(run: () => T): T => telling(false, run);

  function note(account: number, clientId?: string): void {
    const past = pastOf(account);
    if (past === undefined) return;
    const atUs = core.nowUs();
    const order = clientId === undefined ? undefined : core.order(account, { clientId });
    if (order !== undefined) past.orders.push({ atUs, order });
    past.moves.push({ atUs, balances: core.balances(account) });
  }

  return {
    core: {
      ...core,
      // A spread would keep the listings of this instant.
      get listings() {
        return core.listings;
      },
      place: (account, request) => present(() => core.place(account, request)),
      amend: (account, ref, terms) => present(() => core.amend(account, ref, terms)),
      cancel: (account, ref) => present(() => core.cancel(account, ref)),
      cancelAll: (account, instrument) => present(() => core.cancelAll(account, instrument)),
      order(account, ref) {
        const past = asked(account);
        const order = core.order(account, ref);
        return past === undefined || order === undefined ? order : inPast(past, order);
      },
      openOrders(account) {
        const past = asked(account);
        return past === undefined ? core.openOrders(account) : [...past.open.values()];
      },
      orders(account, query) {
        const past = asked(account);
        const orders = core.orders(account, query);
        return past === undefined ? orders : orders.flatMap((order) => inPast(past, order) ?? []);
      },
      fills(account, query): FillRecord[] {
        if (!isAsking) return core.fills(account, query);
        const untilUs = Math.min(query.untilUs ?? Infinity, asked(account)?.atUs ?? Infinity);
        return core.fills(account, listedQuery({ ...query, untilUs }));
      },
      balances: (account) => asked(account)?.balances ?? core.balances(account),
    },
    tapped: (front) => ({
      http: (request) => front.http(request),
      connect: (socket) => front.connect(socket),
      public: (event) => front.public(event),
      listed: (instrument) => front.listed(instrument),
      tick: () => front.tick(),
      fault: (fault) => front.fault(fault),
      private(account: number, report: PrivateReport) {
        note(account, report.clientId);
        front.private(account, report);
      },
      moved(account, asset) {
        note(account);
        front.moved(account, asset);
      },
    }),
    past: (run) => telling(true, run),
    present,
  };
}

function beginPast(core: VenueCore, account: number, nowUs: number): Past {
  return {
    sinceUs: nowUs,
    atUs: nowUs,
    open: new Map(core.openOrders(account).map((order) => [order.clientId, order])),
    balances: core.balances(account),
    orders: [],
    moves: [],
  };
}

/** Moves on to the instant; never back. */
function follow(past: Past, atUs: number): void {
  past.atUs = Math.max(past.atUs, atUs);
  while (past.orders[0] !== undefined && past.orders[0].atUs <= past.atUs) {
    const { order } = past.orders.shift() as Past["orders"][number];
    if (order.status === "OPEN") past.open.set(order.clientId, order);
    else past.open.delete(order.clientId);
  }
  while (past.moves[0] !== undefined && past.moves[0].atUs <= past.atUs)
    past.balances = (past.moves.shift() as Past["moves"][number]).balances;
}

/** As it was then; undefined when it was not there yet. */
function inPast(past: Past, order: OrderRecord): OrderRecord | undefined {
  const hasChanged = past.orders.some((change) => change.order.clientId === order.clientId);
  return hasChanged ? past.open.get(order.clientId) : order;
}
