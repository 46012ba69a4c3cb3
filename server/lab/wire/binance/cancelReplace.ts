/**
 * Cancel-replace, the venue's way to change an order: a cancel and a new order in one request, not at once. Either half
 * can fail by itself, and the answer tells both.
 */
import { rejectedReport } from "./executionReports.ts";
import type { SignedMethod } from "./methods.ts";
import { cancel, place } from "./orders.ts";
import { ORDER_PARAMS, parseTerms } from "./orderTerms.ts";
import { clientIdText, needText, oneOf } from "./params.ts";
import { insufficientBalance, missingParam, Refusal } from "./refusal.ts";

const MODES = ["STOP_ON_FAILURE", "ALLOW_FAILURE"] as const;

export const cancelReplace: SignedMethod = {
  security: "TRADE",
  params: [
    ...ORDER_PARAMS,
    "cancelReplaceMode",
    "cancelOrderId",
    "cancelOrigClientOrderId",
    "cancelNewClientOrderId",
    "cancelRestrictions",
  ],
  weight: 1,
  isOrder: true,
  run: (venue, params, signer) => {
    const { account } = signer.key;
    needText(params, "cancelReplaceMode");
    const mode = oneOf(params, "cancelReplaceMode", MODES, () => missingParam("cancelReplaceMode"));
    // Filters and the order count are looked at before anything is cancelled.
    const terms = parseTerms(venue, params, signer.expiresAtUs);
    venue.limits.checkOrder(account);
    const cancelId = clientIdText(params, "cancelNewClientOrderId") ?? venue.nextClientId();
    const names = { orderId: "cancelOrderId", clientId: "cancelOrigClientOrderId" };
    const canceled = attempt(() => cancel(venue, account, terms.market, { ...names, params, cancelId }));
    if (!canceled.ok && mode === "STOP_ON_FAILURE") {
      venue.limits.countOrder(account);
      throw replaceFailed(canceled, undefined);
    }
    const placed = attempt(() => {
      if (canceled.ok && venue.faults.take("partialBatch")) throw insufficientBalance();
      return place(venue, account, terms);
    });
    if (canceled.ok && placed.ok)
      return {
        cancelResult: "SUCCESS",
        newOrderResult: "SUCCESS",
        cancelResponse: canceled.result,
        newOrderResponse: placed.result,
      };
    if (canceled.ok && !placed.ok)
      venue.users.tell(
        account,
        rejectedReport(terms.market, terms.request, String(placed.refusal.code), venue.nowMs()),
      );
    throw replaceFailed(canceled, placed);
  },
};

type Attempt =
  { readonly ok: true; readonly result: object } | { readonly ok: false; readonly refusal: Refusal };

function attempt(run: () => object): Attempt {
  try {
    return { ok: true, result: run() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, refusal: error };
  }
}

/** 409 when one half was done, 400 when none was. Without `placed` the new order was not attempted. */
function replaceFailed(canceled: Attempt, placed: Attempt | undefined): Refusal {
  const isPartial = canceled.ok || placed?.ok === true;
  const data = {
    cancelResult: resultOf(canceled),
    newOrderResult: placed === undefined ? "NOT_ATTEMPTED" : resultOf(placed),
    cancelResponse: responseOf(canceled),
    newOrderResponse: placed === undefined ? null : responseOf(placed),
  };
  return isPartial
    ? new Refusal(409, -2021, "Order cancel-replace partially failed.", { data })
    : new Refusal(400, -2022, "Order cancel-replace failed.", { data });
}

function resultOf({ ok }: Attempt): "SUCCESS" | "FAILURE" {
  return ok ? "SUCCESS" : "FAILURE";
}

function responseOf(attempted: Attempt): object {
  return attempted.ok ? attempted.result : attempted.refusal.body();
}
