import { describe, expect, it } from "vitest";
import { renderPage } from "../../../../server/replay/report/page.ts";
import { buildPicture } from "../../../../server/replay/report/picture.ts";
import { result, source } from "./fixture.ts";

function page(changes: Parameters<typeof result>[0] = {}, from = source()): string {
  return renderPage(
    {
      result: result(changes),
      picture: buildPicture(from),
      quotes: [
        {
          instrument: "x BTC/USD",
          quote: {
            bid: 99,
            ask: 101,
            bidTicks: 99,
            askTicks: 101,
            bidOff: "WIDER_THAN_MAX",
            askOff: undefined,
            stages: [
              { stage: "mid", bid: 100, ask: 100, bidBps: 10_000, askBps: 10_000, inputs: {} },
              { stage: "inventorySkew", bid: -0.5, ask: -0.5, bidBps: -50, askBps: -50, inputs: {} },
              { stage: "halfSpread", bid: -0.5, ask: 1.5, bidBps: -50, askBps: 150, inputs: {} },
            ],
          },
        },
      ],
      parameters: [
        { scope: { level: "desk" }, name: "capital", value: 1_000_000 },
        {
          scope: { level: "instrument", account: "x", symbol: "BTC/USD" },
          name: "spreadMultiplier",
          value: 1.5,
        },
      ],
      codeVersion: "9.9.9",
    },
    { css: "body{}", scripts: ["first()", "second()"] },
  );
}

/** What a reader sees: tags gone, white space one blank. */
function textOf(html: string): string {
  return html
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}

function attributes(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map(([, value]) => value ?? "");
}

describe("the page of a backtest", () => {
  it("has one chart per market and one for P&L", () => {
    expect(attributes(page(), "data-chart")).toEqual(["0", "1", "pnl"]);
  });

  it("has a legend for every line of every chart", () => {
    const text = textOf(page());
    for (const label of ["fair value", "our quotes", "▲ we bought", "▼ we sold", "spread capture", "total"])
      expect(text).toContain(label);
    expect(text).toContain("At 00:00:03 UTC mid our bid our ask fair value 103.00 x 103.00 102.00 104.00");
    expect(text).toContain("y 103.50 — —");
    expect(text).toContain("inventory +0.3000 BTC limits ± 5.0000 BTC");
  });

  it("explains every last quote as the stages that sum to it", () => {
    const text = textOf(page());
    expect(text).toContain("inventory skew half spread quote");
    expect(text).toContain("x BTC/USD ask −50.00 +150.00 +100.00 x BTC/USD bid");
    expect(text).toContain("x BTC/USD bid −50.00 −50.00 −100.00 WIDER_THAN_MAX");
  });

  it("shows every figure as text, without the help of a script", () => {
    const text = textOf(page());
    for (const figure of [
      "P&amp;L +950.25 USD spread capture +1,250.50 USD",
      "Fills 1,500 from 5,000 orders",
      "Quotes up 95.1 %",
      "y BTC/USD 94.2 %",
      "1,200 NET_LIMIT the worst case exceeds the desk&#39;s net limit until: less net exposure",
      "1 USDT is assumed to be 1 USD",
      "−0.02 BTC 60,000.13 +951.00 −0.75",
      "0 ETH — −12.50 —",
      "capital desk 1,000,000",
      "spreadMultiplier x BTC/USD 1.5",
      "f00d".repeat(16),
    ])
      expect(text).toContain(figure);
  });

  it("escapes names that came from outside, in text and in data", () => {
    const evil = `<img src=x onerror=alert(1)></script>"'&`;
    const from = source();
    const html = page(
      { recording: evil, source: evil, assumptions: [evil], quoteUptimeBy: { [evil]: 1 } },
      { ...from, markets: from.markets.map((market) => ({ ...market, market: evil })) },
    );
    expect(html).not.toContain("<img");
    expect(html.match(/<\/script>/g)?.length).toBe(3);
    expect(textOf(html)).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });

  it("carries the picture as data and runs the scripts after it, in their order", () => {
    const html = page();
    const data = /<script type="application\/json" id="picture">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "";
    expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(buildPicture(source()))));
    const places = [data, "first()", "second()"].map((part) => html.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it("forbids itself the network and names what its charts are made with", () => {
    const html = page();
    expect(attributes(html, "src")).toEqual([]);
    expect(attributes(html, "href")).toEqual(["https://www.tradingview.com/"]);
    expect(html).toContain("default-src &#39;none&#39;");
    expect(textOf(html)).toContain("TradingView Lightweight Charts™");
  });

  it("tells anomalies only when there are some, and a market that was always quoted as such", () => {
    expect(page()).not.toContain("anomalies");
    expect(textOf(page({ anomalies: 3 }))).toContain("anomalies 3 order reports that did not fit");
    expect(textOf(page({ refusals: {} }))).toContain("Every side was quoted at all times.");
  });
});
