/** From freest to strictest; of the states that apply to a side the strictest wins. */
export const TRADING_STATES = ["ACTIVE", "REDUCE_ONLY", "PAUSED", "DISARMED", "KILLED"] as const;
export type TradingState = (typeof TRADING_STATES)[number];
