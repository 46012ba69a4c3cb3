import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { measureFirstLoad, scriptsOf } from "../../../../server/bench/web/firstLoad.ts";

describe("scriptsOf", () => {
  it("names what a page loads once, be it script or preload, and not what is inline or for old browsers", () => {
    const html = `<link rel="stylesheet" href="/a.css"/><link rel="preload" as="script" fetchPriority="low" href="/b.js"/>
      <script src="/b.js" async=""></script><script src="/c.js?v=1&amp;w=2" id="x"></script>
      <script src="/polyfills.js" noModule=""></script><script>let src="/d.js";</script>
      <link rel="preload" as="font" href="/f.woff2"/>`;
    expect(scriptsOf(html)).toEqual(["/b.js", "/c.js?v=1&w=2"]);
  });
});

describe("measureFirstLoad", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serve(files: Readonly<Record<string, string>>): Promise<string> {
    server = createServer((request, response) => {
      const file = files[request.url ?? ""];
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("adds up each script as it is sent, and keeps the charts' library apart", async () => {
    const code = randomBytes(2_000).toString("hex");
    const charts = `classList.add("tv-lightweight-charts")${code}`;
    const origin = await serve({
      "/": `<script src="/a.js"></script><script src="/b.js"></script><script src="/charts.js"></script>`,
      "/a.js": code,
      "/b.js": "let b;",
      "/charts.js": charts,
    });
    expect(await measureFirstLoad(origin)).toEqual({
      pageBytes: gzipSync(code).length + gzipSync("let b;").length,
      chartsBytes: gzipSync(charts).length,
    });
  });

  it("throws when a script is missing, and when there is none", async () => {
    const missing = await serve({ "/": `<script src="/gone.js"></script>` });
    await expect(measureFirstLoad(missing)).rejects.toThrow("/gone.js was answered with 404");
    server?.close();
    const none = await serve({ "/": "<p>signed out</p>" });
    await expect(measureFirstLoad(none)).rejects.toThrow("loads no script");
  });
});
