/**
 * The table that the study is held against (docs/models.md §2.1): 64 paths of one hour, bps·lots, in a simulator
 * without queues and latency.
 */
import type { PolicyName } from "./policySet.ts";
import type { MainWorld } from "./worlds.ts";

export interface Published {
  /** P&L of an hour; standard deviation over paths; rms of inventory in lots. */
  readonly pnl: number;
  readonly sd?: number;
  readonly rmsQ?: number;
}

export const PUBLISHED: Readonly<Record<MainWorld, Readonly<Partial<Record<PolicyName, Published>>>>> = {
  "no-informed": {
    B0: { pnl: 5978, sd: 1441, rmsQ: 15 },
    B1: { pnl: 6439, sd: 506, rmsQ: 4.5 },
    S: { pnl: 6345, sd: 1461, rmsQ: 15 },
    B2: { pnl: 6840, sd: 520, rmsQ: 4.7 },
    B3: { pnl: 6857, sd: 493, rmsQ: 4.6 },
    "B3-band12": { pnl: 6847, sd: 492, rmsQ: 4.6 },
    "B3-band6": { pnl: 6474, sd: 408, rmsQ: 3.5 },
    "B3-every-fill": { pnl: -2518, sd: 202, rmsQ: 0 },
    "B2-wide": { pnl: 6301 },
    "document-inventory": { pnl: 3388, sd: 1771, rmsQ: 19.1 },
    "document-cross": { pnl: 5738 },
    "cross-corrected": { pnl: 6140 },
  },
  moderate: {
    B0: { pnl: 3891, sd: 1838, rmsQ: 14.7 },
    B1: { pnl: 4014, sd: 1207, rmsQ: 4 },
    S: { pnl: 5687, sd: 1574, rmsQ: 15 },
    B2: { pnl: 5992, sd: 607, rmsQ: 4.3 },
    B3: { pnl: 6099, sd: 532, rmsQ: 4.4 },
    "B3-band12": { pnl: 6098, sd: 529, rmsQ: 4.3 },
    "B3-band6": { pnl: 5845, sd: 447, rmsQ: 3.4 },
    "B3-every-fill": { pnl: -1770 },
    "B2-wide": { pnl: 5793 },
    "document-inventory": { pnl: 2483, sd: 1906, rmsQ: 19.2 },
    "document-cross": { pnl: 2271 },
    "cross-corrected": { pnl: 4801 },
  },
  toxic: {
    B0: { pnl: -2593, sd: 2475, rmsQ: 13.4 },
    B1: { pnl: -2723, sd: 2286, rmsQ: 4.1 },
    S: { pnl: -41, sd: 1781, rmsQ: 13.5 },
    B2: { pnl: -117, sd: 1401, rmsQ: 4.2 },
    B3: { pnl: 1164, sd: 636, rmsQ: 4.6 },
    "B3-band12": { pnl: 1193, sd: 582, rmsQ: 4.4 },
    "B3-band6": { pnl: 1266, sd: 456, rmsQ: 3.4 },
    "B3-every-fill": { pnl: 109 },
    "B2-wide": { pnl: 907 },
  },
};
