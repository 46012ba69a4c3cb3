/**
 * Orders over the private socket after its login, and the same over REST. Sockets name an instrument by its number, and
 * carry the expiry beside the order; over REST it is a header. There is no cancel-all: what is listed is canceled.
 */
import type { CcxtInstance, SignedRequest } from "../../gateway/ccxt.ts";
import type { EntryProtocol, EntryRequest } from "../exchange.ts";
import { isRecord, listOf, recordOf, textAt } from "../fields.ts";

export const okxEntry: EntryProtocol = {
  async open(instance) {
    await instance.authenticate?.();
    const url = recordOf(instance.urls.api)["ws"];
    return { client: instance.client(`${String(url)}/private`) };
  },
  place(terms) {
    const order = {
      tdMode: "cash",
      side: terms.side,
      ordType: terms.timeInForce === "POST_ONLY" ? "post_only" : "ioc",
      px: terms.price,
      sz: terms.size,
      clOrdId: terms.clientId,
      stpMode: terms.selfTrade === "EXPIRE_TAKER" ? "cancel_taker" : "cancel_maker",
    };
    return both("order", "privatePostTradeOrder", terms, order, terms.expiresAtMs);
  },
  amend: (terms) =>
    both(
      "amend-order",
      "privatePostTradeAmendOrder",
      terms,
      { clOrdId: terms.clientId, newPx: terms.price, newSz: terms.size },
      terms.expiresAtMs,
    ),
  cancel: (terms) =>
    both(
      "cancel-order",
      "privatePostTradeCancelOrder",
      terms,
      terms.clientId === undefined ? { ordId: terms.venueOrderId } : { clOrdId: terms.clientId },
    ),
  frame: (_instance, _session, request, id) => ({ id: String(id), ...request }),
  readAnswer(message) {
    if (!isRecord(message) || message["id"] === undefined) return undefined;
    const id = Number(message["id"]);
    if (!Number.isSafeInteger(id)) return undefined;
    return { id, ok: textAt(message, "code") === "0", body: message };
  },
  readOrder(answer) {
    const row = recordOf(listOf(recordOf(answer)["data"])[0]);
    return { clientId: textAt(row, "clOrdId"), venueOrderId: textAt(row, "ordId") };
  },
  cancelAll: {
    kind: "listed",
    batchMax: 20,
    batch: (orders) => ({
      rest: {
        endpoint: "privatePostTradeCancelBatchOrders",
        params: orders.map(({ marketId, venueOrderId }) => ({ instId: marketId, ordId: venueOrderId })),
      },
    }),
  },
};

function both(
  op: string,
  endpoint: string,
  {
    marketId,
    marketInfo,
  }: { readonly marketId: string; readonly marketInfo: Readonly<Record<string, unknown>> },
  order: Record<string, unknown>,
  expiresAtMs?: number,
): EntryRequest {
  const code = Number(marketInfo["instIdCode"]);
  const expiry = expiresAtMs === undefined ? {} : { expTime: String(Math.floor(expiresAtMs)) };
  const market = Number.isSafeInteger(code) ? { instIdCode: code } : { instId: marketId };
  return {
    socket: { op, ...expiry, args: [{ ...market, ...order }] },
    rest: { endpoint, params: { instId: marketId, ...order, ...expiry } },
  };
}

/** ccxt signs headers of its own and takes no others: a parameter of this name becomes one. */
const EXPIRY_PARAM = "expTime";

export function sendExpiryAsHeader(instance: CcxtInstance): void {
  const sign = instance.sign.bind(instance);
  instance.sign = (path, api, method, params, headers, body): SignedRequest => {
    const expiry = textAt(recordOf(params), EXPIRY_PARAM);
    if (expiry === undefined) return sign(path, api, method, params, headers, body);
    const rest = { ...recordOf(params) };
    delete rest[EXPIRY_PARAM];
    const signed = sign(path, api, method, rest, headers, body);
    return { ...signed, headers: { ...signed.headers, [EXPIRY_PARAM]: expiry } };
  };
}
