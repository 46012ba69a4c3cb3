/** The venue's answer for one order of a request. */
import type { OrderRef } from "../ports.ts";
import type { Refusal } from "./codes.ts";
import type { Fields } from "./fields.ts";

export interface Outcome {
  readonly ok: boolean;
  /** Code 0 without a message when it was done. */
  readonly code: string;
  readonly message: string;
  readonly ordId: string;
  readonly clOrdId: string;
  readonly tag: string;
  readonly reqId: string;
}

export function accepted({ clOrdId = "", tag = "", reqId = "" }: Fields, ordId: string): Outcome {
  return { ok: true, code: "0", message: "", ordId, clOrdId, tag, reqId };
}

export function refused(
  { ordId = "", clOrdId = "", tag = "", reqId = "" }: Fields,
  refusal: Refusal,
): Outcome {
  return { ok: false, ...refusal, ordId, clOrdId, tag, reqId };
}

/** By the venue's id where both are given. Ids that no client can have chosen name nothing. */
export function refOf({ ordId, clOrdId }: Fields): OrderRef | undefined {
  if (ordId !== undefined) return { venueOrderId: ordId };
  return clOrdId !== undefined && /^[A-Za-z0-9]+$/.test(clOrdId) ? { clientId: clOrdId } : undefined;
}
