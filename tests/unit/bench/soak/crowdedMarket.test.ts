import { expect, it } from "vitest";
import { CROWDED_LEVELS } from "../../../../server/bench/soak/crowdedMarket.ts";
import { soakDeskFile } from "../../../../server/bench/soak/deskFile.ts";
import { openLabMarket } from "../../../../server/lab/service/market.ts";

it("has room for many more than 150 orders, in books that all come to life", () => {
  const desk = soakDeskFile(1, 1, 0, "crowded");
  const quoted = desk.config.instruments.filter((instrument) => instrument.quoted);
  expect(quoted.length * 2 * CROWDED_LEVELS).toBe(240);
  const market = openLabMarket(desk, { nowUs: 0, prices: {}, generation: 1 });
  const seen = new Set<number>();
  for (let n = 0; n < 20_000 && seen.size < desk.config.instruments.length; n++)
    seen.add(market.driver.next()?.instrument ?? -1);
  market.close();
  expect(seen.size).toBe(desk.config.instruments.length);
});
