/** Plays a recording to the simulated exchanges as the market of everyone else. */
import { UserError } from "../../contract/errors.ts";
import type { Instrument } from "../../contract/instrument.ts";
import type { MarketDriver, MarketRecord } from "../ports.ts";
import type { RecordedEvent } from "./events.ts";
import type { RecordedInstrument } from "./manifest.ts";
import type { Recording, RecordingRange } from "./reader.ts";

export interface RecordingDriverOptions extends RecordingRange {
  /** How long the recorded feed took: a record happened at its exchange this long before it was received. */
  readonly feedLatencyUs: number;
  readonly assumptions?: RecordingAssumptions | undefined;
  /** Where each recorded instrument stands in the configuration; undefined leaves it out. Default: as in the manifest. */
  readonly positions?: readonly (number | undefined)[] | undefined;
}

/** What stands in for sizes that nobody recorded, in base units. Whoever runs with them prints them. */
export interface RecordingAssumptions {
  readonly topSizeBase?: number | undefined;
  readonly printSizeBase?: number | undefined;
}

/** UserError when the recording lacks sizes and no assumption replaces them. */
export function recordingDriver(recording: Recording, options: RecordingDriverOptions): MarketDriver {
  const fills = recording.manifest.instruments.map((instrument, at) => {
    const position = options.positions === undefined ? at : options.positions[at];
    return position === undefined ? undefined : planFill(instrument, position, options.assumptions ?? {});
  });
  const cursor = recording.read(options);
  const { feedLatencyUs } = options;
  return {
    next() {
      for (let event = cursor.next(); event !== undefined; event = cursor.next()) {
        const fill = fills[event.instrument];
        if (fill !== undefined) return toMarket(event, fill, feedLatencyUs);
      }
      return undefined;
    },
  };
}

interface Fill {
  readonly position: number;
  /** Absent where the recording has every size. */
  readonly topLots: number | undefined;
  readonly printLots: number | undefined;
}

function planFill(instrument: RecordedInstrument, position: number, assumed: RecordingAssumptions): Fill {
  const { definition, recorded, depthSizes, tradeSizes } = instrument;
  const hasBook = recorded.includes("depth") || recorded.includes("top");
  return {
    position,
    topLots: hasBook && !depthSizes ? assumedLots(definition, "topSizeBase", assumed.topSizeBase) : undefined,
    printLots:
      recorded.includes("trades") && !tradeSizes
        ? assumedLots(definition, "printSizeBase", assumed.printSizeBase)
        : undefined,
  };
}

function assumedLots(
  instrument: Instrument,
  name: keyof RecordingAssumptions,
  sizeBase: number | undefined,
): number {
  const { account, symbol, base, lot, contractSizeBase } = instrument;
  if (sizeBase === undefined)
    throw new UserError(
      `${account} ${symbol} was recorded without sizes: assume one with ${name}, in ${base}`,
    );
  const sizeLots = Math.round(sizeBase / (Number(lot) * Number(contractSizeBase)));
  if (!(sizeLots >= 1))
    throw new UserError(`${name} ${sizeBase} is less than one lot of ${account} ${symbol} (${lot})`);
  return sizeLots;
}

function toMarket(event: RecordedEvent, fill: Fill, feedLatencyUs: number): MarketRecord {
  const { receivedAtUs, venueAtUs } = event;
  const instrument = fill.position;
  const exchangeAtUs = receivedAtUs - feedLatencyUs;
  switch (event.kind) {
    case "snapshot":
    case "delta":
    case "top": {
      const { kind, bids, asks } = event;
      return { kind, instrument, exchangeAtUs, venueAtUs, receivedAtUs, bids, asks };
    }
    case "touch": {
      const bids = assumedLevel(event.bidTicks, fill.topLots);
      const asks = assumedLevel(event.askTicks, fill.topLots);
      return { kind: "top", instrument, exchangeAtUs, venueAtUs, receivedAtUs, bids, asks };
    }
    case "print": {
      const sizeLots = event.sizeLots ?? known(fill.printLots);
      const { priceTicks, aggressor } = event;
      return {
        kind: "print",
        instrument,
        exchangeAtUs,
        venueAtUs,
        receivedAtUs,
        priceTicks,
        sizeLots,
        aggressor,
      };
    }
    case "alive":
    case "gap":
      return { kind: event.kind, instrument, exchangeAtUs, venueAtUs, receivedAtUs };
  }
}

function assumedLevel(priceTicks: number | undefined, sizeLots: number | undefined): number[] {
  return priceTicks === undefined ? [] : [priceTicks, known(sizeLots)];
}

function known(sizeLots: number | undefined): number {
  if (sizeLots === undefined)
    throw new Error("a record without a size in a recording whose manifest says it has them");
  return sizeLots;
}
