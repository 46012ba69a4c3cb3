/** What a gateway thread gives its public side, kept for the test. */
import { VenueAccount } from "../../../../../server/contract/instrument.ts";
import type { Instrument } from "../../../../../server/contract/instrument.ts";
import type { ExchangeId, GatewayContext } from "../../../../../server/venues/ccxt/ports.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";

export interface TestContext extends GatewayContext {
  readonly events: VenueEvent[];
  readonly logs: string[];
  /** Told of every event. */
  onEvent: ((event: VenueEvent) => void) | undefined;
  /** Moves the desk's clock ahead of the real one. */
  pass(ms: number): void;
}

export function testContext(
  exchange: ExchangeId,
  origin: string,
  definitions: readonly Instrument[],
  speed = 1,
): TestContext {
  const events: VenueEvent[] = [];
  const logs: string[] = [];
  let aheadMs = 0;
  const context: TestContext = {
    onEvent: undefined,
    account: 0,
    terms: VenueAccount.parse({
      account: "a",
      venue: exchange,
      fees: { name: "f", makerFrac: 0, takerFrac: 0 },
      amend: "in-place",
    }),
    instruments: definitions.map((definition, index) => ({ index, definition })),
    assets: [],
    deskCode: "abc",
    access: { exchange, origin, credentials: undefined },
    clock: { originUs: 0, wallOriginUs: 0, speed },
    nowUs: () => Math.round((performance.timeOrigin + performance.now() * speed + aheadMs) * 1_000),
    emit(event) {
      events.push(event);
      context.onEvent?.(event);
    },
    connection: () => undefined,
    log: (level, text, fields) => logs.push(`${level} ${text} ${JSON.stringify(fields ?? {})}`),
    budget: {
      takeAll: () => Promise.resolve(),
      giveBack: () => undefined,
      observe: () => undefined,
      silence: () => undefined,
      full: () => undefined,
      exhausted: () => undefined,
      use: () => ({ scope: "none", usedFrac: 0, silentUntilUs: undefined }),
    },
    events,
    logs,
    pass: (ms) => (aheadMs += ms),
  };
  return context;
}
