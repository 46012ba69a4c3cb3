/**
 * One ccxt.pro instance, with the defaults that hang, queue or crash replaced by ours: no throttler of its own, no
 * waiting without an end, no rounding into floats, and requests stamped by the desk's clock. Each purpose (books,
 * orders, questions) has its own instance, and so its own sockets and connections.
 */
import { existsSync } from "node:fs";
import { UserError } from "../../../contract/errors.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { VenueAccess } from "../ports.ts";
import type { CcxtClient, CcxtInstance, CcxtMarket } from "./ccxt.ts";
import { rewriteUrls } from "./urls.ts";

/** For one REST answer as a whole: ccxt's own timer, and the two of the connection below it. */
const REST_TIMEOUT_MS = 2_500;
const HEADERS_TIMEOUT_MS = 2_000;
/** Between two pieces of a body: ccxt's timer does not cover a body that stalls. */
const BODY_TIMEOUT_MS = 1_000;

/** How often a socket is pinged; two missed answers and it is given up. */
const KEEP_ALIVE_MS = 5_000;

const RECONNECT_BACKOFF = { base: 100, factor: 2, max: 2_000, stableAfter: 5_000 };

/** Of private trades and orders: we read the frames ourselves, ccxt need not keep them. */
const CACHE_MAX = 100;

export interface Markets {
  readonly markets: Record<string, CcxtMarket>;
  readonly currencies: Record<string, unknown> | undefined;
}

export interface InstanceOptions {
  readonly exchange: Pick<Exchange, "instanceOptions" | "prepare"> & { readonly id: string };
  readonly access: Omit<VenueAccess, "exchange">;
  /** Engine time: what requests are stamped with. */
  readonly nowUs: () => number;
  /** What another instance has loaded; absent: `loadMarkets` asks the venue. */
  readonly markets?: Markets | undefined;
  /** Told of every REST answer, before ccxt looks for errors in it. */
  readonly onAnswer?: ((answer: RestAnswer) => void) | undefined;
}

export interface RestAnswer {
  readonly status: number;
  /** Names as in `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; undefined where it is no JSON. */
  readonly body: unknown;
}

export async function createInstance(options: InstanceOptions): Promise<CcxtInstance> {
  const { exchange, access, nowUs } = options;
  const Class = await loadClass(exchange.id);
  const instance = new Class({
    apiKey: access.credentials?.apiKey,
    secret: access.credentials?.secret,
    password: access.credentials?.passphrase,
    enableRateLimit: false,
    timeout: REST_TIMEOUT_MS,
    newUpdates: true,
    streaming: { keepAlive: KEEP_ALIVE_MS },
    options: {
      ordersLimit: CACHE_MAX,
      tradesLimit: CACHE_MAX,
      ...exchange.instanceOptions,
      ws: { cost: 0, backoff: RECONNECT_BACKOFF },
    },
  });
  instance.number = String;
  hearEveryPromise(instance);
  if (access.testnet === true) {
    instance.setSandboxMode(true);
    // Sockets would be named by another URL than the one that we log in at.
    instance.options["sandboxMode"] = false;
  }
  if (access.origin !== undefined) instance.urls.api = rewriteUrls(instance.urls.api, access.origin);
  stampByOurClock(instance, nowUs);
  keepAnswers(instance, options.onAnswer);
  exchange.prepare?.(instance);
  // Without it ccxt refuses plain ws:// URLs.
  await instance.loadHttpProxyAgent();
  await instance.loadFetchImplementation();
  const { undiciModule } = instance;
  if (undiciModule === undefined)
    throw new Error("ccxt did not load its HTTP client: install its dependencies");
  instance.fetchDispatcher = new undiciModule.Agent({
    ...instance.getDispatcherOptions(true),
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
  });
  if (options.markets !== undefined) useMarkets(instance, options.markets);
  return instance;
}

/** Loads the venue's listing and keeps these symbols of it: a whole listing takes each instance 250 ms to take in. */
export async function loadMarkets(instance: CcxtInstance, symbols: readonly string[]): Promise<Markets> {
  const all = await instance.loadMarkets();
  const markets: Record<string, CcxtMarket> = {};
  for (const symbol of symbols) {
    const market = all[symbol];
    if (market !== undefined) markets[symbol] = market;
  }
  return { markets, currencies: instance.currencies };
}

export async function closeInstance(instance: CcxtInstance): Promise<void> {
  for (const client of Object.values(instance.clients)) client.connection?.terminate();
  // Its answer to the sockets that we have just ended.
  await instance.close().catch(() => undefined);
  await instance.fetchDispatcher?.destroy?.();
}

export function useMarkets(instance: CcxtInstance, { markets, currencies }: Markets): void {
  instance.setMarkets(markets, currencies);
  instance.marketsLoading = Promise.resolve(instance.markets);
}

/**
 * By the file's URL: the package's entry takes 284 MB in three threads, one class 128 MB. Throws a UserError for an
 * exchange of which ccxt has no streams.
 */
async function loadClass(id: string): Promise<new (config: object) => CcxtInstance> {
  const url = new URL(`./src/pro/${id}.js`, import.meta.resolve("ccxt"));
  if (!/^\w+$/.test(id) || !existsSync(url)) throw new UserError(`ccxt has no streams of "${id}"`);
  const module = (await import(/* @vite-ignore */ url.href)) as {
    default: new (config: object) => CcxtInstance;
  };
  return module.default;
}

function stampByOurClock(instance: CcxtInstance, nowUs: () => number): void {
  instance.milliseconds = () => Math.floor(nowUs() / 1_000);
  // Some logins are stamped in whole seconds.
  instance.seconds = () => Math.floor(nowUs() / 1_000_000);
}

/**
 * ccxt makes promises for its sockets that nobody waits for, of a login that fails for one; rejected, each of them
 * would end the thread. Who does wait for one still hears of it.
 */
function hearEveryPromise(instance: CcxtInstance): void {
  const heard = new WeakSet<CcxtClient>();
  const makeClient = instance.client.bind(instance);
  instance.client = (url) => {
    const client = makeClient(url);
    if (heard.has(client)) return client;
    heard.add(client);
    client.connected.catch(() => undefined);
    const makeFuture = client.future.bind(client);
    client.future = (messageHash) => {
      const future = makeFuture(messageHash);
      future.catch(() => undefined);
      return future;
    };
    return client;
  };
}

const ANSWERS = new WeakMap<object, RestAnswer>();

/** The answer in which ccxt found this error: its codes say more than ccxt's class. */
export function answerOf(error: unknown): RestAnswer | undefined {
  return typeof error === "object" && error !== null ? ANSWERS.get(error) : undefined;
}

function keepAnswers(instance: CcxtInstance, tell: ((answer: RestAnswer) => void) | undefined): void {
  const handleErrors = instance.handleErrors.bind(instance);
  instance.handleErrors = (...args) => {
    const [status, , , , headers, , body] = args;
    const answer = { status, headers, body };
    tell?.(answer);
    try {
      return handleErrors(...args);
    } catch (error) {
      if (typeof error === "object" && error !== null) ANSWERS.set(error, answer);
      throw error;
    }
  };
}
