/**
 * Requests in the words of clients that are common, each signed anew and sent in this order: what any client of the
 * venue would be told. The ids of a venue's own are taken from its answers.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loneDesk, startLoneLab } from "../../../../../server/lab/service/alone.ts";
import type { LoneLab } from "../../../../../server/lab/service/alone.ts";
import { SILENT } from "../../service/desk.ts";
import { BINANCE } from "./binanceRows.ts";
import { KRAKEN } from "./krakenRows.ts";
import { OKX } from "./okxRows.ts";
import { rawClient } from "./rawClient.ts";
import type { RawSender } from "./rawClient.ts";

let lab: LoneLab;
beforeAll(async () => {
  lab = await startLoneLab(loneDesk(1), SILENT, {});
});
afterAll(() => lab.stop());

function senderFor(venue: string): RawSender {
  const found = lab.venues.find((one) => one.venue === venue);
  const key = found?.keys.find(({ holder }) => holder === "desk");
  if (found === undefined || key === undefined) throw new Error(`the lab has no ${venue}`);
  return rawClient(venue, found.origin, key);
}

/** The venue's own id of an order that was placed, where the answer has one. */
function idIn(body: unknown): string | undefined {
  const found = /"(?:orderId|ordId)":"?(\d+)|"txid":\["([^"]+)"\]/.exec(JSON.stringify(body));
  return found?.[1] ?? found?.[2];
}

const withId = <T>(value: T, id: string): T =>
  JSON.parse(JSON.stringify(value).replaceAll('"ID"', JSON.stringify(id))) as T;

describe.each([
  ["binance", BINANCE],
  ["okx", OKX],
  ["kraken", KRAKEN],
] as const)("raw requests to %s", (venue, rows) => {
  let id = "";
  it.each(rows)("%s", async (_, request, status, body) => {
    const answer = await senderFor(venue)(withId(request, id));
    expect(answer).toMatchObject({ status, body: typeof body === "function" ? body(id) : body });
    id = idIn(answer.body) ?? id;
  });

  it("a signature of another secret", async () => {
    const found = lab.venues.find((one) => one.venue === venue);
    const [key] = found?.keys ?? [];
    if (found === undefined || key === undefined) throw new Error(`the lab has no ${venue}`);
    const secret = Buffer.from("another").toString("base64");
    const send = rawClient(venue, found.origin, { ...key, secret });
    const [path, method] = PRIVATE[venue];
    expect(JSON.stringify((await send({ path, method })).body)).toMatch(REFUSED[venue]);
  });
});

const PRIVATE = {
  binance: ["/api/v3/account", "GET"],
  okx: ["/api/v5/account/balance", "GET"],
  kraken: ["/0/private/BalanceEx", "POST"],
} as const;
const REFUSED = { binance: /"code":-1022/, okx: /"code":"50113"/, kraken: /EAPI:Invalid signature/ };
