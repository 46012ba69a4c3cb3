/**
 * What the lab's accounts must not forget when it is killed: balances, fills, orders, prices. Changes are staged
 * and committed together before anything that reports them leaves. Nothing is synced to the disk: this is to
 * survive the death of a process, not of the machine.
 */
import { mkdirSync } from "node:fs";
import { open } from "lmdb";
import type { Database, RootDatabase } from "lmdb";
import { UserError } from "../../contract/errors.ts";
import type { FillsCursor } from "../../contract/labWire.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { ListedVersions } from "../wire/core/listings.ts";
import type { OrderRecord } from "../wire/ports.ts";
import type { FillReport } from "../world/privateChannel.ts";

/**
 * Ended orders of an account that it answers for after a restart, and whose ids it refuses: more than a venue on the
 * wire takes up again. The file is in memory, too, as far as it was written: what nobody asks for is not kept.
 */
export const ORDERS_KEPT_MAX = 600;

/** Looked through at once: a millisecond of work. */
export const ORDERS_DROPPED_AT_ONCE = 100;

/** Fills of an account are kept this long: fee tiers of venues count 30 days of volume. */
const FILLS_KEPT_US = 31 * 86_400 * MICROS_PER_SECOND;

/** Looked for so often while the lab runs: an hour more of them takes no room that counts. */
const FILLS_DROPPED_EVERY_US = 3_600 * MICROS_PER_SECOND;

/** Field names are stored once and not in every record, which halves the file and what of it is in memory. */
const COMPACT = { sharedStructuresKey: Symbol.for("structures") };

export interface LabStore {
  /** Counts the lives of this lab, from 1. */
  readonly generation: number;
  /** Undefined before the account was first stored. */
  balances(account: string): ReadonlyMap<string, bigint> | undefined;
  /** Last prices by asset, in reporting currency. */
  prices(): Readonly<Record<string, number>>;
  /** An order of an earlier life that was open then is canceled: a dead lab's orders do not rest. */
  order(account: string, clientId: string): OrderRecord | undefined;
  /** The newest of all lives, at most this many, oldest first. */
  newestOrders(account: string, limit: number): OrderRecord[];
  newestFills(account: string, limit: number): FillReport[];
  /** Under what an instrument was ever listed, newest first; empty when nobody changed it. */
  listings(instrument: string): ListedVersions;
  /** Of what is committed, oldest first. */
  fills(account: string, from: FillsCursor, limit?: number): FillsPage;

  putFill(account: string, fill: FillReport): void;
  putOrder(account: string, order: OrderRecord): void;
  putListings(instrument: string, versions: ListedVersions): void;
  putBalances(account: string, totals: ReadonlyMap<string, bigint>): void;
  putPrices(prices: Readonly<Record<string, number>>): void;
  /** What was staged is safe from here on. Throws a UserError when another lab has opened the store since. */
  commit(): void;
  close(): Promise<void>;
}

/** The first fill of all. */
export const FIRST_FILL: FillsCursor = { atUs: 0, generation: 0, n: 0 };

interface FillsPage {
  readonly fills: readonly FillReport[];
  readonly next: FillsCursor | undefined;
}

/** Atoms exceed what msgpack can hold as an integer: they are stored as text. */
type StoredFill = Omit<FillReport, "feeAtoms"> & { readonly feeAtoms: string };
type StoredOrder = Omit<OrderRecord, "filledTickLots"> & {
  readonly filledTickLots: string;
  readonly generation: number;
};
type FillKey = [atUs: number, generation: number, n: number];
type OrderKey = [account: string, clientId: string];
type ArrivalKey = [account: string, generation: number, n: number];

/** Besides one of fills for each account. */
const DBS = 4;

/** Sorts after every number in a key. */
const AFTER_ALL = "￿";

/** Throws a UserError when the directory cannot be used. */
export function openLabStore(directory: string, accounts: readonly string[], nowUs: number): LabStore {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return new LmdbLabStore(directory, accounts, nowUs);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      `the lab's accounts in ${directory} cannot be opened (${why}): mend its permissions, or delete it to start with fresh accounts`,
      { cause },
    );
  }
}

class LmdbLabStore implements LabStore {
  readonly generation: number;
  readonly #env: RootDatabase;
  readonly #facts: Database<unknown, string>;
  /** By account: pages are filled whole only where each new key is the last, and the file counts as memory. */
  readonly #fills: ReadonlyMap<string, Database<StoredFill, FillKey>>;
  readonly #orders: Database<StoredOrder, OrderKey>;
  readonly #arrivals: Database<string, ArrivalKey>;
  readonly #arrived: Map<string, number>;
  #staged: (() => void)[] = [];
  #fillsDroppedAtUs = 0;
  #n = 0;

  constructor(directory: string, accounts: readonly string[], nowUs: number) {
    this.#env = open({
      path: directory,
      maxDbs: DBS + accounts.length,
      noSync: true,
      overlappingSync: false,
    });
    this.#facts = this.#env.openDB({ name: "facts" });
    this.#fills = new Map(
      accounts.map((account) => [account, this.#env.openDB({ name: `fills ${account}`, ...COMPACT })]),
    );
    this.#orders = this.#env.openDB({ name: "orderRecords", ...COMPACT });
    this.#arrivals = this.#env.openDB({ name: "arrivals" });
    this.generation = this.#env.transactionSync(() => {
      const generation = numberOf(this.#facts.get("generation")) + 1;
      this.#facts.putSync("generation", generation);
      this.#moveFills();
      this.#dropFillsBefore(nowUs - FILLS_KEPT_US);
      this.#fillsDroppedAtUs = nowUs;
      return generation;
    });
    this.#arrived = new Map(
      accounts.map((account) => [
        account,
        this.#arrivals.getKeysCount({ start: [account], end: [account, AFTER_ALL] }),
      ]),
    );
  }

  balances(account: string): ReadonlyMap<string, bigint> | undefined {
    const stored = this.#facts.get(`balances ${account}`);
    if (stored === undefined) return undefined;
    return new Map((stored as [string, string][]).map(([asset, atoms]) => [asset, BigInt(atoms)]));
  }

  prices(): Readonly<Record<string, number>> {
    return (this.#facts.get("prices") ?? {}) as Record<string, number>;
  }

  order(account: string, clientId: string): OrderRecord | undefined {
    const stored = this.#orders.get([account, clientId]);
    if (stored === undefined) return undefined;
    const { generation, filledTickLots, ...order } = stored;
    const isOver = order.status === "OPEN" && generation !== this.generation;
    const status = isOver ? "CANCELED" : order.status;
    return { ...order, filledTickLots: BigInt(filledTickLots), status };
  }

  newestOrders(account: string, limit: number): OrderRecord[] {
    const range = { start: [account, AFTER_ALL], end: [account], reverse: true, limit };
    const clientIds = [...this.#arrivals.getRange(range)].map(({ value }) => value);
    return clientIds
      .flatMap((clientId) => this.order(account, clientId) ?? [])
      .reverse()
      .sort((a, b) => a.createdAtUs - b.createdAtUs);
  }

  newestFills(account: string, limit: number): FillReport[] {
    return [...this.#fillsOf(account).getRange({ reverse: true, limit })]
      .map(({ value }) => ({ ...value, feeAtoms: BigInt(value.feeAtoms) }))
      .reverse();
  }

  listings(instrument: string): ListedVersions {
    return (this.#facts.get(`listings ${instrument}`) ?? []) as ListedVersions;
  }

  fills(account: string, { atUs, generation, n }: FillsCursor, limit = Infinity): FillsPage {
    const fills: FillReport[] = [];
    for (const { key, value } of this.#fillsOf(account).getRange({ start: [atUs, generation, n] })) {
      if (fills.length >= limit) return { fills, next: { atUs: key[0], generation: key[1], n: key[2] } };
      fills.push({ ...value, feeAtoms: BigInt(value.feeAtoms) });
    }
    return { fills, next: undefined };
  }

  putFill(account: string, fill: FillReport): void {
    const key: FillKey = [fill.venueAtUs, this.generation, (this.#n += 1)];
    const fills = this.#fillsOf(account);
    if (fill.venueAtUs - this.#fillsDroppedAtUs >= FILLS_DROPPED_EVERY_US) this.#dropOldFills(fill.venueAtUs);
    const stored = { ...fill, feeAtoms: String(fill.feeAtoms) };
    this.#staged.push(() => {
      const [newest] = fills.getKeys({ reverse: true, limit: 1 });
      // The clock of a lab that was started again may be behind.
      fills.putSync(key, stored, { append: newest === undefined || newest[0] <= key[0] });
    });
  }

  putOrder(account: string, order: OrderRecord): void {
    const n = (this.#n += 1);
    const { clientId, filledTickLots } = order;
    this.#staged.push(() => {
      const isNew = !this.#orders.doesExist([account, clientId]);
      const stored = { ...order, filledTickLots: String(filledTickLots), generation: this.generation };
      this.#orders.putSync([account, clientId], stored);
      if (!isNew) return;
      this.#arrivals.putSync([account, this.generation, n], clientId);
      this.#countArrival(account);
    });
  }

  putBalances(account: string, totals: ReadonlyMap<string, bigint>): void {
    const stored = [...totals].map(([asset, atoms]) => [asset, String(atoms)]);
    this.#staged.push(() => this.#facts.putSync(`balances ${account}`, stored));
  }

  putListings(instrument: string, versions: ListedVersions): void {
    this.#staged.push(() => this.#facts.putSync(`listings ${instrument}`, versions));
  }

  putPrices(prices: Readonly<Record<string, number>>): void {
    this.#staged.push(() => this.#facts.putSync("prices", prices));
  }

  commit(): void {
    if (this.#staged.length === 0) return;
    const staged = this.#staged;
    this.#staged = [];
    this.#env.transactionSync(() => {
      if (this.#facts.get("generation") !== this.generation)
        throw new UserError("another lab has taken over these accounts: this one stops, keep the other");
      for (const write of staged) write();
    });
  }

  close(): Promise<void> {
    return this.#env.close();
  }

  #dropOldFills(nowUs: number): void {
    this.#fillsDroppedAtUs = nowUs;
    this.#staged.push(() => this.#dropFillsBefore(nowUs - FILLS_KEPT_US));
  }

  #dropFillsBefore(atUs: number): void {
    for (const fills of this.#fills.values())
      for (const key of [...fills.getKeys({ end: [Math.max(0, atUs)] })]) fills.removeSync(key);
  }

  /** Labs before this one kept the fills of all accounts together. */
  #moveFills(): void {
    const together = this.#env.openDB<StoredFill, [string, ...FillKey]>({ name: "fills", ...COMPACT });
    for (const [account, fills] of this.#fills) {
      for (const { key, value } of [...together.getRange({ start: [account], end: [account, AFTER_ALL] })]) {
        const [, ...at] = key;
        fills.putSync(at, value);
        together.removeSync(key);
      }
    }
  }

  #fillsOf(account: string): Database<StoredFill, FillKey> {
    const fills = this.#fills.get(account);
    if (fills === undefined) throw new Error(`invariant: the lab has no account ${account}`);
    return fills;
  }

  #countArrival(account: string): void {
    const arrived = (this.#arrived.get(account) ?? 0) + 1;
    this.#arrived.set(account, arrived);
    if (arrived < ORDERS_KEPT_MAX + ORDERS_DROPPED_AT_ONCE) return;
    const oldest = { start: [account], end: [account, AFTER_ALL], limit: ORDERS_DROPPED_AT_ONCE };
    for (const { key, value } of [...this.#arrivals.getRange(oldest)]) {
      this.#arrivals.removeSync(key);
      if (this.#rests(account, value)) {
        // It may rest for longer than thousands of others live.
        this.#arrivals.putSync([account, this.generation, (this.#n += 1)], value);
      } else {
        this.#orders.removeSync([account, value]);
        this.#arrived.set(account, numberOf(this.#arrived.get(account)) - 1);
      }
    }
  }

  #rests(account: string, clientId: string): boolean {
    const order = this.#orders.get([account, clientId]);
    return order?.status === "OPEN" && order.generation === this.generation;
  }
}

function numberOf(stored: unknown): number {
  return typeof stored === "number" ? stored : 0;
}
