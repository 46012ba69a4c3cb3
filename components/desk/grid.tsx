"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { DeskShape } from "../../server/contract/link.ts";
import type { DeskView, InstrumentView, MarketView } from "../../server/contract/views.ts";
import { venueName } from "../format/names.ts";
import { digitsOf, formatMoney, formatNumber, formatPercent, formatShortSize } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import { findInstrument } from "../session/shape.tsx";
import { cx } from "../ui/cx.ts";
import { Age, isStaleAge } from "../ui/age.tsx";
import { Figure, gainTone } from "../ui/figure.tsx";
import { SideCell } from "./sideCell.tsx";

export interface GridProps {
  readonly desk: DeskView;
  readonly shape: DeskShape | undefined;
  readonly onExplain: (account: string, symbol: string) => void;
}

/** Symbols down, venues across. A phone shows the venues of a symbol below each other. */
export function Grid({ desk, shape, onExplain }: GridProps) {
  const accounts = desk.accounts.map(({ account }) => account);
  const columns = {
    "--columns": `minmax(12rem, 12.5rem) repeat(${accounts.length}, minmax(15rem, 1fr))`,
  } as object;
  return (
    <div
      role="table"
      aria-label="Symbols by venue"
      // Of the engine: benchmarks and browser tests read how old the figures below are.
      data-at-us={desk.atUs}
      className="min-w-0 overflow-x-auto"
      style={columns}
    >
      <div role="row" className="hidden border-b text-sm text-secondary lg:grid lg:grid-cols-(--columns)">
        <span role="columnheader" className="px-3 py-1">
          Fair value, inventory
        </span>
        {accounts.map((account) => (
          <span key={account} role="columnheader" className="border-l px-3 py-1">
            {venueName(account)}
          </span>
        ))}
      </div>
      {desk.markets.map((market) => (
        <div
          key={market.market}
          role="row"
          className="grid grid-cols-1 border-b last:border-b-0 sm:max-lg:grid-cols-2 lg:grid-cols-(--columns)"
        >
          <MarketCell market={market} desk={desk} shape={shape} />
          {accounts.map((account) => (
            <div key={account} role="cell" className="border-t lg:border-t-0 lg:border-l">
              {market.instruments
                .filter((one) => one.account === account)
                .map((one) => (
                  <InstrumentCell
                    key={one.symbol}
                    instrument={one}
                    atUs={desk.atUs}
                    shape={shape}
                    onExplain={onExplain}
                  />
                ))}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function MarketCell({ market, desk, shape }: { readonly market: MarketView } & Omit<GridProps, "onExplain">) {
  const ticks = shape?.instruments.filter((one) => one.market === market.market).map((one) => one.tick) ?? [];
  const digits = ticks.length === 0 ? 2 : Math.max(...ticks.map(digitsOf));
  const { fair, fairSdBps, fairAgeMs, inventoryBase, model, pnl, volatility } = market;
  const sdBase = model?.inventorySdBase;
  const inSd = sdBase === undefined ? undefined : inventoryBase / sdBase;
  const isStale = fair !== undefined && isStaleAge(fairAgeMs);
  const age = `fair value in ${desk.reportingAsset}, ${formatAgeMs(fairAgeMs)} old`;
  return (
    <div
      role="rowheader"
      data-stale={isStale || undefined}
      className="group/market flex flex-col gap-0.5 px-3 py-2"
    >
      <div className="flex items-baseline justify-between gap-2">
        <Link href={`/market/${encodeURIComponent(market.market)}`} className="font-semibold hover:underline">
          {market.market}
        </Link>
        {fair === undefined ? (
          <span className="text-attention">no fair value</span>
        ) : (
          <>
            {isStale && <Age ageMs={fairAgeMs} title={age} className="ml-auto text-sm" />}
            <Figure
              className="text-lg font-medium text-fair group-data-stale/market:stale"
              text={formatNumber(fair, { digits })}
              title={age}
            />
          </>
        )}
      </div>
      <Line label="q">
        <Figure
          className="text-inventory"
          text={`${formatShortSize(inventoryBase, undefined, true)} ${market.base}`}
        />
        <span
          className="w-14 text-right text-secondary"
          title="in standard deviations that the model settles at"
        >
          {inSd === undefined ? "" : `${formatNumber(inSd, { digits: 1, signed: true })} sd`}
        </span>
      </Line>
      <Line label="P&L">
        <Figure
          className={cx(gainTone(pnl?.total), "group-data-stale/market:stale")}
          text={formatMoney(pnl?.total, desk.reportingAsset, { signed: true })}
          title="since the desk began"
        />
      </Line>
      <Line label="σ">
        <span
          className="text-secondary"
          title={`volatility ${volatility.status}; fair value ± ${formatNumber(fairSdBps, { digits: 2 })} bps`}
        >
          {formatNumber(volatility.bpsPerSqrtS, { digits: 2 })} bps/√s
        </span>
      </Line>
    </div>
  );
}

function Line({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-2 text-sm whitespace-nowrap">
      <span className="text-secondary">{label}</span>
      <span className="ml-auto flex items-baseline gap-1">{children}</span>
    </div>
  );
}

/** The figures of a venue that is silent grey; why its quotes are off, and for how long it is silent, do not. */
function InstrumentCell({
  instrument,
  atUs,
  shape,
  onExplain,
}: {
  readonly instrument: InstrumentView;
  readonly atUs: number;
} & Omit<GridProps, "desk">) {
  const { account, symbol, channelAgeMs, bookAgeMs, inventoryBase, uptimeShare, sides } = instrument;
  const definition = findInstrument(shape, account, symbol);
  return (
    <div
      data-stale={isStaleAge(channelAgeMs) || undefined}
      className="group/venue flex flex-col gap-1 px-2 py-1.5"
    >
      <div className="flex items-baseline gap-2 px-1 text-sm">
        <span className="text-secondary lg:hidden">{venueName(account)}</span>
        <span>{symbol}</span>
        <Age
          ageMs={channelAgeMs}
          title={`last word ${formatAgeMs(channelAgeMs)} ago; book changed ${formatAgeMs(bookAgeMs)} ago`}
          className="ml-auto"
        />
      </div>
      <div className="grid grid-cols-2 gap-1">
        {sides.map((side) => (
          <SideCell
            key={side.side}
            side={side}
            instrument={instrument}
            definition={definition}
            atUs={atUs}
            onExplain={onExplain}
          />
        ))}
      </div>
      <div className="flex justify-between px-1 text-sm text-secondary">
        <span title="inventory at this venue, against its baseline" className="group-data-stale/venue:stale">
          q {formatShortSize(inventoryBase, definition?.lot, true)}
        </span>
        <span title="share of the time since the start that both sides were quoted">
          up {formatPercent(uptimeShare, 0)}
        </span>
      </div>
    </div>
  );
}
