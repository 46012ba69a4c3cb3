/**
 * Orders over the WebSocket API, where each frame is signed for itself, and the same over REST. An amendment is
 * `cancelReplace`: a cancel and a new order under a new client id, which can stop half-way.
 */
import type { CcxtInstance } from "../../gateway/ccxt.ts";
import type { AmendTerms, EntryProtocol, PlaceTerms } from "../exchange.ts";
import { isRecord, recordOf, textAt, textIn } from "../fields.ts";
import { ownErrors } from "./answers.ts";
import { readOrderNews } from "./orderRows.ts";

export const binanceEntry: EntryProtocol = {
  async open(instance) {
    const client = instance.client(socketUrl(instance));
    await client.connect();
    return { client };
  },
  place: (terms) => both("order.place", "privatePostOrder", placeParams(terms)),
  amend: (terms) => both("order.cancelReplace", "privatePostOrderCancelReplace", amendParams(terms)),
  cancel: ({ marketId, clientId, venueOrderId }) =>
    both("order.cancel", "privateDeleteOrder", {
      symbol: marketId,
      ...(clientId === undefined ? { orderId: venueOrderId } : { origClientOrderId: clientId }),
    }),
  frame(instance, _session, request, id) {
    if (instance.signParams === undefined) throw new Error("invariant: ccxt's binance does not sign frames");
    const { method, params } = request;
    return { id: String(id), method, params: instance.signParams({ ...recordOf(params) }) };
  },
  readAnswer(message) {
    if (!isRecord(message) || message["status"] === undefined) return undefined;
    const id = Number(message["id"]);
    if (!Number.isSafeInteger(id)) return undefined;
    const ok = message["error"] === undefined && Number(message["status"]) === 200;
    return { id, ok, body: ok ? message["result"] : message["error"] };
  },
  readOrder(answer) {
    const answered = recordOf(answer);
    if (answered["newOrderResponse"] === undefined) return readOrderNews(answered);
    const canceled = recordOf(answered["cancelResponse"]);
    return {
      ...readOrderNews(recordOf(answered["newOrderResponse"])),
      replacedFilled: textAt(canceled, "executedQty"),
    };
  },
  readHalfAmended(answer) {
    const data = recordOf(recordOf(answer)["data"]);
    if (data["cancelResult"] !== "SUCCESS") return undefined;
    return {
      filled: textIn(recordOf(data["cancelResponse"]), "executedQty"),
      errors: data["newOrderResult"] === "FAILURE" ? ownErrors(recordOf(data["newOrderResponse"])) : [],
    };
  },
  cancelAll: {
    kind: "calls",
    calls: (marketIds) =>
      marketIds.map((symbol) => ({ rest: { endpoint: "privateDeleteOpenOrders", params: { symbol } } })),
  },
};

function socketUrl(instance: CcxtInstance): string {
  const url = recordOf(recordOf(recordOf(instance.urls.api)["ws"])["ws-api"])["spot"];
  if (typeof url !== "string") throw new Error("invariant: ccxt's binance has no URL of its WebSocket API");
  return url;
}

function both(method: string, endpoint: string, params: Record<string, unknown>) {
  return { socket: { method, params }, rest: { endpoint, params } };
}

function placeParams(terms: PlaceTerms): Record<string, unknown> {
  return {
    symbol: terms.marketId,
    side: terms.side.toUpperCase(),
    ...(terms.timeInForce === "POST_ONLY" ? { type: "LIMIT_MAKER" } : { type: "LIMIT", timeInForce: "IOC" }),
    price: terms.price,
    quantity: terms.size,
    newClientOrderId: terms.clientId,
    newOrderRespType: "RESULT",
    selfTradePreventionMode: terms.selfTrade,
    recvWindow: Math.max(1, Math.floor(terms.expiresAtMs - terms.nowMs)),
  };
}

function amendParams(terms: AmendTerms): Record<string, unknown> {
  return {
    ...placeParams({ ...terms, clientId: terms.newClientId }),
    cancelReplaceMode: "STOP_ON_FAILURE",
    cancelOrigClientOrderId: terms.clientId,
  };
}
