/** The instruments of one venue as they are listed now, and as they were when an order of theirs was made. */
import type { EngineConfig } from "../../../contract/config.ts";
import { UserError } from "../../../contract/errors.ts";
import { Instrument } from "../../../contract/instrument.ts";
import type { ListingChange } from "../../../contract/labControl.ts";
import { compileScales, DecimalError } from "../../../core/decimal.ts";
import type { MarketRecord } from "../../ports.ts";
import type { Listing } from "../ports.ts";
import { createRegrid } from "./regrid.ts";
import type { Regrid } from "./regrid.ts";

export interface Listings {
  now(): readonly Listing[];
  definitionOf(instrument: number, orderId: number): Instrument;
  /** What the change makes of the present listing. Throws a UserError when the venue cannot trade it. */
  changed(instrument: number, change: ListingChange): Instrument;
  /** Orders after this one are made under the definition. Returns all that the instrument was listed under. */
  list(instrument: number, definition: Instrument, lastOrderId: number): ListedVersions;
  /** A record of the market of others, on the present grid. */
  translate(record: MarketRecord): MarketRecord | undefined;
}

/** Newest first; one for each change of tick or lot that was ordered up. */
export type ListedVersions = readonly { readonly afterOrderId: number; readonly definition: Instrument }[];

export function createListings(
  instruments: readonly number[],
  { assets, instruments: definitions }: Pick<EngineConfig, "assets" | "instruments">,
  earlier: (instrument: number) => ListedVersions,
): Listings {
  const versions = new Map<number, ListedVersions>();
  const regrids = new Map<number, Regrid>();
  for (const instrument of instruments) {
    const definition = definitions[instrument];
    if (definition === undefined) throw new Error(`invariant: there is no instrument ${instrument}`);
    const listedBefore = earlier(instrument);
    const regrid = createRegrid(definition);
    if (listedBefore[0] !== undefined) regrid.list(listedBefore[0].definition);
    versions.set(instrument, listedBefore.length > 0 ? listedBefore : [{ afterOrderId: -1, definition }]);
    regrids.set(instrument, regrid);
  }
  let listed: readonly Listing[] | undefined;

  const versionsOf = (instrument: number): ListedVersions => {
    const found = versions.get(instrument);
    if (found === undefined) throw new Error(`invariant: this venue does not list instrument ${instrument}`);
    return found;
  };
  const presentOf = (instrument: number): Instrument => {
    const [present] = versionsOf(instrument);
    if (present === undefined) throw new Error("invariant: an instrument without a definition");
    return present.definition;
  };

  return {
    now: () =>
      (listed ??= instruments.map((instrument) => ({ instrument, definition: presentOf(instrument) }))),
    definitionOf(instrument, orderId) {
      const made = versionsOf(instrument).find(({ afterOrderId }) => orderId > afterOrderId);
      return made?.definition ?? presentOf(instrument);
    },
    changed(instrument, change) {
      const present = presentOf(instrument);
      const definition = Instrument.parse({ ...present, ...change });
      const version = isSameGrid(present, definition) ? present.version : present.version + 1;
      const decimalsOf = (asset: string): number =>
        assets.find((spec) => spec.asset === asset)?.decimals ?? 0;
      try {
        compileScales({
          ...definition,
          baseDecimals: decimalsOf(definition.base),
          quoteDecimals: decimalsOf(definition.quote),
        });
      } catch (cause) {
        if (!(cause instanceof DecimalError)) throw cause;
        throw new UserError(`${definition.symbol} cannot be listed so: ${cause.message}`, { cause });
      }
      return { ...definition, version };
    },
    list(instrument, definition, lastOrderId) {
      const [present, ...older] = versionsOf(instrument);
      if (present === undefined) throw new Error("invariant: an instrument without a definition");
      const isSame = isSameGrid(present.definition, definition);
      const after: ListedVersions = isSame
        ? [{ ...present, definition }, ...older]
        : [{ afterOrderId: lastOrderId, definition }, present, ...older];
      versions.set(instrument, after);
      listed = undefined;
      // A book that was voided begins with a snapshot.
      if (!isSame || present.definition.status === "DELISTED") regrids.get(instrument)?.list(definition);
      return after;
    },
    translate: (record) => regrids.get(record.instrument)?.translate(record),
  };
}

function isSameGrid(a: Instrument, b: Instrument): boolean {
  return a.tick === b.tick && a.lot === b.lot;
}
