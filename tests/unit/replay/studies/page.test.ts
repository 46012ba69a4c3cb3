import { describe, expect, it } from "vitest";
import { chartSvg } from "../../../../server/replay/studies/chart.ts";
import { studyPage } from "../../../../server/replay/studies/page.ts";
import type { Chart, StudyResult } from "../../../../server/replay/studies/study.ts";

const chart: Chart = {
  title: "Two lines",
  text: "One rises, one falls.",
  spec: {
    data: {
      values: [
        { x: 0, y: 0, of: "up" },
        { x: 1, y: 1, of: "up" },
        { x: 0, y: 1, of: "down" },
        { x: 1, y: 0, of: "down" },
      ],
    },
    mark: "line",
    encoding: {
      x: { field: "x", type: "quantitative" },
      y: { field: "y", type: "quantitative" },
      color: { field: "of", type: "nominal" },
    },
  },
};

const result: StudyResult = {
  json: {},
  checks: [
    { claim: "one rises", holds: true },
    { claim: "both rise", holds: false },
  ],
  tables: [{ title: "Ends <b>", columns: [{ title: "of" }, { title: "y" }], rows: [["up", 1]] }],
  charts: [chart],
};

const study = { name: "lines", summary: "what lines do" };

describe("the page of a study", () => {
  it("holds its pictures, tables and what was checked, and fetches nothing", async () => {
    const page = await studyPage(study, { command: "npm run desk -- study lines", result });
    expect(page).toContain("<svg");
    expect(page).toMatch(/one rises<\/td>\s*<td class="gain">holds/);
    expect(page).toMatch(/both rise<\/td>\s*<td class="loss">does not hold/);
    expect(page).toContain("Ends &lt;b&gt;");
    expect(page).toContain('content="default-src &#39;none&#39;');
    expect(page).not.toMatch(/<script|<link|src=|@import/);
  });
});

describe("a picture", () => {
  it("takes its colours from the page, so that it is readable in light and in dark", async () => {
    const svg = await chartSvg(chart);
    const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(colours).toContain("var(--quote)");
    expect(colours).toContain("var(--fair)");
    const fixed = colours.filter((colour) => !/^(var\(--[a-z0-9-]+\)|none|transparent)$/.test(colour));
    expect(fixed).toEqual([]);
  });
});
