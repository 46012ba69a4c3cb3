/** Stands between the world and one exchange, and tells the auditor what truly happens there and when. */
import type { AmendEffect, PlaceEffect } from "../../contract/effects.ts";
import type { ExchangeOutput, PrivateReport, PublicEvent, SimulatedExchange } from "../../lab/ports.ts";

export interface Witness {
  /** A request reaches the exchange, before it acts. */
  arrived(request: PlaceEffect | AmendEffect, atUs: number): void;
  /** What the exchange tells the owner of an account, before faults lose, repeat or delay it. */
  happened(account: number, report: PrivateReport, atUs: number): void;
  published(event: PublicEvent): void;
}

export function watch(exchange: SimulatedExchange, witness: Witness): SimulatedExchange {
  let told: ExchangeOutput | undefined;
  let nowUs = 0;
  const output: ExchangeOutput = {
    public(event) {
      witness.published(event);
      told?.public(event);
    },
    private(account, report) {
      witness.happened(account, report, nowUs);
      told?.private(account, report);
    },
  };
  const through = (to: ExchangeOutput, atUs: number): ExchangeOutput => {
    told = to;
    nowUs = atUs;
    return output;
  };
  return {
    ...exchange,
    applyMarket: (record, atUs, to) => exchange.applyMarket(record, atUs, through(to, atUs)),
    place(account, order, atUs, to) {
      witness.arrived(order, atUs);
      exchange.place(account, order, atUs, through(to, atUs));
    },
    amend(account, amend, atUs, to) {
      witness.arrived(amend, atUs);
      exchange.amend(account, amend, atUs, through(to, atUs));
    },
    cancel: (account, cancel, atUs, to) => exchange.cancel(account, cancel, atUs, through(to, atUs)),
    cancelAll: (account, atUs, to) => exchange.cancelAll(account, atUs, through(to, atUs)),
    snapshot: (instrument, to) => exchange.snapshot(instrument, through(to, nowUs)),
  };
}
