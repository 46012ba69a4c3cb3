/** Before anything is placed: the venue's time, without which it refuses all else; who we are there, its terms, its books. */
import { readKeyRights } from "../exchanges/keyRights.ts";
import { refusalOf } from "../gateway/keyGuard.ts";
import { marketProtocolOf } from "../market/protocols/registry.ts";
import { VenueClock } from "../market/venueClock.ts";
import type { VenueEvent } from "../../venue.ts";
import { readBalances } from "./balances.ts";
import { CheckError, type Check } from "./check.ts";
import { CHECK_NAMES } from "./checkNames.ts";

const UP_WITHIN_MS = 20_000;

export const CONNECTION_CHECKS: readonly Check[] = [
  {
    name: CHECK_NAMES.clocks,
    async run(trial) {
      const instance = await trial.instance();
      const { nowUs, exchange, terms } = trial;
      const { requestExpiryMs } = terms;
      const fetchTime = () => marketProtocolOf(exchange.id).fetchTime(instance);
      const { skewUs, isTooFar } = await new VenueClock({ nowUs, fetchTime, requestExpiryMs }).measure();
      const skewMs = Math.round(skewUs / 1_000);
      if (isTooFar)
        throw new CheckError(
          `the venue is ${skewMs} ms ahead of this machine: set its clock right, best by NTP`,
        );
      return { evidence: `the venue is ${skewMs} ms ahead` };
    },
  },
  {
    name: CHECK_NAMES.key,
    async run(trial) {
      const { access, terms } = trial;
      if (access.testnet === true) return { skip: "a test network does not say what a key may do" };
      const { mayTrade, mayWithdraw } = await trial.direct(async () =>
        readKeyRights(access.exchange, await trial.instance()),
      );
      if (mayWithdraw) throw new CheckError(refusalOf(terms.account, access.exchange));
      if (!mayTrade) throw new CheckError("the key may not trade: give it that right at the venue");
      return { evidence: "the venue says so" };
    },
  },
  {
    name: CHECK_NAMES.stream,
    async run(trial) {
      const isUp = (event: VenueEvent): event is Extract<VenueEvent, { type: "account" }> =>
        event.type === "account" && event.status === "up";
      const startedAtUs = trial.nowUs();
      await trial.next("the private stream", isUp, UP_WITHIN_MS);
      return { evidence: `after ${Math.round((trial.nowUs() - startedAtUs) / 1_000)} ms` };
    },
  },
  {
    name: CHECK_NAMES.terms,
    async run({ definition }) {
      const { symbol, status, tick, lot, sizeMinLots, notionalMinQuote, quote } = definition;
      if (status !== "TRADING") throw new CheckError(`${symbol} is ${status}`);
      const least = notionalMinQuote === undefined ? "" : `, at least ${notionalMinQuote} ${quote}`;
      return { evidence: `${symbol}: tick ${tick}, lot ${lot}, at least ${sizeMinLots} lots${least}` };
    },
  },
  {
    name: CHECK_NAMES.book,
    async run(trial) {
      const { bidTicks, askTicks } = await trial.quote();
      const { priceText } = trial.grid;
      return { evidence: `${priceText(bidTicks)} bid, ${priceText(askTicks)} offered` };
    },
  },
  {
    name: CHECK_NAMES.alone,
    async run(trial) {
      const { ours, elsewhere, others } = await trial.openOrders();
      if (others.length > 0)
        throw new CheckError(
          `${others.length} rest, ${others.slice(0, 3).join(", ")}: everything is canceled at one point of this, so use an account without orders`,
        );
      if (elsewhere.length > 0)
        throw new CheckError(`an earlier trial left ${elsewhere.join(", ")}: cancel that at the venue`);
      // Before the first order: what differs at the very end is named there.
      await readBalances(trial);
      return { evidence: ours.length === 0 ? "none rests" : `${ours.length} of an earlier trial do` };
    },
  },
];
