/**
 * A simulated exchange whose account outlives it: what its reports say is staged in the store before they are
 * passed on, and what an earlier life of it did is known. Ids carry the life they come from, so that none is
 * ever used twice.
 */
import type { Exchange } from "../exchange/exchange.ts";
import type { ExchangeOutput, PrivateReport, SimulatedExchange } from "../ports.ts";
import type { LabStore } from "./store.ts";

export interface DurableExchange extends SimulatedExchange {
  /** Stages the orders and balances that have changed since the last call. */
  stage(): void;
}

interface DurableExchangeOptions {
  /** Serves this account alone; its balances are restored here. */
  readonly inner: Exchange;
  readonly account: number;
  readonly name: string;
  readonly store: LabStore;
  /** What the account starts with, should it be new. */
  readonly deposits: ReadonlyMap<string, bigint>;
}

export function createDurableExchange(options: DurableExchangeOptions): DurableExchange {
  const { inner, account, name, store, deposits } = options;
  const changedOrders = new Set<string>();
  let balancesChanged = false;

  const stored = store.balances(name);
  for (const [asset, atoms] of stored ?? deposits) if (atoms !== 0n) inner.deposit(account, asset, atoms);
  if (stored === undefined) balancesChanged = true;

  const idOf = (id: string): string => `${store.generation}-${id}`;

  function record(report: PrivateReport): PrivateReport {
    changedOrders.add(report.clientId);
    switch (report.type) {
      case "fill": {
        const fill = { ...report, venueOrderId: idOf(report.venueOrderId), tradeId: idOf(report.tradeId) };
        store.putFill(name, fill);
        balancesChanged = true;
        return fill;
      }
      case "orderAccepted":
      case "orderAmended":
        return { ...report, venueOrderId: idOf(report.venueOrderId) };
      case "orderRejected":
      case "orderCanceled":
      case "orderExpired":
      case "amendRejected":
      case "cancelRejected":
        return report;
    }
  }

  const recorded = (output: ExchangeOutput): ExchangeOutput => ({
    public: (event) => output.public(event),
    private: (owner, report) => output.private(owner, record(report)),
  });

  function orderStatus(clientId: string): ReturnType<SimulatedExchange["orderStatus"]> {
    const answer = inner.orderStatus(account, clientId);
    return answer.found ? { ...answer, venueOrderId: idOf(answer.venueOrderId) } : answer;
  }

  return {
    ...inner,
    applyMarket: (record, atUs, output) => inner.applyMarket(record, atUs, recorded(output)),
    place(owner, order, atUs, output) {
      const { clientId } = order;
      if (!inner.orderStatus(owner, clientId).found && store.order(name, clientId) !== undefined)
        output.private(owner, { type: "orderRejected", clientId, reason: "DUPLICATE_ID" });
      else inner.place(owner, order, atUs, recorded(output));
    },
    amend: (owner, amend, atUs, output) => inner.amend(owner, amend, atUs, recorded(output)),
    cancel: (owner, cancel, atUs, output) => inner.cancel(owner, cancel, atUs, recorded(output)),
    cancelAll: (owner, atUs, output) => inner.cancelAll(owner, atUs, recorded(output)),
    openOrders: (owner) =>
      inner.openOrders(owner).map((order) => ({ ...order, venueOrderId: idOf(order.venueOrderId) })),
    orderStatus(_, clientId) {
      const answer = orderStatus(clientId);
      if (answer.found) return answer;
      const order = store.order(name, clientId);
      if (order === undefined) return answer;
      const { venueOrderId, status, priceTicks, sizeLots, filledLots } = order;
      return { found: true, venueOrderId, status, priceTicks, sizeLots, filledLots };
    },
    deposit(owner, asset, amountAtoms, atUs) {
      inner.deposit(owner, asset, amountAtoms, atUs);
      balancesChanged = true;
    },
    stage() {
      for (const clientId of changedOrders) {
        const order = inner.order(account, { clientId });
        if (order !== undefined) store.putOrder(name, { ...order, venueOrderId: idOf(order.venueOrderId) });
      }
      changedOrders.clear();
      if (!balancesChanged) return;
      balancesChanged = false;
      store.putBalances(
        name,
        new Map(inner.balances(account).map(({ asset, totalAtoms }) => [asset, totalAtoms])),
      );
    },
  };
}
