/** How the scenarios of parameters are played. */
import { LEVEL_LOTS, START_TICKS, type ParameterDesk, type Script } from "./parameterDesk.ts";

/** Volatility is known after 21 seconds; the quotes that rest at the end are those of the last one. */
export const WARM_UP_S = 24;

export const flat = (desk: ParameterDesk): void => desk.run(WARM_UP_S);

export function long(base: number): (desk: ParameterDesk) => void {
  return (desk) => {
    desk.hold(base);
    desk.run(WARM_UP_S);
  };
}

export function after(seconds: number, script: Script): (desk: ParameterDesk) => void {
  return (desk) => {
    desk.run(WARM_UP_S);
    desk.run(seconds, script);
  };
}

/** Only the second venue moves, up by a basis point a second. */
export const oneLeads: Script = (venue, second) => (venue === 1 ? second - WARM_UP_S : "quiet");
export const jump: Script = () => 12;

/** Sellers at the first venue, and none who buys. */
export function pressed(desk: ParameterDesk): void {
  flat(desk);
  for (let i = 0; i < 60; i++) desk.trade(0, "sell", START_TICKS - 100, 1_000);
  desk.run(1);
}

/** Bids that are hit at the first venue before the price falls: nothing is lost in a second, and much in five. */
export function pickedOff(desk: ParameterDesk): void {
  desk.run(WARM_UP_S, () => 0);
  for (let i = 0; i < 40; i++) desk.fillQuote(0, "buy", 10);
  desk.run(3, () => 0);
  desk.run(8, () => -3);
}

/** Every book is confirmed while the quotes stand. */
export function confirmed(desk: ParameterDesk): void {
  desk.alive = true;
  flat(desk);
}

/** At the first venue the side with the heavier size is where the mid goes next, and it ends with a heavy bid. */
export function lopsided(desk: ParameterDesk): void {
  const heavy = 9 * LEVEL_LOTS;
  const at = (mid: number, lots: number[]): void => desk.book(0, mid - 100, mid + 100, lots);
  for (let second = 0; second < WARM_UP_S + 12; second++) {
    for (let i = 0; i < 20; i++) {
      at(START_TICKS, [heavy, LEVEL_LOTS]);
      at(START_TICKS + 100, [LEVEL_LOTS, LEVEL_LOTS]);
      at(START_TICKS + 100, [LEVEL_LOTS, heavy]);
      at(START_TICKS, [LEVEL_LOTS, LEVEL_LOTS]);
    }
    at(START_TICKS, [heavy, LEVEL_LOTS]);
    desk.run(1, (venue) => (venue === 0 ? "quiet" : 0));
  }
}
