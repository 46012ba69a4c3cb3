/** Fills as the Orders page has them, by the keys that the lab's own accounts have too. */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { tradeOf } from "../../server/lab/wire/kraken/ids.ts";
import { readLabFills } from "../support/e2eTruth.ts";

/** So high that every row of a minute or two is drawn: a table draws only what can be seen. */
export const TALL = { width: 1440, height: 2_400 } as const;

const COLUMNS = { venue: 1, symbol: 2, trade: 10 } as const;

/** Newest first. */
export async function fillsInTable(page: Page): Promise<readonly string[]> {
  const table = page.getByLabel("Fills, newest first");
  const rows = await table
    .getByRole("row")
    .filter({ has: page.getByRole("time") })
    .allInnerTexts();
  return rows.map((row) => {
    const cells = row.split("\t").map((cell) => cell.trim());
    return keyOf(cells[COLUMNS.venue], cells[COLUMNS.symbol], cells[COLUMNS.trade]);
  });
}

/** Everything that is recorded, by way of the page's export. */
export async function fillsInExport(page: Page): Promise<readonly string[]> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as CSV" }).click();
  const [header = "", ...lines] = readFileSync(await (await download).path(), "utf8")
    .trim()
    .split("\r\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    const cell = (name: string): string | undefined => cells[names.indexOf(name)];
    return keyOf(cell("account"), cell("symbol"), cell("trade_id"));
  });
}

export async function fillsAtLab(home: string): Promise<readonly string[]> {
  return (await readLabFills(home)).map(({ account, symbol, tradeId }) => keyOf(account, symbol, tradeId));
}

/** A page writes OKX for okx. */
function keyOf(account = "", symbol = "", tradeId = ""): string {
  // Kraken writes the lab's numbers in its own way.
  return `${account.toLowerCase()} ${symbol} ${tradeOf(tradeId)?.tradeId ?? tradeId}`;
}
