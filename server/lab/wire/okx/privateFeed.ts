/** The channels of an account: its orders at once, its balances gathered until the next tick. */
import type { PrivateReport } from "../../ports.ts";
import type { FillRecord, OrderRecord } from "../ports.ts";
import { accountRow, balanceText } from "./balanceRow.ts";
import { instIdOf } from "./instruments.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { addFill, expiredSource } from "./orders.ts";
import type { OrderExtras } from "./orders.ts";
import { orderPush } from "./orderRow.ts";
import type { OrderChange } from "./orderRow.ts";
import type { ChannelArg, Session } from "./session.ts";
import { argKey } from "./session.ts";
import { msText } from "./text.ts";

export interface PrivateFeed {
  /** Sends what is so now, where the channel does that. */
  subscribe(session: Session, account: number, arg: ChannelArg): void;
  unsubscribe(session: Session, arg: ChannelArg): void;
  leave(session: Session): void;
  /** How many connections of the account have the channel. */
  connections(account: number, channel: string): number;
  report(account: number, report: PrivateReport): void;
  tellOrder(account: number, order: OrderRecord, extras: OrderExtras, change: OrderChange): void;
  moved(account: number, asset: string): void;
  tick(): void;
}

export const PRIVATE_CHANNELS: ReadonlySet<string> = new Set(["orders", "account", "balance_and_position"]);

interface Subscription {
  readonly session: Session;
  readonly account: number;
  readonly arg: ChannelArg;
}

/** What an account is to be told of its money. */
interface Unsaid {
  readonly assets: Set<string>;
  readonly trades: { readonly instId: string; readonly tradeId: string }[];
  /** Money came or went without a trade. */
  isMoved: boolean;
}

export function createPrivateFeed(venue: () => OkxVenue): PrivateFeed {
  const subscriptions = new Map<Session, Map<string, Subscription>>();
  const unsaid = new Map<number, Unsaid>();

  function* all(account: number, channel: string): Iterable<Subscription> {
    for (const own of subscriptions.values())
      for (const subscription of own.values())
        if (subscription.account === account && subscription.arg.channel === channel) yield subscription;
  }

  function unsaidOf(account: number): Unsaid {
    let found = unsaid.get(account);
    if (found === undefined) {
      found = { assets: new Set(), trades: [], isMoved: false };
      unsaid.set(account, found);
    }
    return found;
  }

  function touch(account: number, order: OrderRecord, fill: FillRecord | undefined): void {
    const definition = venue().core.definitionOf(order);
    const { assets, trades } = unsaidOf(account);
    assets.add(definition.base).add(definition.quote);
    if (fill === undefined) return;
    assets.add(fill.feeAsset);
    trades.push({ instId: instIdOf(definition), tradeId: fill.tradeId });
  }

  function tellOrder(account: number, order: OrderRecord, extras: OrderExtras, change: OrderChange): void {
    const { core } = venue();
    let row: string | undefined;
    const instId = instIdOf(core.definitionOf(order));
    for (const { session, arg } of all(account, "orders")) {
      if (arg.instId !== undefined && arg.instId !== instId) continue;
      if (arg.instType !== "ANY" && arg.instType !== "SPOT") continue;
      row ??= orderPush(core, order, extras, change);
      session.send(`{"arg":${JSON.stringify({ ...arg, uid: uidOf(account) })},"data":[${row}]}`, "report");
    }
  }

  function flush(account: number, { assets, trades, isMoved }: Unsaid): void {
    const { core } = venue();
    for (const { session, arg } of all(account, "account")) {
      const told = arg.ccy === undefined ? assets : new Set([...assets].filter((asset) => asset === arg.ccy));
      if (told.size > 0)
        session.send(accountMessage(arg, account, accountRow(core, account, told), "event_update"), "report");
    }
    if (trades.length === 0 && !isMoved) return;
    const eventType = trades.length > 0 ? "filled" : "transferred";
    for (const { session, arg } of all(account, "balance_and_position"))
      session.send(balanceMessage(venue(), account, { arg, assets, trades, eventType }), "report");
  }

  return {
    subscribe(session, account, arg) {
      const own = subscriptions.get(session) ?? new Map<string, Subscription>();
      subscriptions.set(session, own.set(argKey(arg), { session, account, arg }));
      const { core } = venue();
      const held = core.balances(account).filter(({ totalAtoms }) => totalAtoms !== 0n);
      const assets = new Set(held.map(({ asset }) => asset).filter((asset) => (arg.ccy ?? asset) === asset));
      if (arg.channel === "account")
        session.send(accountMessage(arg, account, accountRow(core, account, assets), "snapshot"), "report");
      if (arg.channel === "balance_and_position")
        session.send(
          balanceMessage(venue(), account, { arg, assets, trades: [], eventType: "snapshot" }),
          "report",
        );
    },
    unsubscribe: (session, arg) => void subscriptions.get(session)?.delete(argKey(arg)),
    leave: (session) => void subscriptions.delete(session),
    connections: (account, channel) => new Set([...all(account, channel)].map(({ session }) => session)).size,
    report(account, report) {
      const { core, orders, cause } = venue();
      const kept = core.order(account, { clientId: report.clientId });
      if (kept === undefined) throw new Error(`invariant: a report of an unknown order ${report.clientId}`);
      // Told of an amendment before it is made: the terms are in the report.
      const order = report.type === "orderAmended" ? { ...kept, ...termsOf(report) } : kept;
      const extras = orders.tracked(account, order);
      const isAmended = report.type === "orderAmended" || cause.amend !== undefined;
      const fill = report.type === "fill" ? report : undefined;
      // Extras that were made anew just now know this fill already.
      if (fill !== undefined && !knows(extras, fill)) addFill(extras, fill);
      if (report.type === "orderExpired") extras.cancelSource = expiredSource(order);
      if (report.type === "orderCanceled") {
        if (cause.amend === "filled") extras.isFilledByAmend = true;
        else extras.cancelSource = cause.cancelSource;
      }
      const amendResult = !isAmended || fill !== undefined ? undefined : cause.amend === "failed" ? "1" : "0";
      tellOrder(account, order, extras, { fill, amendResult, reqId: cause.reqId });
      touch(account, order, fill);
    },
    tellOrder,
    moved(account, asset) {
      const own = unsaidOf(account);
      own.assets.add(asset);
      own.isMoved = true;
    },
    tick() {
      for (const [account, told] of unsaid) flush(account, told);
      unsaid.clear();
    },
  };
}

export function uidOf(account: number): string {
  return String(UID_BASE + account);
}

const UID_BASE = 4_470_589_234_361_958;

function termsOf({
  venueOrderId,
  priceTicks,
  sizeLots,
}: Extract<PrivateReport, { type: "orderAmended" }>): Pick<
  OrderRecord,
  "venueOrderId" | "priceTicks" | "sizeLots"
> {
  return { venueOrderId, priceTicks, sizeLots };
}

function knows({ lastFill }: OrderExtras, { tradeId, side }: FillRecord): boolean {
  return lastFill?.tradeId === tradeId && lastFill.side === side;
}

function accountMessage(arg: ChannelArg, account: number, row: object, eventType: string): object {
  return { arg: { ...arg, uid: uidOf(account) }, eventType, curPage: 1, lastPage: true, data: [row] };
}

function balanceMessage(
  { core }: OkxVenue,
  account: number,
  {
    arg,
    assets,
    trades,
    eventType,
  }: {
    readonly arg: ChannelArg;
    readonly assets: ReadonlySet<string>;
    readonly trades: Unsaid["trades"];
    readonly eventType: "snapshot" | "filled" | "transferred";
  },
): object {
  const pTime = msText(core.nowUs());
  const balData = core
    .balances(account)
    .filter(({ asset }) => assets.has(asset))
    .map(({ asset, totalAtoms }) => ({
      ccy: asset,
      cashBal: balanceText(core, asset, totalAtoms),
      uTime: pTime,
    }));
  return {
    arg: { ...arg, uid: uidOf(account) },
    data: [{ pTime, eventType, balData, posData: [], trades }],
  };
}
