/**
 * ccxt alone, as a short script uses it: waits for a book, and sends an order on each. Its orders rest far below the
 * market and are canceled before the next frame. `--home DIR --port PORT`; tells its parent "ready" at its first book.
 */
import { parseArgs } from "node:util";
import { readDeskFile } from "../../host/deskHome.ts";
import { rewriteUrls } from "../../venues/ccxt/gateway/urls.ts";
import { benchAccess } from "./access.ts";

const AMOUNT = 0.01;
const FAR = 0.98;

/** What of ccxt's own promises it uses. */
interface Script {
  readonly urls: { api: unknown };
  loadHttpProxyAgent(): Promise<unknown>;
  watchOrderBook(symbol: string): Promise<{ readonly bids: readonly (readonly number[])[] }>;
  createOrderWs(
    symbol: string,
    type: string,
    side: string,
    amount: number,
    price: number,
  ): Promise<{ readonly id: string }>;
  cancelOrderWs(id: string): Promise<unknown>;
}

const given = parseArgs({ options: { home: { type: "string" }, port: { type: "string" } } }).values;
const { config } = readDeskFile(given.home ?? "");
const { exchange: id, credentials } = benchAccess(given.home ?? "", config)(0);
const [instrument] = config.instruments;
if (instrument === undefined) throw new Error("invariant: the desk trades nothing");
const { symbol } = instrument;

const url = new URL(`./src/pro/${id}.js`, import.meta.resolve("ccxt"));
const { default: Exchange } = (await import(url.href)) as { default: new (config: object) => Script };
const exchange = new Exchange({
  apiKey: credentials?.apiKey,
  secret: credentials?.secret,
  password: credentials?.passphrase,
  enableRateLimit: false,
  newUpdates: true,
});
exchange.urls.api = rewriteUrls(exchange.urls.api, `127.0.0.1:${given.port ?? ""}`);
// Without it ccxt refuses plain ws:// URLs.
await exchange.loadHttpProxyAgent();

async function answer(bid: number): Promise<void> {
  const order = await exchange.createOrderWs(symbol, "limit", "buy", AMOUNT, Math.round(bid * FAR));
  await exchange.cancelOrderWs(order.id);
}

process.on("disconnect", () => process.exit(0));
for (let isFirst = true; ; isFirst = false) {
  const [best] = (await exchange.watchOrderBook(symbol)).bids;
  const placed = answer(best?.[0] ?? 0);
  if (isFirst) {
    await placed;
    process.send?.("ready");
  } else placed.catch((error: unknown) => process.stderr.write(`floor: ${String(error)}\n`));
}
