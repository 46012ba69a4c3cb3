/**
 * What the owner of an account hears: an event for each thing that happens to an order, then the balances that it
 * touched. Listeners are subscriptions of WebSocket API connections.
 */
import { oppositeSide } from "../../../contract/units.ts";
import type { BalanceTruth, LedgerEntry, PlaceRequest, PrivateReport } from "../../ports.ts";
import type { FillRecord, OrderRecord, VenueCore } from "../ports.ts";
import { executionReport } from "./executionReports.ts";
import type { Execution } from "./executionReports.ts";
import type { OrderNotes } from "./orderNotes.ts";
import type { RateLimits } from "./rateLimits.ts";
import { amountOf, freeAtoms, msOf } from "./symbols.ts";
import type { Symbols } from "./symbols.ts";

type UserListener = (event: object) => void;

export interface UserEvents {
  /** Returns its stop. */
  listen(account: number, listener: UserListener): () => void;
  report(account: number, report: PrivateReport): void;
  moved(account: number, asset: string): void;
  /** An event that the core knows nothing of. */
  tell(account: number, event: object): void;
  /** Cancels within `run` carry this id. */
  canceling<T>(cancelId: string, run: () => T): T;
  /** Orders that expire or shrink within `run` were kept from trading with the account's own. */
  placing<T>(account: number, request: PlaceRequest, run: () => T): T;
  /** Tells the balances that have been touched since. */
  flush(): void;
}

interface Source {
  readonly core: VenueCore;
  readonly symbols: Symbols;
  readonly notes: OrderNotes;
  readonly limits: RateLimits;
}

/** A new order while it meets what rests. */
interface Placing {
  readonly clientId: string;
  order: OrderRecord | undefined;
  hasPrevented: boolean;
  /** Of the account's orders, as long as a decrement may take from them. */
  readonly sizeLots: Map<string, number>;
}

/** Money that moves by itself, which a balanceUpdate tells. */
const MOVEMENTS: readonly LedgerEntry["kind"][] = ["deposit", "withdrawal", "transfer"];

export function createUserEvents(source: Source): UserEvents {
  const { core, symbols, notes, limits } = source;
  const listeners = new Map<number, Set<UserListener>>();
  const touched = new Map<number, Set<string>>();
  const ledgerIds = new Map(core.accounts.map((account) => [account, lastLedgerId(core, account)]));
  let cancelId: string | undefined;
  let placing: Placing | undefined;
  let cancels = 0;

  const tell = (account: number, event: object): void => {
    for (const listener of listeners.get(account) ?? []) listener(event);
  };
  const touch = (account: number, assets: readonly string[]): void => {
    const known = touched.get(account) ?? new Set();
    for (const asset of assets) known.add(asset);
    touched.set(account, known);
  };
  const tellExecution = (account: number, order: OrderRecord, execution: Execution): void => {
    if (listeners.has(account))
      tell(account, executionReport(source, account, order, execution, msOf(core.nowUs())));
    const definition = symbols.of(order.instrument)?.definition;
    if (definition !== undefined) touch(account, [definition.base, definition.quote]);
  };

  /** Of an order that expired, or lost a part, while another of its account was placed. */
  const prevention = (account: number, order: OrderRecord, lots: number): Execution => {
    const isOther = placing?.order !== undefined && placing.order.side === oppositeSide(order.side);
    if (placing !== undefined) placing.hasPrevented = true;
    return {
      kind: "TRADE_PREVENTION",
      lots,
      matchId: notes.prevented(account, order.clientId, lots),
      other: isOther ? placing?.order : undefined,
    };
  };
  const isPrevented = (order: OrderRecord): boolean => {
    if (placing === undefined) return false;
    if (order.clientId !== placing.clientId) return true;
    // An immediate order also expires for want of others; one that may rest does so only for its own.
    return placing.hasPrevented || order.timeInForce === "GTC" || order.timeInForce === "POST_ONLY";
  };

  function report(account: number, told: PrivateReport): void {
    const order = core.order(account, { clientId: told.clientId });
    if (order === undefined) throw new Error(`invariant: a report of an unknown order ${told.clientId}`);
    switch (told.type) {
      case "orderAccepted":
        if (placing?.clientId === told.clientId) placing.order = order;
        return tellExecution(account, order, { kind: "NEW" });
      case "fill":
        return tellFill(account, order, told);
      case "orderCanceled":
        return tellExecution(account, order, {
          kind: "CANCELED",
          cancelId: cancelId ?? `web_${core.nowUs().toString(36)}${(++cancels).toString(36)}`,
        });
      case "orderExpired": {
        const lots = order.sizeLots - told.filledLots;
        const execution = isPrevented(order)
          ? prevention(account, order, lots)
          : { kind: "EXPIRED" as const };
        return tellExecution(account, order, execution);
      }
      // Nobody amends here: only a decrement by self-trade prevention changes a size.
      case "orderAmended": {
        const lots = (placing?.sizeLots.get(order.clientId) ?? order.sizeLots) - order.sizeLots;
        placing?.sizeLots.set(order.clientId, order.sizeLots);
        return tellExecution(account, order, prevention(account, order, lots));
      }
      case "orderRejected":
      case "amendRejected":
      case "cancelRejected":
    }
  }

  function tellFill(account: number, order: OrderRecord, fill: FillRecord): void {
    if (order.filledLots === fill.sizeLots) limits.firstFill(account, fill.liquidity);
    touch(account, [fill.feeAsset]);
    tellExecution(account, order, { kind: "TRADE", fill });
  }

  function flush(): void {
    const nowMs = msOf(core.nowUs());
    for (const [account, assets] of touched) {
      if (!listeners.has(account)) continue;
      const B = core
        .balances(account)
        .filter(({ asset }) => assets.has(asset))
        .map((balance) => balanceFields(core, balance));
      tell(account, { e: "outboundAccountPosition", E: nowMs, u: nowMs, B });
    }
    touched.clear();
  }

  return {
    listen: (account, listener) => {
      const heard = listeners.get(account) ?? new Set();
      listeners.set(account, heard.add(listener));
      return () => {
        heard.delete(listener);
        if (heard.size === 0 && listeners.get(account) === heard) listeners.delete(account);
      };
    },
    report,
    tell,
    moved: (account, asset) => {
      const entries = newEntries(core, account, ledgerIds.get(account) ?? 0);
      ledgerIds.set(account, entries.at(-1)?.id ?? ledgerIds.get(account) ?? 0);
      touch(account, [asset]);
      const nowMs = msOf(core.nowUs());
      for (const { kind, asset: a, amountAtoms, atUs } of entries)
        if (MOVEMENTS.includes(kind))
          tell(account, {
            e: "balanceUpdate",
            E: nowMs,
            a,
            d: amountOf(core, a, amountAtoms),
            T: msOf(atUs),
          });
      flush();
    },
    canceling: (id, run) => {
      cancelId = id;
      try {
        return run();
      } finally {
        cancelId = undefined;
      }
    },
    placing: (account, { clientId, selfTrade, sizeLots }, run) => {
      const own = selfTrade === "DECREMENT" ? core.openOrders(account) : [];
      const sizes = new Map(own.map((order) => [order.clientId, order.sizeLots]));
      sizes.set(clientId, sizeLots);
      placing = { clientId, order: undefined, hasPrevented: false, sizeLots: sizes };
      try {
        return run();
      } finally {
        placing = undefined;
      }
    },
    flush,
  };
}

function balanceFields(core: Pick<VenueCore, "assets">, balance: BalanceTruth) {
  const { asset: a, heldAtoms } = balance;
  return { a, f: amountOf(core, a, freeAtoms(balance)), l: amountOf(core, a, heldAtoms) };
}

function newEntries(core: Pick<VenueCore, "ledger">, account: number, afterId: number): LedgerEntry[] {
  const found: LedgerEntry[] = [];
  for (;;) {
    const { entries } = core.ledger(account, { afterId: found.at(-1)?.id ?? afterId });
    if (entries.length === 0) return found;
    found.push(...entries);
  }
}

function lastLedgerId(core: Pick<VenueCore, "ledger">, account: number): number {
  return newEntries(core, account, 0).at(-1)?.id ?? 0;
}
