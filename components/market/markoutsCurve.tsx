"use client";

import type { SideFlowView } from "../../server/contract/estimates.ts";
import { SIDE_QUOTE } from "../format/names.ts";
import { formatNumber } from "../format/number.ts";
import { Tooltip } from "../ui/tooltip.tsx";
import { heightOf, stretchesOf, type MarkoutScale, type PlacedPoint } from "./markoutsScale.ts";

const WIDTH = 220;
const HEIGHT = 96;
/** Room for the figures of the axes. */
const LEFT = 26;
const BOTTOM = 14;
const TOP = 6;
/** The two sides of one horizon stand beside each other, or one would hide the other's interval. */
const APART = 5;

/** Mean move after fills of both sides by horizon, each with its standard error; the figures on hover and focus. */
export function MarkoutCurve({
  name,
  sides,
  scale,
}: {
  readonly name: string;
  readonly sides: readonly SideFlowView[];
  readonly scale: MarkoutScale;
}) {
  const horizons = sides[0]?.markouts.map(({ horizonS }) => horizonS) ?? [];
  if (sides.every((side) => stretchesOf(side).length === 0))
    return (
      <p className="flex h-24 items-center text-sm text-secondary">
        The curve appears after two fills of a side here, point by point as its horizons pass.
      </p>
    );
  const toX = (at: number): number => LEFT + ((at + 0.5) / horizons.length) * (WIDTH - LEFT);
  const toY = (bps: number): number => TOP + heightOf(bps, scale) * (HEIGHT - TOP - BOTTOM);
  return (
    <Tooltip text={<Figures sides={sides} horizons={horizons} />}>
      <button type="button" className="block w-full max-w-80 rounded">
        <span className="sr-only">{curveText(name, sides)}</span>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          aria-hidden
          className="block h-auto w-full fill-current text-[9px]"
        >
          {[scale.highBps, 0, scale.lowBps].map((bps, at) => (
            <g key={at}>
              <line
                x1={LEFT}
                x2={WIDTH}
                y1={toY(bps)}
                y2={toY(bps)}
                className={at === 1 ? "stroke-faint" : "stroke-line"}
              />
              {isApart(bps, at, scale) && (
                <text x={LEFT - 4} y={toY(bps) + 3} textAnchor="end" className="fill-secondary">
                  {formatNumber(bps, { digits: 1, signed: true })}
                </text>
              )}
            </g>
          ))}
          {horizons.map((horizonS, at) => (
            <text key={horizonS} x={toX(at)} y={HEIGHT - 3} textAnchor="middle" className="fill-secondary">
              {horizonS} s
            </text>
          ))}
          {sides.map((side) => (
            <Side
              key={side.side}
              side={side}
              toX={(at) => toX(at) + (side.side === "buy" ? -APART : APART) / 2}
              toY={toY}
            />
          ))}
        </svg>
      </button>
    </Tooltip>
  );
}

/** The ends of the axis are not written over its zero. */
function isApart(bps: number, at: number, { lowBps, highBps }: MarkoutScale): boolean {
  return at === 1 || Math.abs(bps) > 0.15 * (highBps - lowBps);
}

function Side({
  side,
  toX,
  toY,
}: {
  readonly side: SideFlowView;
  readonly toX: (at: number) => number;
  readonly toY: (bps: number) => number;
}) {
  const stretches = stretchesOf(side);
  return (
    <g className={side.side === "buy" ? "fill-bid stroke-bid" : "fill-ask stroke-ask"}>
      {stretches.map((stretch) => (
        <polyline
          key={stretch[0]?.at}
          points={stretch.map(({ at, bps }) => `${toX(at)},${toY(bps)}`).join(" ")}
          className="fill-none"
        />
      ))}
      {stretches.flat().map((point) => (
        <Point key={point.at} point={point} side={side.side} x={toX(point.at)} toY={toY} />
      ))}
    </g>
  );
}

function Point({
  point: { bps, stderrBps },
  side,
  x,
  toY,
}: {
  readonly point: PlacedPoint;
  readonly side: SideFlowView["side"];
  readonly x: number;
  readonly toY: (bps: number) => number;
}) {
  const y = toY(bps);
  // The shape says the side too: the tip points to where our quote stands.
  const tip = side === "buy" ? 3 : -3;
  return (
    <>
      <line x1={x} x2={x} y1={toY(bps - stderrBps)} y2={toY(bps + stderrBps)} className="opacity-60" />
      <path d={`M${x - 3},${y - tip} h6 l-3,${2 * tip} z`} className="stroke-none" />
    </>
  );
}

function Figures({
  sides,
  horizons,
}: {
  readonly sides: readonly SideFlowView[];
  readonly horizons: readonly number[];
}) {
  return (
    <span className="grid grid-cols-[auto_auto_auto] gap-x-3 text-right">
      <span className="text-left text-secondary">after</span>
      {sides.map(({ side }) => (
        <span key={side} className="text-secondary">
          our {SIDE_QUOTE[side]}, bps
        </span>
      ))}
      {horizons.map((horizonS, at) => (
        <span key={horizonS} className="contents">
          <span className="text-left text-secondary">{horizonS} s</span>
          {sides.map(({ side, markouts }) => (
            <span key={side}>{pointText(markouts[at])}</span>
          ))}
        </span>
      ))}
    </span>
  );
}

/** The picture in words. */
export function curveText(name: string, sides: readonly SideFlowView[]): string {
  const parts = sides.map(
    ({ side, markouts }) =>
      `our ${SIDE_QUOTE[side]}: ${markouts.map((point) => `${point.horizonS} s ${pointText(point)}`).join(", ")}`,
  );
  return `Markouts on ${name} in bps, ${parts.join("; ")}`;
}

function pointText(point: SideFlowView["markouts"][number] | undefined): string {
  if (point?.bps === undefined) return "—";
  const value = formatNumber(point.bps, { digits: 2, signed: true });
  return point.stderrBps === undefined ? value : `${value} ± ${formatNumber(point.stderrBps, { digits: 2 })}`;
}
