/** What was recorded before a migration is read after it, by the readers of today. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openStore, type Store } from "../../../server/store/client.ts";
import { withConnection } from "../../../server/store/database.ts";
import { migrate, readMigrations } from "../../../server/store/migrate.ts";
import { readEquitySeries, readMarketSeries } from "../../../server/store/read/pnl.ts";
import { emptyDatabase } from "../../support/postgres.ts";
import { equityLine, ORIGIN_US, placed, pnlOf, recordLines } from "../../support/recordedLines.ts";

const MIGRATIONS = readMigrations();

/** A database that stands at a migration: what it could hold then, and what it has to say now. */
interface Earlier {
  readonly rows: string;
  readonly check: (store: Store) => Promise<void>;
}

const RANGE = { fromUs: ORIGIN_US, toUs: ORIGIN_US + 600_000_000, points: 2_000 };

/** Without a column for hedging: it was told with what trades inventory back. */
const BEFORE_HEDGING = { spreadCapture: 5, makerFees: -1, takerFees: -0.5, hedging: 0, reducing: -0.25 };
const PNL = { ...BEFORE_HEDGING, inventory: 2, currency: -0.125, total: 5.125 };

const EARLIER: Readonly<Record<string, Earlier>> = {
  "20261122000000_init": {
    rows: `
      insert into equity_sample (epoch, seq, at, at_us, reporting_asset, net_exposure, gross_exposure,
          spread_capture, maker_fees, taker_fees, reducing, inventory, currency, total)
        values (1, 10, 0, ${ORIGIN_US}, 'USDT', 10.5, 20.25, 5, -1, -0.5, -0.25, 2, -0.125, 5.125),
               (1, 20, 0, ${ORIGIN_US + 10_000_000}, 'USDT', 0, 0, 0, 0, 0, 0, 0, 0, 0);
      insert into market_sample (epoch, seq, at, market, fair, inventory_base,
          spread_capture, maker_fees, taker_fees, reducing, inventory, currency, total)
        values (1, 10, 0, 'BTC', 65000.5, 0.5, 5, -1, -0.5, -0.25, 2, -0.125, 5.125),
               (1, 20, 0, 'BTC', 65001, 0, 0, 0, 0, 0, 0, 0, 0),
               (1, 10, 0, 'ETH', null, 1.5, null, null, null, null, null, null, null);`,
    async check(store) {
      const nothing = Object.fromEntries(Object.keys(PNL).map((part) => [part, 0]));
      const later = { atUs: ORIGIN_US + 10_000_000 };
      expect(await readEquitySeries(store, RANGE)).toEqual([
        { atUs: ORIGIN_US, reportingAsset: "USDT", netExposure: 10.5, grossExposure: 20.25, pnl: PNL },
        { ...later, reportingAsset: "USDT", netExposure: 0, grossExposure: 0, pnl: nothing },
      ]);
      expect(await readMarketSeries(store, "BTC", RANGE)).toEqual([
        { atUs: ORIGIN_US, fair: 65_000.5, inventoryBase: 0.5, pnl: PNL },
        { ...later, fair: 65_001, inventoryBase: 0, pnl: nothing },
      ]);
      expect(await readMarketSeries(store, "ETH", RANGE)).toEqual([
        { atUs: ORIGIN_US, fair: undefined, inventoryBase: 1.5, pnl: undefined },
      ]);
      const hedging = await store.marketSample.findMany({
        select: { market: true, hedging: true },
        orderBy: [{ market: "asc" }, { seq: "asc" }],
      });
      expect(hedging).toEqual([
        { market: "BTC", hedging: 0 },
        { market: "BTC", hedging: 0 },
        { market: "ETH", hedging: null },
      ]);
    },
  },
};

/** A database with the first so many migrations. */
async function databaseAt(count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "crossdesk-migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const source = join(import.meta.dirname, "../../../prisma/migrations");
  for (const { name } of MIGRATIONS.slice(0, count)) {
    mkdirSync(join(folder, name));
    cpSync(join(source, name), join(folder, name), { recursive: true });
  }
  const url = await emptyDatabase();
  await migrate(url, folder);
  return url;
}

/** The tables that migrations from this one on alter or write to. */
function touchedFrom(count: number): string[] {
  const text = MIGRATIONS.slice(count)
    .map(({ sql }) => sql)
    .join("\n");
  const made = new Set([...text.matchAll(/CREATE TABLE "(\w+)"/gi)].map(([, table]) => table));
  const touched = [...text.matchAll(/(?:ALTER TABLE|UPDATE|DELETE FROM) "(\w+)"/gi)].map(
    ([, table = ""]) => table,
  );
  return [...new Set(touched)].filter((table) => !made.has(table));
}

it.each(MIGRATIONS.slice(0, -1).map(({ name }, at) => ({ name, count: at + 1 })))(
  "rows of a database that stood at $name are read after the upgrade",
  async ({ name, count }) => {
    const earlier = EARLIER[name];
    if (earlier === undefined) throw new Error(`write down rows as they were at ${name}`);
    const url = await databaseAt(count);
    await withConnection(url, async (client) => {
      await client.query(earlier.rows);
      for (const table of touchedFrom(count)) {
        const { rowCount } = await client.query(`select from "${table}"`);
        expect([table, rowCount]).not.toEqual([table, 0]);
      }
    });
    await migrate(url);
    const store = openStore(url);
    onTestFinished(() => store.$disconnect());
    await earlier.check(store);
  },
);

it("a migration that alters or writes to a table is found to", () => {
  expect(touchedFrom(1)).toEqual(expect.arrayContaining(["equity_sample", "market_sample"]));
  expect(touchedFrom(0)).toEqual([]);
});

it("rows of before and after an upgrade stand in one series", async () => {
  const url = await databaseAt(1);
  await withConnection(url, (client) => client.query(EARLIER["20261122000000_init"]?.rows ?? ""));
  await migrate(url);
  const next = { ...equityLine(placed(2, 1)), atUs: ORIGIN_US + 20_000_000 };
  await recordLines(url, [next]);
  const store = openStore(url);
  onTestFinished(() => store.$disconnect());
  const series = await readEquitySeries(store, RANGE);
  expect(series.map(({ pnl }) => pnl.hedging)).toEqual([0, 0, pnlOf(100).hedging]);
});
