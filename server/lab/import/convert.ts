/** The second reading of a source: raw records to a recording, with the gaps that the source does not spell out. */
import type { RecordedEvent } from "../recording/events.ts";
import type { Stretch } from "../recording/manifest.ts";
import { changedLevels } from "./changes.ts";
import type { Grid } from "./grid.ts";
import type { ImportSource, RawDepth, RawPrint, RawRecord, RawTouch } from "./importer.ts";
import type { ImportPass } from "./pass.ts";
import type { InstrumentScan } from "./scan.ts";

/**
 * An instrument whose last record lies this long before the end of all gets a gap there: its book is
 * history. Quiet venues are silent for longer than that, but not while the others go on for good.
 */
const ENDS_EARLY_US = 60_000_000;

interface ShownBook {
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

export class Conversion {
  readonly stretches: Stretch[] = [];
  readonly #source: ImportSource;
  readonly #grids: readonly Grid[];
  readonly #scans: readonly InstrumentScan[];
  readonly #pass: ImportPass;
  readonly #write: (event: RecordedEvent) => void;
  /** The last full book of each instrument, to tell what changed. */
  readonly #shown: (ShownBook | undefined)[];
  readonly #seen: number[];
  readonly #heard = new Set<number>();
  #fromUs = 0;
  #toUs = 0;
  #records = 0;

  constructor(
    source: ImportSource,
    found: { readonly grids: readonly Grid[]; readonly scans: readonly InstrumentScan[] },
    pass: ImportPass,
    write: (event: RecordedEvent) => void,
  ) {
    this.#source = source;
    this.#grids = found.grids;
    this.#scans = found.scans;
    this.#pass = pass;
    this.#write = write;
    this.#shown = source.instruments.map(() => undefined);
    this.#seen = source.instruments.map(() => 0);
  }

  run(): void {
    this.#reportStamps();
    const endAtUs = Math.max(...this.#scans.map((scan) => scan.lastAtUs));
    for (const record of this.#source.records(this.#pass)) {
      this.#convert(record);
      if (record.kind !== "pause") this.#closeEarly(record, endAtUs);
    }
    this.#endStretch();
  }

  #convert(record: RawRecord): void {
    switch (record.kind) {
      case "pause":
        this.#endStretch();
        for (const instrument of this.#source.instruments.keys()) this.#void(instrument, record.receivedAtUs);
        return;
      case "full":
        return this.#full(record);
      case "snapshot":
      case "delta": {
        const { bids, asks } = this.#levels(record, record.kind === "delta");
        if (record.kind === "snapshot") this.#reportCrossing(record, bids[0], asks[0]);
        return this.#emit({ kind: record.kind, ...place(record), updateId: record.updateId, bids, asks });
      }
      case "touch":
        return this.#touch(record);
      case "print":
        return this.#print(record);
      case "gap":
        return this.#void(record.instrument, record.receivedAtUs);
      case "alive":
        return this.#emit({ kind: "alive", ...place(record) });
    }
  }

  /** Successive full books become one snapshot and what changed since. */
  #full(record: RawDepth): void {
    const shown = this.#shown[record.instrument];
    const { bids, asks } = this.#levels(record, false);
    this.#shown[record.instrument] = { bids, asks };
    this.#reportCrossing(record, bids[0], asks[0]);
    const common = { ...place(record), updateId: record.updateId };
    if (shown === undefined) return this.#emit({ kind: "snapshot", ...common, bids, asks });
    const bidChanges = changedLevels(shown.bids, bids, "bids");
    const askChanges = changedLevels(shown.asks, asks, "asks");
    if (bidChanges.length + askChanges.length === 0) return this.#emit({ kind: "alive", ...place(record) });
    this.#emit({ kind: "delta", ...common, bids: bidChanges, asks: askChanges });
  }

  #touch(record: RawTouch): void {
    const grid = this.#grid(record);
    const bidTicks = record.bid === undefined ? undefined : grid.ticks(record, record.bid);
    const askTicks = record.ask === undefined ? undefined : grid.ticks(record, record.ask);
    this.#reportCrossing(record, bidTicks, askTicks);
    this.#emit({ kind: "touch", ...place(record), bidTicks, askTicks });
  }

  #print(record: RawPrint): void {
    const grid = this.#grid(record);
    const priceTicks = grid.ticks(record, record.price);
    const sizeLots = record.size === undefined ? undefined : grid.lots(record, record.size);
    if (sizeLots === 0) {
      this.#pass.defect("PRINT_BELOW_LOT", `${this.#name(record)}: prints of less than a lot; not recorded`);
      return;
    }
    this.#emit({ kind: "print", ...place(record), priceTicks, sizeLots, aggressor: record.aggressor });
  }

  #levels(record: RawDepth, keepZeros: boolean): ShownBook {
    const grid = this.#grid(record);
    return {
      bids: grid.levels(record, record.bids, "bids", keepZeros),
      asks: grid.levels(record, record.asks, "asks", keepZeros),
    };
  }

  #emit(event: RecordedEvent): void {
    if (this.#records === 0) this.#fromUs = event.receivedAtUs;
    this.#toUs = event.receivedAtUs;
    this.#records++;
    this.#heard.add(event.instrument);
    this.#write(event);
  }

  #void(instrument: number, receivedAtUs: number): void {
    this.#shown[instrument] = undefined;
    this.#write({ kind: "gap", instrument, receivedAtUs });
  }

  #endStretch(): void {
    if (this.#records === 0) return;
    const instruments = this.#heard.size;
    this.stretches.push({ fromUs: this.#fromUs, toUs: this.#toUs, records: this.#records, instruments });
    this.#records = 0;
    this.#heard.clear();
  }

  #closeEarly(record: RawRecord, endAtUs: number): void {
    const { instrument, receivedAtUs } = record;
    const seen = (this.#seen[instrument] ?? 0) + 1;
    this.#seen[instrument] = seen;
    if (seen !== this.#scans[instrument]?.records || endAtUs - receivedAtUs <= ENDS_EARLY_US) return;
    const seconds = Math.round((endAtUs - receivedAtUs) / 1e6);
    this.#pass.defect(
      "ENDS_EARLY",
      `${this.#name(record)} ends ${seconds} s before the others; a gap marks the place`,
    );
    this.#void(instrument, receivedAtUs);
  }

  #reportCrossing(record: RawRecord, bidTicks: number | undefined, askTicks: number | undefined): void {
    if (bidTicks === undefined || askTicks === undefined || bidTicks < askTicks) return;
    const crossed = bidTicks > askTicks;
    const [code, text] = crossed ? ["CROSSED", "bid above ask"] : ["LOCKED", "bid equal to ask"];
    this.#pass.defect(code, `${this.#name(record)}: books with ${text}, recorded as they are`);
  }

  #reportStamps(): void {
    for (const [at, { stampsAhead, aheadUsMax }] of this.#scans.entries()) {
      if (stampsAhead === 0) continue;
      const ms = Math.round(aheadUsMax / 1e3);
      const name = this.#name({ instrument: at });
      const text = `${name}: venue stamps up to ${ms} ms after the time of receipt: the recorder's clock ran behind`;
      this.#pass.defect("CLOCK_BEHIND", text, stampsAhead);
    }
  }

  #grid({ instrument }: RawRecord): Grid {
    const grid = this.#grids[instrument];
    if (grid === undefined) throw new Error(`there is no instrument ${instrument}`);
    return grid;
  }

  #name({ instrument }: { readonly instrument: number }): string {
    const found = this.#source.instruments[instrument];
    return `${found?.account} ${found?.symbol}`;
  }
}

function place({ instrument, receivedAtUs, venueAtUs }: RawRecord) {
  return { instrument, receivedAtUs, venueAtUs };
}
