import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { factsOf, isMet } from "../../../../../server/replay/studies/market/facts.ts";
import { market } from "../../../../../server/replay/studies/market/market.ts";
import type { Watched } from "../../../../../server/replay/studies/market/watch.ts";

const home = mkdtempSync(join(tmpdir(), "crossdesk-market-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const EMPTY: Watched = { seconds: 0, fair: [], mids: [], sweeps: [], sweepsVenue: undefined, lags: [] };

describe("the market study", () => {
  it("shows every fact of a simulated market, with bounce, clustering and lags where they belong", async () => {
    const { json, tables, charts } = await market.run(
      { hours: 0.2, seeds: 1, seed: 3 },
      { home, progress: () => undefined },
    );
    const rows = new Map(tables[0]?.rows.map((row) => [row[0], row[3]]));
    expect(rows.get("autocorrelation of returns from trade to trade")).toBeLessThan(-0.2);
    expect(rows.get("variance of trades at 1 s over 60 s")).toBeGreaterThan(1.2);
    expect(rows.get("Fano factor of sweeps, 60 s")).toBeGreaterThan(2);
    expect(rows.get("correlation across venues at 1 s over 60 s")).toBeLessThan(1);
    expect(Number(rows.get("lag of laggard, ms"))).toBeGreaterThan(Number(rows.get("lag of follower, ms")));
    expect(charts).toHaveLength(2);
    expect(json).toMatchObject({ markets: [{ name: "simulated", runs: [{ seconds: 720 }] }] });
  });

  it("says of what a market does not hold that it is not known, and not that it is 0", () => {
    for (const { value, target } of factsOf(EMPTY)) {
      expect(value).toBeUndefined();
      expect(isMet({ name: "", value, target })).toBe(target === undefined ? undefined : false);
    }
  });

  it("names a folder that is none", async () => {
    await expect(
      Promise.resolve(
        market.run({ hours: 0.1, seeds: 1, recording: ["/nowhere"] }, { home, progress: () => undefined }),
      ),
    ).rejects.toThrow("/nowhere is no folder");
  });
});
