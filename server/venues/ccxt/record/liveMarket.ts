/** Public market data of one venue without a desk: what it lists, and then every event of it, none of them merged. */
import { UserError } from "../../../contract/errors.ts";
import { Instrument, VenueAccount } from "../../../contract/instrument.ts";
import { exchangeOf } from "../exchanges/registry.ts";
import { createBudget } from "../gateway/budget.ts";
import { withDeadline } from "../gateway/deadline.ts";
import { describeError } from "../gateway/describeError.ts";
import { closeInstance, createInstance } from "../gateway/instance.ts";
import { adoptTerms } from "../market/definitions.ts";
import { createMarketSide } from "../market/marketSide.ts";
import { marketProtocolOf } from "../market/protocols/registry.ts";
import type { ExchangeId, GatewayContext, VenueAccess } from "../ports.ts";
import type { VenueEvent } from "../../venue.ts";

/** Whatever ccxt makes of an answer that never ends. */
const ANSWER_WITHIN_MS = 10_000;

export interface LiveMarketOptions {
  readonly exchange: ExchangeId;
  /** Such as `BTC/USDT`. */
  readonly symbols: readonly string[];
  /** Where the venue is reached; absent: the real one. */
  readonly origin: string | undefined;
  readonly nowUs: () => number;
  readonly onEvent: (event: VenueEvent) => void;
  readonly log: GatewayContext["log"];
}

export interface LiveMarket {
  /** In the order of the symbols; events count them so. */
  readonly definitions: readonly Instrument[];
  stop(): Promise<void>;
}

/** Throws a UserError when the venue does not answer, or does not list a symbol. */
export async function openLiveMarket(options: LiveMarketOptions): Promise<LiveMarket> {
  const { exchange, symbols, origin, nowUs, onEvent, log } = options;
  const access: VenueAccess = { exchange, origin, credentials: undefined };
  const definitions = await readDefinitions(access, symbols, nowUs);
  const budget = createBudget({ scopes: exchangeOf(exchange).limits.scopes, nowUs, speed: 1 });
  const side = createMarketSide({
    account: 0,
    terms: VenueAccount.parse({
      account: exchange,
      venue: exchange,
      fees: { name: "none", makerFrac: 0, takerFrac: 0 },
      amend: "none",
    }),
    instruments: definitions.map((definition, index) => ({ index, definition })),
    assets: [],
    deskCode: "",
    access,
    clock: undefined,
    budget,
    nowUs,
    log,
    connection: () => undefined,
    emit(event) {
      onEvent(event);
      // Taken at once: no book is ever merged with the next.
      if (event.type === "book") side.consumed(event.instrument);
    },
  });
  const stop = async (): Promise<void> => {
    await side.stop();
    budget.stop();
  };
  try {
    await side.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { definitions, stop };
}

/** What the venue lists, in the order of the symbols. Throws a UserError as `openLiveMarket` does. */
export async function readDefinitions(
  access: VenueAccess,
  symbols: readonly string[],
  nowUs: () => number,
): Promise<Instrument[]> {
  const wanted = symbols.map((symbol) => draftInstrument(access.exchange, symbol));
  const protocol = marketProtocolOf(access.exchange);
  const instance = await createInstance({ exchange: exchangeOf(access.exchange), access, nowUs });
  try {
    const terms = await withDeadline(protocol.fetchTerms(instance, wanted), ANSWER_WITHIN_MS);
    return wanted.map((instrument) => {
      const listed = terms.get(protocol.symbolOf(instrument));
      if (listed === undefined) throw new UserError(`${access.exchange} does not list ${instrument.symbol}`);
      return { ...(adoptTerms(instrument, listed) ?? instrument), version: 1 };
    });
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${access.exchange} does not say what it lists: ${describeError(cause)}`, { cause });
  } finally {
    await closeInstance(instance);
  }
}

/** With steps that the venue's own take the place of. Throws a UserError for what is no symbol of a spot market. */
export function draftInstrument(account: string, symbol: string): Instrument {
  const [base = "", quote = ""] = symbol.split("/");
  const parsed = Instrument.safeParse({
    account,
    symbol,
    kind: "spot",
    base,
    quote,
    settle: quote,
    tick: "1",
    lot: "1",
  });
  if (parsed.success && symbol === `${base}/${quote}`) return parsed.data;
  throw new UserError(`"${symbol}" is no symbol such as BTC/USDT`);
}
