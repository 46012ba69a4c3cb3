import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { DESK } from "../../../../app/system/gallery/samples.ts";
import { ESTIMATES } from "../../../../app/system/gallery/samplesEstimates.ts";
import { EstimatesPanels } from "../../../../components/market/estimatesSection.tsx";
import { ModelFigures } from "../../../../components/market/modelsInForce.tsx";
import type { EstimatesView } from "../../../../server/contract/estimates.ts";
import type { ParamValue } from "../../../../server/contract/params.ts";
import type { MarketView } from "../../../../server/contract/views.ts";

const [BTC] = DESK.markets;
if (BTC?.model === undefined) throw new Error("the sample has no model");
const MARKET = BTC;
const MODEL = BTC.model;

/** What a person reads, without the elements. */
function textOf(view: EstimatesView): string {
  return plain(
    renderToStaticMarkup(
      <EstimatesPanels
        market={MARKET}
        priceDigits={1}
        currency="USD"
        estimates={{ view, state: { status: "live", atMs: 0 } }}
      />,
    ),
  );
}

function modelText(model: NonNullable<MarketView["model"]>, source: ParamValue): string {
  return plain(
    renderToStaticMarkup(
      <ModelFigures
        market={MARKET}
        model={model}
        currency="USD"
        param={(name) => (name === "riskAversionSource" ? source : 25)}
      />,
    ),
  );
}

function plain(markup: string): string {
  return markup.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

it("shows every estimate with its interval, and says its state", () => {
  const text = textOf(ESTIMATES);
  expect(text).toContain("volatility σ 1.12 ± 0.09 bps/√s ● trusted: enough was seen");
  expect(text).toContain("61,838.4 ± 6.2 ◐");
  expect(text).toMatch(/lag , ms cold ○ appears after some minutes .* 52 ± 4 ●/);
  expect(text).toContain("2.04 ± 0.12 stale ◌");
});

it("says how long a side is still withdrawn, and what each verdict means", () => {
  const text = textOf(ESTIMATES);
  expect(text).toMatch(/OKX ▲ ask 1.60 ± 0.08 .* 1.34 55 ■ withdrawn, 18 s left : fills lose more/);
  expect(text).toMatch(/Kraken ▼ bid .* — 0 ○ normal/);
});

it("marks the model in force, and gives the reason of a quote that is not there", () => {
  const text = textOf(ESTIMATES);
  expect(text).toContain("◆ GLFT , in force 61,830.4 61,851.7 1.72 −0.27");
  expect(text).toMatch(/strategy document [\d,.]+ [\d,.]+ 10.02 ■ , not quoted: the wanted half-spread/);
  expect(text).not.toContain("NaN");
});

it("shows information shares as bounds, and says when they appear", () => {
  expect(textOf(ESTIMATES)).toContain("46 % – 70 % 58 % 61 %");
  expect(textOf({ ...ESTIMATES, informationShares: [] })).toContain("The shares appear after");
});

it("says when venues appear while there is no fair value", () => {
  const text = textOf({ ...ESTIMATES, venues: [] });
  expect(text).toContain("The venues appear after the first fair value");
  expect(text).toContain("The quotes of the models appear after");
});

it("shows risk aversion and target whichever was set", () => {
  expect(modelText(MODEL, "target-inventory-sd")).toMatch(
    /1.00e−5 per USD from the target below .* target 25 %/,
  );
  expect(modelText(MODEL, "direct")).toMatch(/1.00e−5 per USD as set .* target 25 %, not in use/);
});

it("says none where a model has no risk aversion and nothing pulls inventory back", () => {
  const text = modelText(
    {
      ...MODEL,
      name: "symmetric",
      slope: 0,
      gammaPerQuote: undefined,
      inventorySdBase: undefined,
      halfLifeS: undefined,
    },
    "direct",
  );
  expect(text).toContain("risk aversion γ none: this model knows no risk aversion");
  expect(text).toContain("inventory s.d. none: nothing pulls inventory back");
  expect(text).toContain("half-life none skew none expected fills 14.0 a minute");
});
