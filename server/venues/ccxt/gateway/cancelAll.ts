/** Ends every order of the account, in the way the venue has; again until it has said so, a few times. */
import type { Exchange, RepeatableRequest } from "../exchanges/exchange.ts";
import type { Charge, RequestBudget } from "../ports.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { pause, withDeadline } from "./deadline.ts";
import { describeError } from "./describeError.ts";
import { classify } from "./taxonomy.ts";
import type { Listed } from "./tracker.ts";
import type { Wire } from "./wire.ts";

const ATTEMPTS_MAX = 3;
const RETRY_MS = 100;
const WAIT_MAX_MS = 2_000;
const LIST_WITHIN_MS = 2_000;
const ANSWER_WITHIN_MS = 2_000;

export interface CancelAllOptions {
  readonly exchange: Exchange;
  readonly instance: CcxtInstance;
  readonly wire: Pick<Wire, "insist">;
  readonly budget: Pick<RequestBudget, "takeAll">;
  readonly listed: readonly Listed[];
  readonly log: (text: string, fields: Readonly<Record<string, string>>) => void;
}

/**
 * Resolves when the venue has answered for all of it, or has not after a few attempts: the engine asks what is left.
 */
export async function cancelAll(options: CancelAllOptions): Promise<void> {
  const { exchange, listed, log } = options;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    try {
      const { cancelAll: way } = exchange.entry;
      if (way.kind === "calls") {
        const calls = way.calls(listed.map(({ marketId }) => marketId));
        await Promise.all(calls.map((request) => send(options, request, "")));
        return;
      }
      if (await cancelListed(options, way)) return;
    } catch (error) {
      log("a cancel of everything has no answer", { error: describeError(error) });
    }
    await pause(RETRY_MS);
  }
}

/** True when the venue lists nothing. */
async function cancelListed(
  options: CancelAllOptions,
  way: Extract<Exchange["entry"]["cancelAll"], { kind: "listed" }>,
): Promise<boolean> {
  const { exchange, instance, budget } = options;
  await budget.takeAll("cancel", exchange.limits.read("openOrders"), WAIT_MAX_MS);
  const open = await withDeadline(exchange.reads.openOrders(instance), LIST_WITHIN_MS);
  if (open.length === 0) return true;
  const batches = [];
  for (let from = 0; from < open.length; from += way.batchMax)
    batches.push(open.slice(from, from + way.batchMax));
  await Promise.all(batches.map((batch) => send(options, way.batch(batch), batch[0]?.marketId ?? "")));
  return false;
}

async function send(
  { exchange, wire, budget }: CancelAllOptions,
  request: RepeatableRequest,
  marketId: string,
): Promise<void> {
  const charges: readonly Charge[] = exchange.limits.entry("cancelAll", { marketId, ageMs: 0 });
  await budget.takeAll("cancel", charges, WAIT_MAX_MS);
  try {
    await wire.insist(request, ANSWER_WITHIN_MS);
  } catch (error) {
    const verdict = classify(exchange, error);
    // Nothing was open there.
    if (verdict.kind === "refused" && verdict.reason === "UNKNOWN_ORDER") return;
    throw error;
  }
}
