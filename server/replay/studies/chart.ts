/**
 * Vega-Lite to SVG without a browser. Colours are the page's own custom properties, so that one picture
 * is readable in light and in dark.
 */
import { parse, View } from "vega";
import { compile, type Config } from "vega-lite";
import type { Chart } from "./study.ts";

/** Told apart in both themes; the first is ours, the second what it is compared with. */
const SERIES = [
  "var(--quote)",
  "var(--fair)",
  "var(--buy)",
  "var(--inventory)",
  "var(--sell)",
  "var(--venue-0)",
  "var(--venue-3)",
  "var(--venue-4)",
];

const FONT = 'ui-sans-serif, system-ui, "Segoe UI", "Liberation Sans", sans-serif';

const CONFIG: Config = {
  background: "transparent",
  font: FONT,
  view: { stroke: "var(--line)", continuousWidth: 860, continuousHeight: 340 },
  axis: {
    labelColor: "var(--secondary)",
    titleColor: "var(--secondary)",
    titleFontWeight: "normal",
    domainColor: "var(--line)",
    tickColor: "var(--line)",
    gridColor: "var(--line)",
    labelFontSize: 12,
    titleFontSize: 12,
  },
  legend: {
    labelColor: "var(--text)",
    titleColor: "var(--secondary)",
    titleFontWeight: "normal",
    labelFontSize: 12,
    labelLimit: 0,
    orient: "top",
    title: null,
  },
  header: { labelColor: "var(--text)", titleColor: "var(--secondary)", labelFontSize: 12 },
  title: { color: "var(--text)", fontSize: 12, fontWeight: "normal", anchor: "start" },
  range: { category: SERIES },
  line: { strokeWidth: 1.5 },
  mark: { color: "var(--quote)" },
  rule: { color: "var(--secondary)" },
  text: { color: "var(--text)" },
};

export function chartSvg(chart: Chart): Promise<string> {
  const { spec } = compile(chart.spec, { config: CONFIG });
  return new View(parse(spec), { renderer: "none" }).toSVG();
}
