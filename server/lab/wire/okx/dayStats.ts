/** What the last 24 hours traded, by the hour: a trade leaves between 23 and 24 hours after it. In ticks and lots. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { PublicTrade } from "../ports.ts";

export interface DayStats {
  add(trade: PublicTrade): void;
  /** Undefined before a first trade. */
  read(nowUs: number): DaySummary | undefined;
  /** After a change of tick or lot: nothing before it can be compared. */
  clear(): void;
}

export interface DaySummary {
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly lots: number;
  readonly tickLots: bigint;
  /** Of the day by UTC, and by UTC+8. */
  readonly openUtc0Ticks: number;
  readonly openUtc8Ticks: number;
  readonly last: PublicTrade;
}

interface Hour {
  readonly hour: number;
  readonly openTicks: number;
  highTicks: number;
  lowTicks: number;
  lots: number;
  tickLots: bigint;
}

const HOUR_US = 3_600 * MICROS_PER_SECOND;
const HOURS_KEPT = 24;

export function createDayStats(): DayStats {
  /** Oldest first, at most 24. */
  let hours: Hour[] = [];
  let last: PublicTrade | undefined;
  return {
    add(trade) {
      const { atUs, priceTicks, sizeLots } = trade;
      const hour = Math.floor(atUs / HOUR_US);
      const value = BigInt(priceTicks) * BigInt(sizeLots);
      last = trade;
      const now = hours.at(-1);
      if (now === undefined || now.hour < hour) {
        hours.push({
          hour,
          openTicks: priceTicks,
          highTicks: priceTicks,
          lowTicks: priceTicks,
          lots: sizeLots,
          tickLots: value,
        });
        hours = hours.slice(-HOURS_KEPT);
        return;
      }
      now.highTicks = Math.max(now.highTicks, priceTicks);
      now.lowTicks = Math.min(now.lowTicks, priceTicks);
      now.lots += sizeLots;
      now.tickLots += value;
    },
    read(nowUs) {
      const since = Math.floor(nowUs / HOUR_US) - HOURS_KEPT;
      const kept = hours.filter(({ hour }) => hour > since);
      const [first] = kept;
      if (last === undefined) return undefined;
      const openOf = (offsetHours: number): number => {
        const dayStart = Math.floor((nowUs / HOUR_US + offsetHours) / 24) * 24 - offsetHours;
        return kept.find(({ hour }) => hour >= dayStart)?.openTicks ?? lastTicks;
      };
      const lastTicks = last.priceTicks;
      return {
        openTicks: first?.openTicks ?? lastTicks,
        highTicks: Math.max(...kept.map((hour) => hour.highTicks), kept.length > 0 ? 0 : lastTicks),
        lowTicks: Math.min(...kept.map((hour) => hour.lowTicks), kept.length > 0 ? Infinity : lastTicks),
        lots: kept.reduce((sum, hour) => sum + hour.lots, 0),
        tickLots: kept.reduce((sum, hour) => sum + hour.tickLots, 0n),
        openUtc0Ticks: openOf(0),
        openUtc8Ticks: openOf(8),
        last,
      };
    },
    clear() {
      hours = [];
      last = undefined;
    },
  };
}
