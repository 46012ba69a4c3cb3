/** Orders over the v2 socket under a token, and the same over REST. Amendments change an order in place, by our id. */
import type { CcxtInstance } from "../../gateway/ccxt.ts";
import type { EntryProtocol, PlaceTerms } from "../exchange.ts";
import { AnswerError, isRecord, listOf, recordOf, textAt } from "../fields.ts";

export const krakenEntry: EntryProtocol = {
  async open(instance) {
    const token = await instance.authenticate?.();
    if (typeof token !== "string") throw new AnswerError("kraken gave no token for its sockets");
    const client = instance.client(socketUrl(instance));
    await client.connect();
    return { client, token };
  },
  place: (terms) => ({
    socket: {
      method: "add_order",
      params: {
        order_type: "limit",
        side: terms.side,
        symbol: terms.symbol,
        order_qty: terms.size,
        limit_price: terms.price,
        cl_ord_id: terms.clientId,
        ...(terms.timeInForce === "POST_ONLY" ? { post_only: true } : { time_in_force: "ioc" }),
        stp_type: terms.selfTrade === "EXPIRE_TAKER" ? "cancel_newest" : "cancel_oldest",
        deadline: deadlineOf(terms),
      },
    },
    rest: {
      endpoint: "privatePostAddOrder",
      params: {
        pair: terms.marketId,
        type: terms.side,
        ordertype: "limit",
        volume: terms.size,
        price: terms.price,
        cl_ord_id: terms.clientId,
        ...(terms.timeInForce === "POST_ONLY" ? { oflags: "post" } : { timeinforce: "IOC" }),
        stptype: terms.selfTrade === "EXPIRE_TAKER" ? "cancel-newest" : "cancel-oldest",
        deadline: deadlineOf(terms),
      },
    },
  }),
  amend: (terms) => ({
    socket: {
      method: "amend_order",
      params: {
        cl_ord_id: terms.clientId,
        order_qty: terms.size,
        limit_price: terms.price,
        post_only: true,
        deadline: deadlineOf(terms),
      },
    },
    rest: {
      endpoint: "privatePostAmendOrder",
      params: {
        cl_ord_id: terms.clientId,
        order_qty: terms.size,
        limit_price: terms.price,
        post_only: "true",
        deadline: deadlineOf(terms),
      },
    },
  }),
  cancel: ({ clientId, venueOrderId }) => ({
    socket: {
      method: "cancel_order",
      params: clientId === undefined ? { order_id: [venueOrderId] } : { cl_ord_id: [clientId] },
    },
    rest: {
      endpoint: "privatePostCancelOrder",
      params: clientId === undefined ? { txid: venueOrderId } : { cl_ord_id: clientId },
    },
  }),
  frame: (_instance, { token }, { method, params }, id) =>
    withPlainNumbers(JSON.stringify({ method, params: { ...recordOf(params), token }, req_id: id })),
  readAnswer(message) {
    if (!isRecord(message) || message["req_id"] === undefined || message["method"] === undefined)
      return undefined;
    const id = Number(message["req_id"]);
    if (!Number.isSafeInteger(id)) return undefined;
    const ok = message["success"] === true;
    return { id, ok, body: ok ? message["result"] : message };
  },
  readOrder(answer) {
    const body = recordOf(answer);
    const result = recordOf(body["result"] ?? body);
    const listed = listOf(result["txid"])[0];
    return {
      clientId: textAt(result, "cl_ord_id"),
      venueOrderId: typeof listed === "string" ? listed : textAt(result, "order_id"),
    };
  },
  cancelAll: {
    kind: "calls",
    calls: () => [
      {
        socket: { method: "cancel_all", params: {} },
        rest: { endpoint: "privatePostCancelAll", params: {} },
      },
    ],
  },
};

function socketUrl(instance: CcxtInstance): string {
  const url = recordOf(recordOf(instance.urls.api)["ws"])["privateV2"];
  if (typeof url !== "string") throw new Error("invariant: ccxt's kraken has no URL of its private socket");
  return url;
}

function deadlineOf({ expiresAtMs }: Pick<PlaceTerms, "expiresAtMs">): string {
  return new Date(Math.floor(expiresAtMs)).toISOString();
}

/** Its sockets want sizes and prices as JSON numbers: ours are written digit by digit, and never were one. */
function withPlainNumbers(json: string): string {
  return json.replaceAll(/"(order_qty|limit_price)":"(\d+(?:\.\d+)?)"/g, '"$1":$2');
}
