/** Stretches with and without quotes on both sides, told when they end. */
import type { Engine, InstrumentState } from "../core/state.ts";
import type { LineList } from "./lineList.ts";

interface Stretch {
  twoSided: boolean;
  sinceUs: number;
}

export class UptimeWatch {
  readonly #instruments: readonly InstrumentState[];
  /** By position of the instrument. */
  readonly #open: Stretch[];

  constructor(engine: Engine) {
    this.#instruments = engine.state.instruments;
    this.#open = this.#instruments.map(({ uptime }) => ({
      twoSided: uptime.twoSided,
      sinceUs: uptime.sinceUs,
    }));
  }

  /** Asked after every event: as cheap as it can be. */
  get hasTurned(): boolean {
    for (let i = 0; i < this.#open.length; i++)
      if (this.#open[i]?.twoSided !== this.#instruments[i]?.uptime.twoSided) return true;
    return false;
  }

  after(out: LineList): void {
    for (const [index, open] of this.#open.entries()) {
      const inst = this.#instruments[index];
      if (inst === undefined || inst.uptime.twoSided === open.twoSided) continue;
      const { account, symbol } = inst.definition;
      const { sinceUs: toUs, startedAtUs = toUs } = inst.uptime;
      const fromUs = Math.max(open.sinceUs, startedAtUs);
      // Both sides live at the first decision: nothing came before.
      if (toUs > fromUs)
        out.push({
          cursor: out.next(),
          atUs: out.atUs,
          type: "uptime",
          account,
          symbol,
          twoSided: open.twoSided,
          fromUs,
          toUs,
        });
      open.twoSided = inst.uptime.twoSided;
      open.sinceUs = toUs;
    }
  }
}
