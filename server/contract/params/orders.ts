/** When a quote is moved, and when an answer is overdue. */
import { z } from "zod";
import { ACCOUNT, EVERYWHERE, atLeastZero, param } from "./param.ts";

export const ORDER_PARAMS = {
  requoteToleranceK: param(atLeastZero(2).default(0.2), {
    label: "Requote tolerance",
    group: "Orders",
    unit: "of 1/k",
    help: "A quote is moved once it is this far from where it should be (at least one tick), or further while the venue's count of requests is strained or asks much for the move.",
    levels: EVERYWHERE,
  }),
  quoteLifeMinMs: param(z.int().min(0).max(60_000).default(250), {
    label: "Minimum quote life",
    group: "Orders",
    unit: "ms",
    help: "A quote is not moved sooner, unless the move reduces risk. Under strategy-document also the horizon of the volatility in its half-spread.",
    levels: EVERYWHERE,
  }),
  unknownAfterMs: param(z.int().min(50).max(60_000).default(1_000), {
    label: "Answer time-out",
    group: "Orders",
    unit: "ms",
    help: "A request without an answer for this long is UNKNOWN and the venue is asked.",
    levels: ACCOUNT,
  }),
} as const;
