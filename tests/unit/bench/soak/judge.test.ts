import { describe, expect, it } from "vitest";
import type { FillLine } from "../../../../server/contract/lines.ts";
import { judgeBooks } from "../../../../server/bench/soak/judge.ts";
import { orderTxid, tradeTxid } from "../../../../server/lab/wire/kraken/ids.ts";
import { createEngine } from "../../../../server/core/setup.ts";
import type { readLabTruth } from "../../../../server/lab/service/truth.ts";
import { soakDeskFile } from "../../../../server/bench/soak/deskFile.ts";
import { fillLine, placed } from "../../../support/recordedLines.ts";

type LabTruth = Awaited<ReturnType<typeof readLabTruth>>;

const BOOKED: FillLine = fillLine(placed(1, 7), {
  account: "binance",
  symbol: "BTC/USDT",
  clientId: "qsoa00010000001",
  tradeId: "1-1",
  venueOrderId: "1-9",
});

const AT_VENUE: LabTruth extends Map<string, infer T extends { fills: readonly unknown[] }>
  ? T["fills"][number]
  : never = { ...BOOKED, type: "fill", instrument: 0 };

function judge(
  booked: readonly FillLine[],
  atVenue: readonly (typeof AT_VENUE)[],
  usdtAtoms: bigint,
): string[] {
  const engine = createEngine(soakDeskFile(1, 1, 0).config);
  for (const { holdings } of engine.state.accounts)
    for (const holding of holdings.values()) holding.balanceAtoms = holding.asset === "USDT" ? 5n : 0n;
  const nothing = { balances: [{ asset: "USDT", totalAtoms: 5n }], openOrders: [], fills: [] };
  const truth: LabTruth = new Map(engine.config.accounts.map(({ account }) => [account, nothing] as const));
  truth.set("binance", {
    ...nothing,
    balances: [{ asset: "USDT", totalAtoms: usdtAtoms }],
    fills: atVenue,
  });
  const findings: string[] = [];
  judgeBooks(truth, { lines: booked, engine, runs: 1, events: 1 }, (text) => findings.push(text));
  return findings;
}

describe("the judge of a soak", () => {
  it("passes books that agree", () => {
    expect(judge([BOOKED], [AT_VENUE], 5n)).toEqual([]);
  });

  it("takes a venue's names for those that they stand for", () => {
    expect(judge([BOOKED], [{ ...AT_VENUE, clientId: "qsoa000100000011a" }], 5n)).toEqual([]);
    const [tradeId, venueOrderId] = ["7", "9"];
    const written = {
      tradeId: tradeTxid({ instrument: 0, tradeId, side: BOOKED.side }),
      venueOrderId: orderTxid(venueOrderId),
    };
    expect(judge([{ ...BOOKED, ...written }], [{ ...AT_VENUE, tradeId, venueOrderId }], 5n)).toEqual([]);
  });

  it("finds a fill that was not booked", () => {
    expect(judge([], [AT_VENUE], 5n)).toEqual([
      expect.stringContaining("1 and 0, 1 differ: only left binance"),
    ]);
  });

  it("finds a fill that was booked twice", () => {
    const again = { ...BOOKED, cursor: { epoch: 2, seq: 3, at: 0 } };
    expect(judge([BOOKED, again], [AT_VENUE], 5n)).toEqual([
      expect.stringContaining("1 and 2, 1 differ: only right"),
    ]);
  });

  it("finds a fill at another price", () => {
    expect(judge([{ ...BOOKED, priceTicks: 1 }], [AT_VENUE], 5n)).toHaveLength(1);
  });

  it("finds a balance that differs by one atom", () => {
    expect(judge([BOOKED], [AT_VENUE], 6n)).toEqual([
      expect.stringContaining("only left USDT 0.000000000006; only right USDT 0.000000000005"),
    ]);
  });
});
