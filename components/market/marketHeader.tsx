"use client";

import { STATE_TEXT } from "../../server/contract/help.ts";
import Link from "next/link";
import { TRADING_STATES, type TradingState } from "../../server/contract/tradingStates.ts";
import type { DeskView, MarketView } from "../../server/contract/views.ts";
import { stateTone, stateWord } from "../bar/words.ts";
import { formatAgeMs, formatTimeMs } from "../format/time.ts";
import { formatMoney, formatNumber, formatShortSize } from "../format/number.ts";
import { Age, isStaleAge } from "../ui/age.tsx";
import { cx } from "../ui/cx.ts";
import { Figure, gainTone } from "../ui/figure.tsx";
import { StaleBoundary } from "../ui/stale.tsx";
import { Tag } from "../ui/tag.tsx";
import { useNowMs } from "../ui/useNow.ts";

/** Which market, its figures at a glance, and the way to the others. */
export function MarketHeader({
  desk,
  market,
  digits,
  staleSinceMs,
}: {
  readonly desk: DeskView | undefined;
  readonly market: MarketView | undefined;
  readonly digits: number;
  /** Since when nothing has come any more, by the browser's clock; absent while it does. */
  readonly staleSinceMs: number | undefined;
}) {
  return (
    <header className="flex flex-wrap items-center gap-x-5 gap-y-1 px-1">
      <h1 className="sr-only">Market {market?.market}</h1>
      <nav aria-label="Markets" className="flex min-h-7 rounded border">
        {desk?.markets.map((one) => (
          <Link
            key={one.market}
            href={`/market/${encodeURIComponent(one.market)}`}
            aria-current={one.market === market?.market ? "page" : undefined}
            className={cx(
              "px-3 py-1 text-sm text-secondary hover:text-ink",
              "aria-[current=page]:bg-line aria-[current=page]:font-semibold aria-[current=page]:text-ink",
            )}
          >
            {one.market}
          </Link>
        ))}
      </nav>
      {desk !== undefined && market !== undefined && (
        <StaleBoundary stale={staleSinceMs !== undefined} className="grow-0">
          <Figures desk={desk} market={market} digits={digits} staleSinceMs={staleSinceMs} />
        </StaleBoundary>
      )}
    </header>
  );
}

/** Of the last value that came: it grows older by the browser's own clock. */
function GrowingAge({ ageMs, sinceMs }: { readonly ageMs: number; readonly sinceMs: number }) {
  const title = `nothing has come since ${formatTimeMs(sinceMs)} UTC`;
  return <Age ageMs={ageMs + Math.max(0, useNowMs() - sinceMs)} title={title} className="text-sm" />;
}

/** What holds for the market: the stricter of its own state and the desk's. */
function stricter(a: TradingState, b: TradingState): TradingState {
  return TRADING_STATES.indexOf(a) > TRADING_STATES.indexOf(b) ? a : b;
}

function Figures({
  desk,
  market,
  digits,
  staleSinceMs,
}: {
  readonly desk: DeskView;
  readonly market: MarketView;
  readonly digits: number;
  readonly staleSinceMs: number | undefined;
}) {
  const { fair, fairAgeMs, inventoryBase, base, model, pnl, position } = market;
  const state = stricter(desk.state, market.state);
  const currency = desk.reportingAsset;
  const sdBase = model?.inventorySdBase;
  const inSd = sdBase === undefined ? undefined : inventoryBase / sdBase;
  const age = `fair value, ${formatAgeMs(fairAgeMs)} old`;
  return (
    <div
      data-stale={(fair !== undefined && isStaleAge(fairAgeMs)) || undefined}
      className="group/fair flex flex-wrap items-baseline gap-x-5 gap-y-1"
    >
      {fair === undefined ? (
        <span className="text-attention">no fair value yet</span>
      ) : (
        <span className="flex items-baseline gap-2">
          <Figure
            className="text-xl font-semibold text-fair group-data-stale/fair:stale"
            text={`${formatNumber(fair, { digits })} ${currency}`}
            title={age}
          />
          {staleSinceMs === undefined ? (
            <Age ageMs={fairAgeMs} title={age} className="text-sm" />
          ) : (
            <GrowingAge ageMs={fairAgeMs ?? 0} sinceMs={staleSinceMs} />
          )}
        </span>
      )}
      <span>
        <span className="text-secondary">q </span>
        <Figure
          className="text-inventory"
          text={`${formatShortSize(inventoryBase, undefined, true)} ${base}`}
        />
        <span className="text-secondary">
          {inSd === undefined ? "" : ` ${formatNumber(inSd, { digits: 1, signed: true })} sd`}
        </span>
      </span>
      <span title="since the desk began">
        <span className="text-secondary">P&L </span>
        <Figure
          className={cx(gainTone(pnl?.total), "group-data-stale/fair:stale")}
          text={formatMoney(pnl?.total, currency, { signed: true })}
        />
      </span>
      {position.averageCost !== undefined && (
        <span title="average cost of the inventory, and what it would gain at fair value">
          <span className="text-secondary">cost </span>
          {formatNumber(position.averageCost, { digits })}
          <span className={cx("ml-2 group-data-stale/fair:stale", gainTone(position.unrealised))}>
            {formatMoney(position.unrealised, currency, { signed: true })}
          </span>
        </span>
      )}
      <Tag tone={stateTone(state)} title={STATE_TEXT[state]}>
        {stateWord(state)}
      </Tag>
    </div>
  );
}
