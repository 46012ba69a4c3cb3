import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { allTopics, openProtocolClient, signIn } from "../../../../server/bench/web/protocolClient.ts";

let server: Server | undefined;
let stream: ServerResponse | undefined;
let asked: string | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const SESSION = { cookie: "desk=1", "x-crossdesk-key": "k" };

/** A desk that lets in whoever shows its token, and streams to whoever has both halves of the session. */
async function serve(): Promise<string> {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://desk");
    if (url.pathname === "/start") {
      const isKnown = url.searchParams.get("token") === "t";
      response
        .writeHead(
          isKnown ? 200 : 401,
          isKnown ? { "set-cookie": "desk=1; Path=/; HttpOnly", "x-crossdesk-key": "k" } : {},
        )
        .end();
      return;
    }
    asked = url.searchParams.get("input") ?? undefined;
    const { cookie, "x-crossdesk-key": key } = request.headers;
    const isIn = cookie === "desk=1" && key === "k";
    response.writeHead(isIn ? 200 : 401, {
      "content-type": "text/event-stream",
    });
    stream = response;
    response.flushHeaders();
    if (isIn) response.write("event: connected\ndata: {}\n\n");
    else response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(1);
}

describe("a protocol client", () => {
  it("signs in once and asks for every topic there is", async () => {
    const origin = await serve();
    const session = await signIn(`${origin}/start?token=t`);
    expect(session).toEqual(SESSION);
    const topics = allTopics({ markets: [{ market: "BTC", base: "BTC" }] });
    const client = await openProtocolClient({ origin, session, topics });
    expect(JSON.parse(asked ?? "")).toEqual({
      json: { topics: ["desk", "system", "fills", "orders", "alerts", "audit", "market BTC"] },
    });
    client.close();
  });

  it("counts events however they are cut into pieces", async () => {
    const client = await openProtocolClient({ origin: await serve(), session: SESSION, topics: ["desk"] });
    expect(client.events).toBe(1);
    for (const piece of ["id: 1\ndata: a\n", "\nid: 2\ndata: b\n\nid: 3\nda", "ta: c\n\n"]) {
      stream?.write(piece);
      await sleep(5);
    }
    await until(() => client.events === 4);
    client.close();
  });

  it("is refused without a session", async () => {
    const origin = await serve();
    await expect(signIn(`${origin}/start?token=old`)).rejects.toThrow("401");
    await expect(openProtocolClient({ origin, session: {}, topics: ["desk"] })).rejects.toThrow("401");
  });

  it("does not hide that its stream has ended", async () => {
    const client = await openProtocolClient({ origin: await serve(), session: SESSION, topics: ["desk"] });
    stream?.end("data: last\n\n");
    await until(() => client.events === 2);
    await sleep(5);
    expect(() => client.close()).toThrow("ended a stream");
  });
});
