/** Orders over a private socket: the same as over REST, with the answer under the request's id. */
import type { WireKey } from "../ports.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import type { OrderAction } from "./limits.ts";
import { runOrders } from "./orderCalls.ts";
import type { OrderAnswer } from "./orderCalls.ts";
import type { OkxVenue } from "./okxVenue.ts";
import type { SocketRequest } from "./socket.ts";

const OPS: Readonly<Record<string, { readonly action: OrderAction; readonly isSingle: boolean }>> = {
  order: { action: "place", isSingle: true },
  "batch-orders": { action: "place", isSingle: false },
  "cancel-order": { action: "cancel", isSingle: true },
  "batch-cancel-orders": { action: "cancel", isSingle: false },
  "amend-order": { action: "amend", isSingle: true },
  "batch-amend-orders": { action: "amend", isSingle: false },
};

/** The message that answers the request. */
export function answerOrder(venue: OkxVenue, key: WireKey, request: SocketRequest): object {
  const { id, op } = request;
  const inTime = String(venue.core.nowUs());
  const outcome = run(venue, key, request);
  const { code, msg, data } = "message" in outcome ? { ...outcome, msg: outcome.message, data: [] } : outcome;
  return { id, op, code, msg, data, inTime, outTime: String(venue.core.nowUs()) };
}

function run(venue: OkxVenue, key: WireKey, { op, args, expTime }: SocketRequest): OrderAnswer | Refusal {
  if (venue.faults.isIn("ban")) return refuse("50011");
  if (venue.faults.isIn("maintenance")) return refuse("50001");
  const known = OPS[op];
  // Mass cancel is for options of market makers alone.
  if (known === undefined) return refuse("51411");
  if (known.isSingle && args.length !== 1) return refuse("51000", "args");
  return runOrders(venue, { action: known.action, key, items: args, expTime });
}
