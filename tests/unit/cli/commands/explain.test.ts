import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { operatingMarkdown } from "../../../../server/cli/commands/explain.ts";
import { HELP_TABLES } from "../../../../server/contract/help.ts";
import { ORDER_STATUSES } from "../../../../server/core/orders/order.ts";

it("prints with --markdown what docs/operating.md holds; if not, run the command that the page names", () => {
  expect(`${operatingMarkdown().trimEnd()}\n`).toBe(readFileSync("docs/operating.md", "utf8"));
});

it("explains every order state that the engine has", () => {
  const orders = HELP_TABLES.find(({ id }) => id === "orders");
  expect(orders?.rows.map(({ code }) => code)).toEqual([...ORDER_STATUSES]);
});
