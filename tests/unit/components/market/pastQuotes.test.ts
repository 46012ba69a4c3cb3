import { describe, expect, it } from "vitest";
import { createPastQuotes, PAST_SECONDS_MAX } from "../../../../components/market/pastQuotes.ts";
import { whyNothingThen } from "../../../../components/market/whyPanel.tsx";

const quotes = (symbol: string) => [{ account: "a", symbol, explanation: undefined }];

describe("quotes of the past", () => {
  it("are those of the last word of each second", () => {
    const past = createPastQuotes();
    past.keep({ atUs: 10_100_000, quotes: quotes("first") });
    past.keep({ atUs: 10_900_000, quotes: quotes("last") });
    past.keep({ atUs: 11_000_000, quotes: quotes("next") });
    expect(past.at(10)).toEqual(quotes("last"));
    expect(past.at(11)).toEqual(quotes("next"));
    expect(past.at(9)).toBeUndefined();
  });

  it("are kept for fifteen minutes of seconds that were seen", () => {
    const past = createPastQuotes();
    for (let atS = 0; atS <= PAST_SECONDS_MAX; atS++)
      past.keep({ atUs: atS * 1e6, quotes: quotes(`${atS}`) });
    expect(past.at(0)).toBeUndefined();
    expect(past.at(1)).toEqual(quotes("1"));
    expect(past.at(PAST_SECONDS_MAX)).toEqual(quotes(`${PAST_SECONDS_MAX}`));
  });

  it("are forgotten when time goes back, as another run's does", () => {
    const past = createPastQuotes();
    past.keep({ atUs: 90e6, quotes: quotes("old") });
    past.keep({ atUs: 5e6, quotes: quotes("new") });
    expect(past.at(90)).toBeUndefined();
    expect(past.at(5)).toEqual(quotes("new"));
  });

  it("that are not there say why", () => {
    expect(whyNothingThen(undefined)).toContain("the last 15 minutes in which it was open");
    expect(whyNothingThen([])).toBe("No quote could be made here in that second.");
  });
});
