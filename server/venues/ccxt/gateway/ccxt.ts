/**
 * What of ccxt we touch, and nothing more: its own types promise numbers where `number = String` gives text. Answers
 * are `unknown` until they were parsed.
 */

export interface CcxtClient {
  readonly url: string;
  readonly connected: Promise<unknown>;
  readonly isConnected: boolean;
  readonly subscriptions: Record<string, unknown>;
  readonly futures: Record<string, Promise<unknown>>;
  readonly rejections: Record<string, unknown>;
  error: unknown;
  /** Undefined before the first dial. */
  readonly connection:
    | { readonly readyState: number; terminate(): void; on(event: "pong", listener: () => void): unknown }
    | undefined;
  future(messageHash: string): Promise<unknown>;
  connect(backoffMs?: number): Promise<unknown>;
  send(message: unknown): Promise<unknown>;
  onError(error: unknown): void;
  reset(error: unknown): void;
}

export interface CcxtMarket {
  readonly id: string;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly spot: boolean;
  readonly info: Record<string, unknown>;
  readonly [field: string]: unknown;
}

export interface SignedRequest {
  url: string;
  method: string;
  body: unknown;
  headers: Record<string, string> | undefined;
}

export interface CcxtInstance {
  readonly id: string;
  readonly version: string;
  readonly has: Readonly<Record<string, unknown>>;
  readonly urls: { api: unknown };
  readonly options: Record<string, unknown>;
  readonly apiKey: string | undefined;
  readonly clients: Record<string, CcxtClient>;
  markets: Record<string, CcxtMarket> | undefined;
  markets_by_id: Record<string, readonly CcxtMarket[]> | undefined;
  currencies: Record<string, unknown> | undefined;
  marketsLoading: Promise<unknown> | undefined;
  number: unknown;
  /** Whether ccxt paces REST requests itself, one after the other. */
  enableRateLimit: boolean;
  /** How the steps of its markets are stated: 2, as decimal places; 3, as significant digits; 4, as the steps. */
  readonly precisionMode: number;
  fetchDispatcher: { destroy?(): Promise<void> } | undefined;
  /** The HTTP client that ccxt brings along; there once `loadFetchImplementation` is done. */
  readonly undiciModule:
    { readonly Agent: new (options: object) => { destroy(): Promise<void> } } | undefined;
  readonly secret: string | undefined;
  handleMessage(client: CcxtClient, message: unknown): void;
  onConnected(client: CcxtClient, message?: unknown): void;
  onClose(client: CcxtClient, event: unknown): void;
  onError(client: CcxtClient, error: unknown): void;
  handleErrors(
    code: number,
    reason: string,
    url: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    response: unknown,
    requestHeaders: unknown,
    requestBody: unknown,
  ): unknown;
  sign(
    path: string,
    api?: unknown,
    method?: string,
    params?: unknown,
    headers?: unknown,
    body?: unknown,
  ): SignedRequest;
  nonce(): number;
  milliseconds(): number;
  seconds(): number;
  client(url: string): CcxtClient;
  /** Signs for a WebSocket API and adds our key and the time; Binance only. */
  signParams?(params: object): object;
  /** Logs a private socket in, or gives its token. */
  authenticate(params?: object): Promise<unknown>;
  fetch2(path: unknown, api?: unknown, ...rest: unknown[]): Promise<unknown>;
  market(symbol: string): CcxtMarket;
  safeCurrencyCode(id: string): string | undefined;
  loadMarkets(): Promise<Record<string, CcxtMarket>>;
  setMarkets(markets: unknown, currencies?: unknown): unknown;
  /** Its test network in place of the venue, where ccxt knows one. */
  setSandboxMode(enabled: boolean): void;
  loadHttpProxyAgent(): Promise<unknown>;
  loadFetchImplementation(): Promise<unknown>;
  getDispatcherOptions(plain: boolean): Record<string, unknown>;
  watchMyTrades(): Promise<unknown>;
  watchOrderBook(symbol: string): Promise<unknown>;
  watchTrades(symbol: string): Promise<unknown>;
  close(): Promise<unknown>;
}

/** One of the implicit methods that ccxt makes of a venue's list of endpoints, such as `privatePostOrder`. */
export function callEndpoint(
  instance: CcxtInstance,
  endpoint: string,
  params: object = {},
): Promise<unknown> {
  const method = (instance as unknown as Record<string, unknown>)[endpoint];
  if (typeof method !== "function") throw new Error(`invariant: ccxt's ${instance.id} has no ${endpoint}`);
  return (method as (params: object) => Promise<unknown>).call(instance, params);
}

/** ccxt's symbol of a spot market's id, or of the symbol itself; undefined for one outside the desk's configuration. */
export function symbolsOf(instance: CcxtInstance): (marketId: string) => string | undefined {
  return (marketId) =>
    instance.markets_by_id?.[marketId]?.find(({ spot }) => spot)?.symbol ??
    instance.markets?.[marketId]?.symbol;
}
