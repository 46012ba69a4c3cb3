import { afterEach, describe, expect, it } from "vitest";
import { openEcho } from "./echo.ts";
import type { EchoSetup } from "./echo.ts";

type Echo = Awaited<ReturnType<typeof openEcho>>;
const opened: Echo[] = [];

afterEach(async () => {
  for (const echo of opened.splice(0)) await echo.close();
});

async function open(setup?: EchoSetup): Promise<Echo> {
  const echo = await openEcho(setup);
  opened.push(echo);
  return echo;
}

describe("HTTP", () => {
  it("gives the front-end the path, the query and the body as they were sent", async () => {
    const { ask, requests } = await open();
    expect(await ask("/api.venue.com/v3/x?b=2&a=%201", { method: "POST", body: "é=1" })).toMatch(/^200 /);
    expect(requests).toMatchObject([{ method: "POST", path: "/v3/x", query: "b=2&a=%201", body: "é=1" }]);
    await ask("/v3/x.json");
    await ask("/host.only");
    expect(requests.slice(1).map(({ path }) => path)).toEqual(["/v3/x.json", "/"]);
  });

  it("answers with the headers of the front-end", async () => {
    const { port } = await open();
    const answer = await fetch(`http://127.0.0.1:${port}/x`);
    expect(answer.headers.get("x-weight")).toBe("1");
    expect(answer.headers.get("content-type")).toContain("application/json");
  });

  it("refuses what is malformed, too large, or of another method, without asking the front-end", async () => {
    const { ask, raw, requests } = await open();
    expect(await raw("NONSENSE\r\n\r\n")).toBe("HTTP/1.1 400 Bad Request");
    expect(await raw("GET nowhere HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")).toContain("400");
    expect(await ask("/x", { method: "PATCH" })).toBe("405 ");
    expect(await ask("/x", { method: "POST", body: "x".repeat(300_000) })).toBe("413 ");
    expect(requests).toEqual([]);
  });

  it("logs a failing front-end and answers 500", async () => {
    const { ask, logged } = await open();
    expect(await ask("/fails")).toBe("500 ");
    expect(logged).toEqual(["a front-end failed at a request"]);
    expect(await ask("/x")).toMatch(/^200 /);
  });

  it("takes the latency of the way in and of the way back", async () => {
    const { ask } = await open({ entryMs: 30, responseMs: 20 });
    const startMs = performance.now();
    const answer = await ask("/x");
    const { atUs } = JSON.parse(answer.slice("200 ".length)) as { atUs: number };
    expect(atUs / 1_000).toBeGreaterThanOrEqual(startMs + 30);
    expect(performance.now()).toBeGreaterThanOrEqual(startMs + 30 + 20);
  });
});

describe("sockets", () => {
  it("are served where the front-end serves them, whatever host the client names", async () => {
    const { client, counts, sockets } = await open();
    const one = await client("/stream.venue.com:9443/stream?streams=a");
    one.send("hello");
    expect(await one.next()).toBe("re hello");
    expect(sockets[0]?.path).toBe("/stream");
    one.close();
    await expect.poll(() => counts.closed).toBe(1);
    await expect(client("/elsewhere")).rejects.toThrow("404");
  });

  it("keep the order of what they carry, either way", async () => {
    const { client } = await open({ entryMs: 2, responseMs: 3 });
    const one = await client();
    const sent = Array.from({ length: 50 }, (_, n) => `${n}`);
    for (const text of sent) one.send(text);
    const heard: string[] = [];
    while (heard.length < 50) heard.push(await one.next());
    expect(heard).toEqual(sent.map((text) => `re ${text}`));
  });

  it("close with the code of the front-end, and with 1011 when it fails", async () => {
    const { client, sockets, logged } = await open();
    const one = await client();
    sockets[0]?.close(4_001, "login first");
    expect(await one.closed).toBe(4_001);
    const two = await client();
    two.send("fail");
    expect(await two.closed).toBe(1_011);
    expect(logged).toEqual(["a front-end failed at a message"]);
  });

  it("are refused a handshake that is none", async () => {
    const { raw, counts } = await open();
    const line = await raw(
      "GET /stream HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    );
    expect(line).toContain("400");
    expect(counts.closed).toBe(1);
  });
});
