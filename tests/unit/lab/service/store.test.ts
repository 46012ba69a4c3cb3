import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open as openLmdb } from "lmdb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import {
  FIRST_FILL,
  openLabStore,
  ORDERS_DROPPED_AT_ONCE,
  ORDERS_KEPT_MAX,
} from "../../../../server/lab/service/store.ts";
import type { LabStore } from "../../../../server/lab/service/store.ts";
import type { OrderRecord } from "../../../../server/lab/wire/ports.ts";
import type { FillReport } from "../../../../server/lab/world/privateChannel.ts";

const DAY_US = 86_400_000_000;
const NOW_US = 100 * DAY_US;
const OPEN: OrderRecord = {
  clientId: "c1",
  venueOrderId: "1-1",
  instrument: 0,
  side: "buy",
  timeInForce: "POST_ONLY",
  selfTrade: "EXPIRE_TAKER",
  createdAtUs: 3,
  updatedAtUs: 4,
  filledTickLots: 2n ** 70n,
  status: "OPEN",
  priceTicks: 10,
  sizeLots: 5,
  filledLots: 2,
};

let directory: string;
let opened: LabStore[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "crossdesk-store-"));
  opened = [];
});

afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(nowUs = NOW_US): LabStore {
  const store = openLabStore(join(directory, "lab"), ["a", "b"], nowUs);
  opened.push(store);
  return store;
}

async function close(store: LabStore): Promise<void> {
  opened = opened.filter((other) => other !== store);
  await store.close();
}

function fill(tradeId: string, venueAtUs: number, feeAtoms = 0n): FillReport {
  return {
    type: "fill",
    instrument: 0,
    clientId: "c",
    venueOrderId: "v",
    tradeId,
    side: "buy",
    priceTicks: 1,
    sizeLots: 1,
    liquidity: "maker",
    venueAtUs,
    feeAsset: "USD",
    feeAtoms,
  };
}

describe("the lab's store", () => {
  it("gives the newest orders and fills of an account of all lives, oldest first", async () => {
    const first = open();
    for (const clientId of ["c1", "c2", "c3"]) first.putOrder("a", { ...OPEN, clientId });
    first.putOrder("b", { ...OPEN, clientId: "other" });
    first.putFill("a", fill("1", NOW_US, 2n ** 70n));
    first.putFill("b", fill("9", NOW_US + 5));
    first.commit();
    await close(first);
    const second = open();
    second.putOrder("a", { ...OPEN, clientId: "c4", status: "FILLED" });
    second.putFill("a", fill("2", NOW_US + 1));
    second.commit();
    const newest = second.newestOrders("a", 3).map(({ clientId, status }) => `${clientId} ${status}`);
    expect(newest).toEqual(["c2 CANCELED", "c3 CANCELED", "c4 FILLED"]);
    expect(second.newestOrders("a", 1)[0]?.filledTickLots).toBe(2n ** 70n);
    expect(second.newestFills("a", 10)).toEqual([fill("1", NOW_US, 2n ** 70n), fill("2", NOW_US + 1)]);
    expect(second.newestFills("a", 1)).toEqual([fill("2", NOW_US + 1)]);
    expect(second.newestOrders("nobody", 9)).toEqual([]);
  });

  it("has no balances of an account that was never stored, and then exactly those that were, of any size", async () => {
    const store = open();
    expect(store.balances("a")).toBeUndefined();
    store.putBalances("a", new Map([["USD", 2n ** 80n + 1n]]));
    store.putPrices({ BTC: 61_000.5 });
    store.commit();
    await close(store);
    const again = open();
    expect(again.balances("a")).toEqual(new Map([["USD", 2n ** 80n + 1n]]));
    expect(again.balances("b")).toBeUndefined();
    expect(again.prices()).toEqual({ BTC: 61_000.5 });
    expect(again.generation).toBe(2);
  });

  it("keeps nothing that was staged and not committed", async () => {
    const store = open();
    store.putFill("a", fill("1", NOW_US));
    store.putBalances("a", new Map([["USD", 1n]]));
    await close(store);
    const again = open();
    expect(again.fills("a", FIRST_FILL).fills).toEqual([]);
    expect(again.balances("a")).toBeUndefined();
  });

  it("gives fills by time and account, in pages, over several lives", async () => {
    const store = open();
    for (const [id, atUs] of [
      ["2", 20],
      ["1", 10],
      ["3", 20],
    ] as const)
      store.putFill("a", fill(id, NOW_US + atUs, 2n ** 70n));
    store.putFill("b", fill("other", NOW_US + 15));
    store.commit();
    await close(store);
    const again = open();
    again.putFill("a", fill("4", NOW_US + 20));
    again.commit();
    expect(again.fills("a", FIRST_FILL).fills.map((f) => f.tradeId)).toEqual(["1", "2", "3", "4"]);
    expect(again.fills("a", { ...FIRST_FILL, atUs: NOW_US + 11 }).fills.map((f) => f.tradeId)).toEqual([
      "2",
      "3",
      "4",
    ]);
    expect(again.fills("a", FIRST_FILL).fills[0]?.feeAtoms).toBe(2n ** 70n);
    const first = again.fills("a", FIRST_FILL, 3);
    expect(first.fills).toHaveLength(3);
    expect(first.next).toBeDefined();
    const last = again.fills("a", first.next ?? FIRST_FILL, 3);
    expect(last.fills.map((f) => f.tradeId)).toEqual(["4"]);
    expect(last.next).toBeUndefined();
  });

  it("takes over the fills of a lab that kept those of all accounts together", async () => {
    const earlier = openLmdb({ path: join(directory, "lab"), maxDbs: 4, noSync: true });
    const together = earlier.openDB<unknown, [string, number, number, number]>({
      name: "fills",
      sharedStructuresKey: Symbol.for("structures"),
    });
    for (const [account, id] of [
      ["a", "1"],
      ["b", "2"],
    ] as const)
      together.putSync([account, NOW_US, 1, Number(id)], { ...fill(id, NOW_US), feeAtoms: "7" });
    await earlier.close();
    const store = open();
    store.putFill("a", fill("3", NOW_US + 1));
    store.commit();
    expect(store.newestFills("a", 9)).toEqual([fill("1", NOW_US, 7n), fill("3", NOW_US + 1)]);
    expect(store.newestFills("b", 9)).toEqual([fill("2", NOW_US, 7n)]);
    await close(store);
    expect(open().newestFills("a", 9)).toHaveLength(2);
  });

  it("forgets fills after a month", async () => {
    const store = open();
    store.putFill("a", fill("old", NOW_US));
    store.putFill("a", fill("new", NOW_US + 20 * DAY_US));
    store.commit();
    await close(store);
    expect(
      open(NOW_US + 40 * DAY_US)
        .fills("a", FIRST_FILL)
        .fills.map((f) => f.tradeId),
    ).toEqual(["new"]);
  });

  it("forgets them also while it is open", () => {
    const store = open();
    store.putFill("a", fill("old", NOW_US));
    store.putFill("b", fill("of another", NOW_US));
    store.putFill("a", fill("new", NOW_US + 40 * DAY_US));
    store.commit();
    expect(store.fills("a", FIRST_FILL).fills.map((f) => f.tradeId)).toEqual(["new"]);
    expect(store.fills("b", FIRST_FILL).fills).toEqual([]);
  });

  it("says that an order which was open when the lab died is canceled, with what had been filled", async () => {
    const store = open();
    store.putOrder("a", OPEN);
    store.putOrder("a", { ...OPEN, clientId: "c2", status: "FILLED", filledLots: 5 });
    store.commit();
    expect(store.order("a", "c1")).toEqual(OPEN);
    await close(store);
    const again = open();
    expect(again.order("a", "c1")).toEqual({ ...OPEN, status: "CANCELED" });
    expect(again.order("a", "c2")).toMatchObject({ status: "FILLED", filledLots: 5 });
    expect(again.order("b", "c1")).toBeUndefined();
  });

  it("remembers the newest orders of an account, and older ones that still rest", () => {
    const store = open();
    const count = ORDERS_KEPT_MAX + ORDERS_DROPPED_AT_ONCE;
    for (let n = 0; n < count; n += 1)
      store.putOrder("a", {
        ...OPEN,
        clientId: `c${n}`,
        createdAtUs: n,
        status: n === 7 ? "OPEN" : "CANCELED",
      });
    store.putOrder("b", { ...OPEN, clientId: "c0" });
    store.commit();
    expect(store.order("a", `c${ORDERS_DROPPED_AT_ONCE - 1}`)).toBeUndefined();
    expect(store.order("a", `c${ORDERS_DROPPED_AT_ONCE}`)).toBeDefined();
    expect(store.order("a", `c${count - 1}`)).toBeDefined();
    expect(store.order("b", "c0")).toBeDefined();
    expect(store.order("a", "c7")).toMatchObject({ status: "OPEN" });
    const newest = store.newestOrders("a", 3).map(({ clientId }) => clientId);
    expect(newest).toEqual(["c7", `c${count - 2}`, `c${count - 1}`]);
  });

  it("refuses to write for a lab whose accounts another one has opened since", () => {
    const first = open();
    open();
    first.putBalances("a", new Map([["USD", 1n]]));
    expect(() => first.commit()).toThrow(UserError);
    expect(first.balances("a")).toBeUndefined();
  });

  it("refuses a directory that it cannot use in one line that says what to do", () => {
    writeFileSync(join(directory, "lab"), "");
    expect(() => open()).toThrow(/cannot be opened .* delete it to start with fresh accounts$/);
  });
});
