"use client";

import { memo } from "react";
import type { LadderView } from "../../server/contract/link.ts";
import { orderStatusWord, SIDE_MARK, SIDE_QUOTE } from "../format/names.ts";
import { formatNumber, formatPrice, formatShortSize } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import { Age, isStaleAge } from "../ui/age.tsx";
import { cx } from "../ui/cx.ts";
import { fairBucket, ladderGrid, type LadderCell } from "./ladder.ts";
import { stepDigits } from "./ladderScale.ts";
import { instrumentName, type Picked } from "./picked.ts";
import type { LadderScale } from "./useScale.ts";

interface LadderTableProps {
  readonly ladders: readonly LadderView[];
  /** How long ago each of them was last heard, in ms; absent where it never was. */
  readonly agesMs: readonly (number | undefined)[];
  readonly fair: number | undefined;
  readonly currency: string;
  readonly base: string;
  readonly scale: Pick<LadderScale, "step" | "centre">;
  readonly rowCount: number;
  readonly picked: Picked | undefined;
  readonly onPick: (picked: Picked) => void;
}

/** A column of a venue that is silent greys: what stands in it may have gone. */
export function LadderTable(props: LadderTableProps) {
  const { ladders, agesMs, fair, currency, base, scale, rowCount, picked, onPick } = props;
  const { rows, sizeMaxBase } = ladderGrid(ladders, { ...scale, rowCount });
  const digits = stepDigits(scale.step);
  const fairRow = fair === undefined ? undefined : fairBucket(fair, scale.step);
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-xs">
      <caption className="sr-only">
        Books of all venues in {currency}, sizes of others in {base}, and our own orders
      </caption>
      <thead>
        <tr>
          <th scope="col" className="w-[4.6rem] border-b px-2 text-right font-medium text-secondary">
            price
          </th>
          {ladders.map((ladder, at) => (
            <ColumnHead
              key={`${ladder.account} ${ladder.symbol}`}
              {...{ ladder, ladders, picked, onPick, currency }}
              ageMs={agesMs[at]}
            />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ bucket, price, cells }) => (
          <tr key={bucket} className="h-[18px]">
            <th
              scope="row"
              className={cx(
                "px-2 text-right font-normal text-secondary",
                bucket === fairRow && "border-b border-fair",
              )}
            >
              {formatNumber(price, { digits })}
            </th>
            {cells.map((cell, at) => {
              const ladder = ladders[at];
              return ladder === undefined ? null : (
                <Cell
                  key={`${ladder.account} ${ladder.symbol}`}
                  {...cell}
                  own={ownWords(cell, ladder)}
                  account={ladder.account}
                  symbol={ladder.symbol}
                  lot={ladder.lot}
                  share={sizeMaxBase === 0 ? 0 : Math.max(cell.bidBase, cell.askBase) / sizeMaxBase}
                  isFair={bucket === fairRow}
                  isStale={isStaleAge(agesMs[at])}
                  isPicked={picked?.account === ladder.account && picked.symbol === ladder.symbol}
                  onPick={onPick}
                />
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ColumnHead({
  ladder,
  ageMs,
  ladders,
  picked,
  onPick,
  currency,
}: Pick<LadderTableProps, "ladders" | "picked" | "onPick" | "currency"> & {
  readonly ladder: LadderView;
  readonly ageMs: number | undefined;
}) {
  const { account, symbol, quote, rate } = ladder;
  const isPicked = picked?.account === account && picked.symbol === symbol;
  return (
    <th
      scope="col"
      data-stale={isStaleAge(ageMs) || undefined}
      className="group border-b border-l p-0 font-medium"
    >
      <button
        type="button"
        aria-pressed={isPicked}
        onClick={() => onPick({ account, symbol })}
        title={`${symbol}: why this quote`}
        className={cx(
          "flex w-full flex-col px-2 py-0.5 text-left hover:bg-line/60",
          isPicked && "bg-line/60 text-quote",
        )}
      >
        <span className="flex justify-between gap-x-1 whitespace-nowrap max-sm:flex-col">
          <span className="truncate group-data-stale:stale">{instrumentName(ladder, ladders)} </span>
          <Age
            ageMs={ageMs}
            title={`${symbol}: last word ${formatAgeMs(ageMs)} ago`}
            className="font-normal"
          />
        </span>
        <span className="truncate font-normal text-secondary group-data-stale:stale">
          {rate === undefined ? (
            <span className="text-attention">no rate for {quote}</span>
          ) : quote === currency ? (
            symbol
          ) : (
            `${quote} × ${formatNumber(rate, { digits: 5 })}`
          )}
        </span>
      </button>
    </th>
  );
}

/** Our orders of a cell in words, and joined: a cell is drawn again only when what it says has changed. */
function ownWords({ own }: LadderCell, { tick, lot, quote }: LadderView): string {
  return own
    .map(
      ({ side, price, remainingBase, status, othersBase }) =>
        `${SIDE_MARK[side]} ${formatShortSize(remainingBase, shortLot(lot))}\tour ${SIDE_QUOTE[side]} ${formatShortSize(remainingBase, lot)} at ${formatPrice(price, tick)} ${quote}, ${orderStatusWord(status)}; at most ${formatShortSize(othersBase, lot)} of others at that price before it`,
    )
    .join("\n");
}

interface CellProps extends Omit<LadderCell, "own"> {
  readonly own: string;
  readonly account: string;
  readonly symbol: string;
  readonly lot: string;
  readonly share: number;
  readonly isFair: boolean;
  readonly isStale: boolean;
  readonly isPicked: boolean;
  readonly onPick: (picked: Picked) => void;
}

/** The heads of the columns do the same by key: a cell is a shortcut for the pointer. */
const Cell = memo(function Cell(props: CellProps) {
  const { bidBase, askBase, own, isBeyond, account, symbol, lot, share } = props;
  const { isFair, isStale, isPicked, onPick } = props;
  const others = Math.max(bidBase, askBase);
  return (
    <td
      onClick={() => onPick({ account, symbol })}
      className={cx(
        "relative cursor-pointer border-l px-1.5 text-right whitespace-nowrap",
        isFair && "border-b border-b-fair",
        isPicked && "bg-line/25",
      )}
    >
      {others > 0 && (
        <span
          aria-hidden
          className={cx(
            "absolute inset-y-px right-0",
            isStale ? "bg-secondary/15" : bidBase > 0 ? "bg-bid/25" : "bg-ask/25",
          )}
          style={{ width: `${Math.max(2, share * 100)}%` }}
        />
      )}
      <span className={cx("relative flex items-center justify-end gap-1", isStale && "stale")}>
        {own !== "" && own.split("\n").map((order) => <OwnBlock key={order} order={order} />)}
        <span className={others > 0 ? "" : "text-faint"}>
          {others > 0 ? formatShortSize(others, shortLot(lot)) : isBeyond ? "·" : ""}
        </span>
      </span>
    </td>
  );
});

function OwnBlock({ order }: { readonly order: string }) {
  const [text, words] = order.split("\t");
  const isBuy = text?.startsWith(SIDE_MARK.buy) === true;
  return (
    <span
      title={words}
      className={cx("mr-auto rounded-[2px] px-1 font-medium text-on-solid", isBuy ? "bg-bid" : "bg-ask")}
    >
      {text}
      <span className="sr-only">, {words}</span>
    </span>
  );
}

/** Sizes of others are read at a glance: three digits after the point. */
function shortLot(lot: string): string {
  return Number(lot) < 0.001 ? "0.001" : lot;
}
