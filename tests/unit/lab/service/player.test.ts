import { describe, expect, it } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import type { MarketRecord } from "../../../../server/lab/ports.ts";
import type { LabMarket } from "../../../../server/lab/service/market.ts";
import { createPlayer } from "../../../../server/lab/service/player.ts";

/** A delta and a taker by turns, one each 100 µs from `fromUs` on. */
function driverFrom(fromUs: number, count = 1_000) {
  let n = 0;
  return {
    next(): MarketRecord | undefined {
      if (n >= count) return undefined;
      const at = { instrument: n, exchangeAtUs: fromUs + n * 100 };
      return n++ % 2 === 0
        ? { kind: "delta", ...at, bids: [], asks: [] }
        : { kind: "take", ...at, side: "buy", sizeLots: 1 };
    },
  };
}

function stage(market: Partial<LabMarket> = {}) {
  let nowUs = 1_000;
  const prices = { BTC: 7 };
  const player = createPlayer(
    { driver: driverFrom(1_000), close: () => undefined, ...market },
    { nowUs: () => nowUs, prices: () => prices },
  );
  return {
    player,
    /** When what was due up to then was played, and what. */
    runTo(atUs: number) {
      const played: string[] = [];
      for (; player.nextAtUs <= atUs; nowUs = Math.max(nowUs, player.nextAtUs)) {
        const dueUs = player.nextAtUs;
        const record = player.take();
        if (record !== undefined) played.push(`${dueUs} ${record.kind}`);
      }
      nowUs = atUs;
      return played;
    },
  };
}

describe("a market", () => {
  it("is played at its own pace until something else is ordered", () => {
    const { player, runTo } = stage();
    expect(runTo(1_200)).toEqual(["1000 delta", "1100 take", "1200 delta"]);
    expect(player.play).toEqual({ rate: 1, takers: true, seed: undefined });
  });

  it("stands still, and goes on from there without making up for it", () => {
    const { player, runTo } = stage();
    runTo(1_250);
    player.change({ rate: 0 });
    expect(player.nextAtUs).toBe(Infinity);
    expect(player.hasEnded).toBe(false);
    expect(runTo(9_000)).toEqual([]);
    player.change({ rate: 1 });
    expect(runTo(9_200)).toEqual(["9050 take", "9150 delta"]);
  });

  it("goes faster and slower from where it is", () => {
    const { player, runTo } = stage();
    runTo(1_000);
    player.change({ rate: 2 });
    expect(runTo(1_100)).toEqual(["1050 take", "1100 delta"]);
    player.change({ rate: 0.5 });
    expect(runTo(1_500)).toEqual(["1300 take", "1500 delta"]);
    expect(player.play).toMatchObject({ rate: 0.5 });
  });

  it("does without its takers, whom others do not replace", () => {
    const { player, runTo } = stage();
    player.change({ takers: false });
    expect(runTo(1_300)).toEqual(["1000 delta", "1200 delta"]);
    player.change({ takers: true, rate: 1 });
    expect(runTo(1_500)).toEqual(["1400 delta", "1500 take"]);
  });

  it("goes on by another seed from the instant and the prices of now", () => {
    const asked: unknown[] = [];
    const { player, runTo } = stage({
      seed: 1,
      reopen(seed, start) {
        asked.push({ seed, ...start });
        return driverFrom(start.nowUs);
      },
    });
    runTo(1_050);
    player.change({ rate: 0 });
    runTo(5_000);
    player.change({ seed: 9, rate: 1 });
    expect(asked).toEqual([{ seed: 9, nowUs: 1_050, prices: { BTC: 7 } }]);
    expect(runTo(5_100)).toEqual(["5000 delta", "5100 take"]);
    expect(player.play).toMatchObject({ seed: 9 });
  });

  it("without a seed refuses one, and stays as it was", () => {
    const { player, runTo } = stage();
    expect(() => player.change({ seed: 2, rate: 0, takers: false })).toThrow(UserError);
    expect(player.play).toEqual({ rate: 1, takers: true, seed: undefined });
    expect(runTo(1_100)).toEqual(["1000 delta", "1100 take"]);
  });

  it("is over after its last record", () => {
    const { player, runTo } = stage({ driver: driverFrom(1_000, 2) });
    runTo(2_000);
    expect([player.hasEnded, player.nextAtUs]).toEqual([true, Infinity]);
    expect(() => player.take()).toThrow("invariant");
  });
});
