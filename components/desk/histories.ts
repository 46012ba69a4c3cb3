"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { PnlView } from "../../server/contract/lines.ts";
import type { PnlPoint } from "../charts/pnlChart.ts";
import { useTRPC } from "../session/api.tsx";
import { askAgain, isUnread } from "../session/askAgain.ts";
import { useLive } from "../stream/live.tsx";
import type { PnlPast } from "./pnlPanel.tsx";

/** As many as a wide chart has pixels; the stream draws what is newer. */
const POINTS = 1_500;

/** Recorded P&L counts from when the desk began: the day's is what came since its midnight. */
export function usePnlHistory(sinceUs: number | undefined): PnlPast {
  const trpc = useTRPC();
  const desk = useLive("desk")?.value;
  const beforeDay = desk?.day === undefined ? undefined : subtract(desk.pnl, desk.day);
  // Asked for once a day, up to the moment of asking: a range that ends in the future wastes its points.
  const [range, setRange] = useState<{ readonly fromUs: number; readonly toUs: number }>();
  if (sinceUs !== undefined && desk !== undefined && range?.fromUs !== sinceUs && desk.atUs > sinceUs)
    setRange({ fromUs: sinceUs, toUs: desk.atUs });
  const query = useQuery(
    trpc.pnl.series.queryOptions(
      { fromUs: 0, toUs: 1, ...range, points: POINTS },
      { enabled: range !== undefined, staleTime: Infinity, refetchInterval: askAgain },
    ),
  );
  const samples = query.data?.desk;
  const hasBase = beforeDay !== undefined;
  const points = useMemo<readonly PnlPoint[] | undefined>(
    () =>
      beforeDay === undefined
        ? undefined
        : samples?.map(({ atUs, pnl }) => ({ atS: Math.floor(atUs / 1e6), pnl: subtract(pnl, beforeDay) })),
    // What was gained before today does not change within it.
    [samples, hasBase, sinceUs],
  );
  return { points, isUnread: isUnread(query) };
}

export function useInventoryHistory(market: string) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.quotes.history.queryOptions(
      { market },
      { staleTime: Infinity, refetchOnMount: "always", refetchInterval: askAgain },
    ),
  );
  const { data } = query;
  return useMemo(
    () =>
      data?.atS.flatMap((atS, at) => {
        const base = data.inventoryBase[at];
        return base === undefined ? [] : [{ atS, base }];
      }),
    [data],
  );
}

function subtract(a: PnlView, b: PnlView): PnlView {
  return {
    spreadCapture: a.spreadCapture - b.spreadCapture,
    makerFees: a.makerFees - b.makerFees,
    takerFees: a.takerFees - b.takerFees,
    hedging: a.hedging - b.hedging,
    reducing: a.reducing - b.reducing,
    inventory: a.inventory - b.inventory,
    currency: a.currency - b.currency,
    total: a.total - b.total,
  };
}
