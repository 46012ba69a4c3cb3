/** Carries what the cores of the venues on the wire do over into the store, and back at the next start. */
import { instrumentKey } from "../../contract/config.ts";
import type { EngineConfig } from "../../contract/config.ts";
import type { Instrument } from "../../contract/instrument.ts";
import type { CoreKeeper, EarlierLives } from "../wire/core/keeper.ts";
import { ENDED_KEPT_MAX, FILLS_KEPT_MAX } from "../wire/core/records.ts";
import type { LabCore } from "../wire/core/venueCore.ts";
import type { LabStore } from "./store.ts";

/** Ids of one life; with 900,000 lives they are whole numbers that a double holds. */
const IDS_PER_LIFE = 10_000_000_000;

export interface WireKeeper extends CoreKeeper {
  /** Stages the orders and balances that have changed since the last call. */
  stage(cores: readonly LabCore[]): void;
}

type Named = Pick<EngineConfig, "accounts" | "instruments">;

export function createWireKeeper({ accounts, instruments }: Named, store: LabStore): WireKeeper {
  const orders = accounts.map(() => new Set<string>());
  const balances = new Set<number>();
  const nameOf = (account: number): string => {
    const name = accounts[account]?.account;
    if (name === undefined) throw new Error(`invariant: there is no account ${account}`);
    return name;
  };
  return {
    order: (account, clientId) => void orders[account]?.add(clientId),
    fill: (account, fill) => store.putFill(nameOf(account), fill),
    money: (account) => void balances.add(account),
    listed: (instrument, versions) => store.putListings(keyOf(instruments, instrument), versions),
    stage(cores) {
      for (const core of cores)
        for (const account of core.accounts) {
          for (const clientId of orders[account] ?? []) {
            const order = core.order(account, { clientId });
            if (order !== undefined) store.putOrder(nameOf(account), order);
          }
          orders[account]?.clear();
          if (!balances.delete(account)) continue;
          const totals = core.balances(account).map(({ asset, totalAtoms }) => [asset, totalAtoms] as const);
          store.putBalances(nameOf(account), new Map(totals));
        }
    },
  };
}

/** Ids of a life that was not served on the wire are no numbers, and none of a venue's. */
export function earlierLives({ accounts, instruments }: Named, store: LabStore): EarlierLives {
  return {
    records(account) {
      const name = accounts[account]?.account ?? "";
      return {
        orders: store.newestOrders(name, ENDED_KEPT_MAX).filter(({ venueOrderId }) => isWhole(venueOrderId)),
        fills: store.newestFills(name, FILLS_KEPT_MAX).filter(({ tradeId }) => isWhole(tradeId)),
      };
    },
    listings: (instrument) => store.listings(keyOf(instruments, instrument)),
    lastId: store.generation * IDS_PER_LIFE,
  };
}

/** The instruments as they are listed now, and not as the desk file has them. */
export function listedInstruments(
  { instruments }: Pick<EngineConfig, "instruments">,
  store: LabStore,
): Instrument[] {
  return instruments.map(
    (definition) => store.listings(instrumentKey(definition))[0]?.definition ?? definition,
  );
}

function keyOf(instruments: EngineConfig["instruments"], instrument: number): string {
  const definition = instruments[instrument];
  if (definition === undefined) throw new Error(`invariant: there is no instrument ${instrument}`);
  return instrumentKey(definition);
}

function isWhole(id: string): boolean {
  return /^\d+$/.test(id);
}
