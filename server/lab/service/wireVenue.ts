/** One venue on the wire as it comes up: its exchange with what earlier lives of it left, and its core. */
import type { DeskFile } from "../../contract/deskFile.ts";
import { UserError } from "../../contract/errors.ts";
import { createExchange } from "../exchange/exchange.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { ENDED_KEPT_MAX } from "../wire/core/records.ts";
import { createVenueCore } from "../wire/core/venueCore.ts";
import type { LabCore } from "../wire/core/venueCore.ts";
import { createWireFaults } from "../wire/host/faults.ts";
import type { WireFaults } from "../wire/host/faults.ts";
import type { FrontEndFactory } from "../wire/ports.ts";
import { depositsOf } from "./deposits.ts";
import { wireKey } from "./keys.ts";
import type { StoredKey } from "./keys.ts";
import type { LabStore } from "./store.ts";
import { earlierLives, listedInstruments } from "./wireKeeper.ts";
import type { WireKeeper } from "./wireKeeper.ts";

export interface WireVenueOptions {
  readonly desk: DeskFile;
  readonly store: LabStore;
  readonly keys: readonly StoredKey[];
  readonly frontEnds: Readonly<Record<string, FrontEndFactory>>;
  readonly limits: "entry" | "lifted";
}

export interface WireVenue {
  readonly core: LabCore;
  readonly exchange: Exchange;
  readonly faults: WireFaults;
  readonly front: FrontEndFactory;
}

/** Throws a UserError when the lab does not speak for the venue. */
export function createWireVenue(
  venue: string,
  { desk, store, keys, frontEnds, limits }: WireVenueOptions,
  keeper: WireKeeper,
  nowUs: () => number,
): WireVenue {
  const { config } = desk;
  const front = frontEnds[venue];
  if (front === undefined)
    throw new UserError(
      `${venue} cannot be put on the wire: the lab speaks for ${Object.keys(frontEnds).join(", ")}`,
    );
  const accounts = [...config.accounts.keys()].filter((account) => config.accounts[account]?.venue === venue);
  const earlier = earlierLives(config, store);
  const exchange = createExchange({
    config: { ...config, instruments: listedInstruments(config, store) },
    accounts,
    endedMax: ENDED_KEPT_MAX,
    lastId: earlier.lastId,
  });
  for (const account of accounts) {
    const name = config.accounts[account]?.account ?? "";
    const stored = store.balances(name);
    for (const [asset, atoms] of stored ?? []) exchange.openBalance(account, asset, atoms);
    if (stored !== undefined) continue;
    for (const [asset, atoms] of depositsOf(desk, name)) exchange.deposit(account, asset, atoms, nowUs());
    keeper.money(account);
  }
  const faults = createWireFaults(nowUs);
  const core = createVenueCore({
    venue,
    config,
    accounts,
    exchange,
    nowUs: () => nowUs() + faults.skewUs(),
    steadyUs: nowUs,
    keys: keys.flatMap((key) => {
      const account = config.accounts.findIndex((terms) => terms.account === key.account);
      return accounts.includes(account) ? [wireKey(key, account)] : [];
    }),
    limits,
    earlier,
    keeper,
  });
  return { core, exchange, faults, front };
}
