/** The dead-man's switch: a countdown that cancels the orders of an account, or those of one tag, when it runs out. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import { wholeNumber, wrong } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { BY_COUNTDOWN, causing } from "./okxVenue.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { msText } from "./text.ts";

export interface DeadMan {
  /** Starts, restarts or (0 seconds) ends a countdown. */
  set(account: number, fields: Fields): Countdown | Refusal;
  /** Cancels what has run out. */
  tick(): void;
}

export interface Countdown {
  readonly triggerTime: string;
  readonly tag: string;
  readonly ts: string;
}

const TIMEOUT_S = { min: 10, max: 120 };
/** Of one account. */
const TAGS_MAX = 20;

export function createDeadMan(venue: OkxVenue): DeadMan {
  /** When they run out by the steady clock. By account, then by tag; the empty tag is for all orders. */
  const countdowns = new Map<number, Map<string, number>>();
  return {
    set(account, { timeOut, tag = "" }) {
      const seconds = wholeNumber(timeOut);
      if (seconds === undefined) return wrong("timeOut");
      if (seconds !== 0 && (seconds < TIMEOUT_S.min || seconds > TIMEOUT_S.max)) return wrong("timeOut");
      if (!/^[A-Za-z0-9]{0,16}$/.test(tag)) return wrong("tag");
      const own = countdowns.get(account) ?? new Map<string, number>();
      const nowUs = venue.core.nowUs();
      const lastsUs = seconds * MICROS_PER_SECOND;
      if (seconds === 0) own.delete(tag);
      else if (!own.has(tag) && own.size >= TAGS_MAX) return refuse("51071");
      else own.set(tag, venue.core.steadyUs() + lastsUs);
      countdowns.set(account, own);
      return { triggerTime: seconds === 0 ? "0" : msText(nowUs + lastsUs), tag, ts: msText(nowUs) };
    },
    tick() {
      const nowUs = venue.core.steadyUs();
      for (const [account, own] of countdowns)
        for (const [tag, atUs] of own) {
          if (nowUs < atUs) continue;
          own.delete(tag);
          causing(venue, BY_COUNTDOWN, () => cancelAll(venue, account, tag));
        }
    },
  };
}

function cancelAll({ core, orders }: OkxVenue, account: number, tag: string): void {
  if (tag === "") return void core.cancelAll(account);
  for (const order of core.openOrders(account))
    if (orders.extras(account, order).tag === tag) core.cancel(account, { clientId: order.clientId });
}
