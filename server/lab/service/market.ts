/** The market of others that a desk file asks for, from an instant on. */
import type { DeskFile } from "../../contract/deskFile.ts";
import { UserError } from "../../contract/errors.ts";
import type { Instrument } from "../../contract/instrument.ts";
import { createAgentMarket } from "../drivers/agents.ts";
import { AgentMarket } from "../drivers/agentsParams.ts";
import { demoMarket } from "../drivers/demo.ts";
import type { MarketDriver, SimulatedExchange } from "../ports.ts";
import { recordingDriver } from "../recording/driver.ts";
import { firstPrices } from "../recording/firstPrices.ts";
import { openRecording } from "../recording/reader.ts";

export interface LabMarket {
  readonly driver: MarketDriver;
  /** By which it is drawn; absent where it is drawn by none. */
  readonly seed?: number | undefined;
  /** The same market by another seed, from an instant on. */
  readonly reopen?: ((seed: number, start: Omit<MarketStart, "generation">) => MarketDriver) | undefined;
  /** Of a market whose venues are elsewhere: hears what they list otherwise than the desk file, from the start on. */
  watchListings?(listener: (instrument: number, definition: Instrument) => void): void;
  close(): void;
}

interface MarketStart {
  readonly nowUs: number;
  /** Where an earlier life of the market ended. */
  readonly prices: Readonly<Record<string, number>>;
  /** Each life of an agent market draws other numbers: the same path again would be no market. */
  readonly generation: number;
}

/** Throws a UserError when the recording cannot be read. */
export function openLabMarket(
  { lab, config }: Pick<DeskFile, "lab" | "config">,
  { nowUs, prices, generation }: MarketStart,
): LabMarket {
  switch (lab.market) {
    case "agents": {
      const agents = lab.agents === undefined ? demoMarket(lab.seed).agents : AgentMarket.parse(lab.agents);
      const reopen: LabMarket["reopen"] = (seed, { nowUs: startAtUs, prices }) =>
        createAgentMarket({ ...agents, seed, startAtUs, assets: goOnFrom(prices, agents) }, config);
      const seed = lab.seed + generation - 1;
      return { driver: reopen(seed, { nowUs, prices }), seed, reopen, close: () => undefined };
    }
    case "recording": {
      const recording = openRecording(lab.directory);
      const price = Math.max(...firstPrices(recording, lab.fromUs).values());
      const driver = recordingDriver(recording, {
        fromUs: Math.max(lab.fromUs, nowUs),
        toUs: lab.toUs,
        feedLatencyUs: lab.feedLatencyMs * 1e3,
        assumptions: {
          topSizeBase: lab.topSizeNotional / price,
          printSizeBase: lab.printSizeNotional / price,
        },
      });
      return { driver, close: () => recording.close() };
    }
    case "real":
      throw new UserError(
        "real venues are no market of the lab: npm start -- --profile paper plays over them",
      );
  }
}

/** What is pegged stays at its peg; all else goes on from where it was. */
function goOnFrom(prices: MarketStart["prices"], { assets }: AgentMarket): AgentMarket["assets"] {
  return assets.map((asset) =>
    asset.reversionS === undefined
      ? { ...asset, startPrice: prices[asset.asset] ?? asset.startPrice }
      : asset,
  );
}

/** Mids of the books that are quoted in the reporting asset, by base asset. */
export function readPrices(
  { instruments, reportingAsset, accounts }: DeskFile["config"],
  exchanges: readonly SimulatedExchange[],
): Record<string, number> {
  const prices: Record<string, number> = {};
  for (const [instrument, { base, quote, tick, account }] of instruments.entries()) {
    if (quote !== reportingAsset) continue;
    exchanges[accounts.findIndex((a) => a.account === account)]?.snapshot(instrument, {
      public(event) {
        if (event.type !== "book") return;
        const [bid] = event.bids;
        const [ask] = event.asks;
        if (bid !== undefined && ask !== undefined) prices[base] = ((bid + ask) / 2) * Number(tick);
      },
      private: () => undefined,
    });
  }
  return prices;
}
