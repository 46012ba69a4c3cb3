/** What the lab says about itself. */
import type { DeskFile } from "../../contract/deskFile.ts";
import type { LabDescription } from "../../contract/labControl.ts";
import type { VenueHost } from "../wire/host/host.ts";

export function describeLab(
  hosts: readonly VenueHost[],
  ports: Readonly<Record<string, number>>,
  {
    desk,
    play,
    generation,
    nowUs,
  }: {
    readonly desk: DeskFile;
    readonly play: LabDescription["play"];
    readonly generation: number;
    readonly nowUs: number;
  },
): LabDescription {
  return {
    venues: hosts.map(({ core, faults }) => ({
      venue: core.venue,
      port: ports[core.venue] ?? 0,
      limits: core.limits,
      accounts: core.accounts.map((account) => desk.config.accounts[account]?.account ?? ""),
      faults: { ...faults.counts },
    })),
    instruments: hosts.flatMap(({ core }) =>
      core.listings.map(({ instrument, definition: { symbol, tick, lot, status } }) => ({
        instrument,
        venue: core.venue,
        symbol,
        tick,
        lot,
        status,
      })),
    ),
    market: desk.lab.market,
    seed: desk.lab.seed,
    play,
    generation,
    nowUs,
  };
}
