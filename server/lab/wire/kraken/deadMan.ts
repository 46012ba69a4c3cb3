/** The dead-man's switch: all orders of an account are cancelled unless it is refreshed in time. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { VenueCore } from "../ports.ts";

/** As documented: less than a day. */
export const TIMEOUT_MAX_SECONDS = 86_400;

export interface DeadMan {
  /** 0 turns it off. The instant at which it fires by the venue's clock, undefined when it is off. */
  set(account: number, timeoutSeconds: number): number | undefined;
  /** Accounts whose time is over; for each it is off from then on. */
  due(): number[];
}

export function createDeadMan({ nowUs, steadyUs }: Pick<VenueCore, "nowUs" | "steadyUs">): DeadMan {
  /** By the steady clock. */
  const firesAtUs = new Map<number, number>();
  return {
    set(account, timeoutSeconds) {
      firesAtUs.delete(account);
      if (timeoutSeconds === 0) return undefined;
      const lastsUs = timeoutSeconds * MICROS_PER_SECOND;
      firesAtUs.set(account, steadyUs() + lastsUs);
      return nowUs() + lastsUs;
    },
    due() {
      if (firesAtUs.size === 0) return [];
      const over = [...firesAtUs].filter(([, atUs]) => steadyUs() >= atUs).map(([account]) => account);
      for (const account of over) firesAtUs.delete(account);
      return over;
    },
  };
}
