/**
 * What one account is told, venue to desk: acknowledgements, fills and answers on one channel, first in
 * first out, each after the response latency. It can lose, repeat and delay reports, and it can go down.
 */
import type { EngineEvent, FillEvent, OrderReportEvent } from "../../contract/events.ts";
import type { PrivateReport } from "../ports.ts";
import type { Agenda } from "./agenda.ts";
import { RANK } from "./agenda.ts";
import type { Faults } from "./faults.ts";

/** Fills of one outage that wait for the reconnect: an hour at 25 a second. */
const BACKFILL_FILLS_MAX = 100_000;

/** Fills that can be told again: what a venue's trade query gives in a few pages. */
const FILLS_KEPT_MAX = 5_000;

export type FillReport = Extract<PrivateReport, { type: "fill" }>;

export interface PrivateChannel {
  report(report: PrivateReport): void;
  /** The answer to a query, as the venue gives it now. Unlike a report it is not lost while the stream is down. */
  answer(make: (atUs: number) => EngineEvent): void;
  /** Of what `act` causes, the first report about this order that is not a fill is lost. */
  losingAck(clientId: string, act: () => void): void;
  /** Tells every fill since an instant of the exchange again, as far back as it keeps them. */
  retell(sinceUs: number): void;
  goDown(): void;
  comeUp(): void;
}

interface PrivateChannelOptions {
  readonly account: number;
  readonly agenda: Agenda;
  readonly responseUs: () => number;
  readonly faults: Faults;
  readonly deliver: (event: EngineEvent) => void;
  /** The venue's own records of fills, where it keeps any; else what this channel was given to tell. */
  readonly fillsSince?: ((sinceUs: number) => readonly FillReport[]) | undefined;
}

export function createPrivateChannel(options: PrivateChannelOptions): PrivateChannel {
  const { account, agenda, responseUs, faults, deliver } = options;
  let lastUs = 0;
  let isDown = false;
  let losingAckOf: string | undefined;
  const backfill: FillReport[] = [];
  let told: FillReport[] = [];

  /** Behind everything that is on its way already. */
  function inOrderUs(): number {
    lastUs = Math.max(agenda.nowUs() + responseUs(), lastUs);
    return lastUs;
  }

  /** Down or not is judged on arrival: what was on its way when the connection was cut is lost too. */
  function arrive(report: PrivateReport, isCopy: boolean): void {
    if (!isDown) return deliver(toEngineEvent(report, account, agenda.nowUs()));
    faults.counts.reportsLost += 1;
    if (report.type !== "fill" || isCopy) return;
    if (backfill.length >= BACKFILL_FILLS_MAX)
      throw new Error(`invariant: more than ${BACKFILL_FILLS_MAX} fills in one outage`);
    backfill.push(report);
  }

  function keep(fill: FillReport): void {
    if (options.fillsSince !== undefined) return;
    told.push(fill);
    if (told.length > 2 * FILLS_KEPT_MAX) told = told.slice(-FILLS_KEPT_MAX);
  }

  return {
    report(report) {
      if (losingAckOf === report.clientId && report.type !== "fill") {
        losingAckOf = undefined;
        return;
      }
      if (report.type === "fill") {
        keep(report);
        if (faults.strikes("lostFill")) return;
      }
      const isLate = faults.strikes("lateReport");
      const atUs = isLate ? agenda.nowUs() + responseUs() + faults.lateByUs() : inOrderUs();
      agenda.at(atUs, RANK.report, () => arrive(report, false));
      if (faults.strikes("duplicateReport")) agenda.at(inOrderUs(), RANK.report, () => arrive(report, true));
    },
    answer(make) {
      agenda.at(inOrderUs(), RANK.report, () => deliver(make(agenda.nowUs())));
    },
    losingAck(clientId, act) {
      losingAckOf = clientId;
      act();
      losingAckOf = undefined;
    },
    retell(sinceUs) {
      const fills = options.fillsSince?.(sinceUs) ?? told.filter(({ venueAtUs }) => venueAtUs >= sinceUs);
      for (const fill of fills) {
        faults.counts.fillsBackfilled += 1;
        agenda.at(inOrderUs(), RANK.report, () => arrive(fill, true));
      }
    },
    goDown() {
      isDown = true;
      deliver({ type: "account", atUs: agenda.nowUs(), account, status: "down" });
    },
    comeUp() {
      isDown = false;
      // As a gateway does that asks for trades since its cursor, before anyone reads open orders or balances.
      for (const fill of backfill.splice(0)) {
        faults.counts.fillsBackfilled += 1;
        agenda.at(inOrderUs(), RANK.report, () => arrive(fill, false));
      }
      deliver({ type: "account", atUs: agenda.nowUs(), account, status: "up" });
    },
  };
}

/** Field by field: a spread over reports of many shapes costs more than all else on this way. */
function toEngineEvent(report: PrivateReport, account: number, atUs: number): OrderReportEvent | FillEvent {
  const { clientId } = report;
  switch (report.type) {
    case "orderAccepted":
      return { type: report.type, atUs, account, clientId, venueOrderId: report.venueOrderId };
    case "orderRejected":
    case "cancelRejected":
      return { type: report.type, atUs, account, clientId, reason: report.reason };
    case "orderCanceled":
    case "orderExpired":
      return { type: report.type, atUs, account, clientId, filledLots: report.filledLots };
    case "orderAmended": {
      const { venueOrderId, priceTicks, sizeLots } = report;
      return { type: report.type, atUs, account, clientId, venueOrderId, priceTicks, sizeLots };
    }
    case "amendRejected": {
      const { reason, priceTicks, sizeLots } = report;
      return { type: report.type, atUs, account, clientId, reason, priceTicks, sizeLots };
    }
    case "fill":
      return {
        type: report.type,
        atUs,
        account,
        instrument: report.instrument,
        clientId,
        venueOrderId: report.venueOrderId,
        tradeId: report.tradeId,
        side: report.side,
        priceTicks: report.priceTicks,
        sizeLots: report.sizeLots,
        liquidity: report.liquidity,
        venueAtUs: report.venueAtUs,
        feeAsset: report.feeAsset,
        feeAtoms: report.feeAtoms,
      };
  }
}
