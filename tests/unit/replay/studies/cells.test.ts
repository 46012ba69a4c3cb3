import { expect, it } from "vitest";
import { cellText, tableLines } from "../../../../server/replay/studies/cells.ts";

it.each([
  { cell: undefined, text: "—" },
  { cell: "inventory", text: "inventory" },
  { cell: -1.25, text: "−1.25" },
  { cell: { value: 3, low: -0.5, high: 6.25 }, text: "3.00 [−0.50, 6.25]" },
])("writes $cell as $text", ({ cell, text }) => {
  expect(cellText(cell, { title: "", decimals: 2 })).toBe(text);
});

it("puts words on the left and figures on the right, under their titles", () => {
  const table = {
    title: "Fills",
    note: "of one hour",
    columns: [{ title: "policy" }, { title: "n", decimals: 0 }],
    rows: [
      ["symmetric", 7],
      ["skew", undefined],
      ["all", 1_207],
    ],
  };
  expect(tableLines(table)).toEqual([
    "Fills",
    "  policy         n",
    "  symmetric      7",
    "  skew           —",
    "  all        1,207",
    "  of one hour",
  ]);
});
