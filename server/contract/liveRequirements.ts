/**
 * What has to be there before a desk with real venues may be armed. Each requirement leaves this list with the part
 * that brings it and the check that it is in force; until then such a desk watches, reconciles, and places nothing.
 */
export const LIVE_REQUIREMENTS_MISSING = [
  { name: "guard", text: "an independent stop in a process of its own, with keys of its own" },
  { name: "day reconciliation", text: "the day's books compared with the venues' and signed off" },
  { name: "roles", text: "people with names and rights instead of one start token" },
  { name: "certificate", text: "the venue suite passed on the real venue with this ccxt version" },
] as const;
