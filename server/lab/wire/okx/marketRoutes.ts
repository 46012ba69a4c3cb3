/** What anyone may ask: time, listings, books, tickers, trades, and whether the venue is open. */
import { refuse } from "./codes.ts";
import { firstLevels, levelTexts } from "./bookLevels.ts";
import { missing, wholeNumber, wrong } from "./fields.ts";
import { instrumentRow } from "./instruments.ts";
import { tradeRow } from "./marketRows.ts";
import type { OkxVenue } from "./okxVenue.ts";
import type { PublicFeed } from "./publicFeed.ts";
import type { PublicRoute, Routes } from "./rest.ts";
import { msText } from "./text.ts";

const INST_TYPES: ReadonlySet<string> = new Set(["SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION", "EVENTS"]);
const BOOK_LEVELS_MAX = 400;
const TRADES_MAX = 500;

export function marketRoutes(venue: OkxVenue, feed: PublicFeed): Routes {
  const { core, instruments } = venue;
  return new Map<string, PublicRoute>(
    Object.entries<PublicRoute>({
      "GET /api/v5/public/time": {
        ...perWindow(10, 2_000),
        always: true,
        run: () => [{ ts: msText(core.nowUs()) }],
      },
      "GET /api/v5/system/status": { ...perWindow(1, 5_000), always: true, run: () => statusRows(venue) },
      "GET /api/v5/public/instruments": {
        ...perWindow(20, 2_000),
        run({ instType, instId }) {
          if (instType === undefined) return missing("instType");
          if (!INST_TYPES.has(instType)) return wrong("instType");
          if (instType !== "SPOT") return [];
          const listed = instruments
            .listed()
            .filter((listing) => (instId ?? listing.instId) === listing.instId);
          if (instId !== undefined && listed.length === 0) return refuse("51001");
          return listed.map((listing) => instrumentRow(listing, core.nowUs()));
        },
      },
      "GET /api/v5/market/books": {
        ...perWindow(40, 2_000),
        run({ instId, sz = "1" }) {
          if (instId === undefined) return missing("instId");
          const depth = wholeNumber(sz);
          if (depth === undefined || depth < 1 || depth > BOOK_LEVELS_MAX) return wrong("sz");
          const listing = instruments.find({ instId });
          if (listing === undefined) return refuse("51001");
          const { bids, asks } = firstLevels(core.book(listing.instrument), depth);
          return [
            {
              asks: levelTexts(listing.definition, asks),
              bids: levelTexts(listing.definition, bids),
              ts: msText(core.nowUs()),
              seqId: core.book(listing.instrument).updates,
            },
          ];
        },
      },
      "GET /api/v5/market/ticker": {
        ...perWindow(20, 2_000),
        run({ instId }) {
          if (instId === undefined) return missing("instId");
          const listing = instruments.find({ instId });
          const row = listing === undefined ? undefined : feed.ticker(listing.instrument);
          return row === undefined ? refuse("51001") : [row];
        },
      },
      "GET /api/v5/market/tickers": {
        ...perWindow(20, 2_000),
        run({ instType }) {
          if (instType === undefined) return missing("instType");
          if (!INST_TYPES.has(instType)) return wrong("instType");
          const listed = instType === "SPOT" ? instruments.listed() : [];
          return listed.map(({ instrument }) => feed.ticker(instrument)).filter((row) => row !== undefined);
        },
      },
      "GET /api/v5/market/trades": {
        ...perWindow(100, 2_000),
        run({ instId, limit = "100" }) {
          if (instId === undefined) return missing("instId");
          const most = wholeNumber(limit);
          if (most === undefined || most < 1 || most > TRADES_MAX) return wrong("limit");
          const listing = instruments.find({ instId });
          if (listing === undefined) return refuse("51001");
          return core
            .trades(listing.instrument)
            .slice(-most)
            .reverse()
            .map((trade) => tradeRow(listing.definition, trade));
        },
      },
    }),
  );
}

function perWindow(count: number, windowMs: number): Pick<PublicRoute, "access" | "limit"> {
  return { access: "public", limit: { count, windowMs } };
}

function statusRows({ core, faults }: OkxVenue): object[] {
  const closed = faults.span("maintenance");
  if (closed === undefined) return [];
  const aheadUs = core.nowUs() - core.steadyUs();
  return [
    {
      title: "Spot System Upgrade",
      state: "ongoing",
      begin: msText(closed.sinceUs + aheadUs),
      end: msText(closed.untilUs + aheadUs),
      preOpenBegin: "",
      preOpenEnd: "",
      href: "",
      serviceType: "0",
      system: "unified",
      scheDesc: "",
      maintType: "1",
      env: "1",
      ts: msText(core.nowUs()),
    },
  ];
}
