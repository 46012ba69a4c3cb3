/** What a private REST method is: who may call it, what it costs, and what it does. */
import type { WireKey } from "../ports.ts";
import type { Json } from "./json.ts";
import type { Checked, Params } from "./params.ts";
import type { KrakenVenue } from "./venue.ts";

export interface PrivateCall {
  readonly key: WireKey;
  readonly account: number;
  readonly nonce: string;
  readonly params: Params;
}

export interface PrivateMethod {
  /** On the REST call counter. */
  readonly cost: number;
  readonly needs: "query" | "trade" | "withdraw";
  readonly run: (venue: KrakenVenue, call: PrivateCall) => Checked<Json>;
  /** A request that places or changes orders: the fault of an answer that is wrong is about these. */
  readonly isEntry?: boolean;
}
