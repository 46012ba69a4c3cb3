"use client";

import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useEffect, type ReactNode } from "react";
import type { DeskShape } from "../../server/contract/link.ts";
import { useLive } from "../stream/live.tsx";
import { useTRPC } from "./api.tsx";

const ShapeContext = createContext<DeskShape | undefined>(undefined);

/** Accounts, markets and instruments with their ticks and lots: asked for once per run of the engine. */
export function ShapeProvider({ children }: { readonly children: ReactNode }) {
  const trpc = useTRPC();
  const epoch = useLive("system")?.value.epoch;
  const query = useQuery(
    trpc.config.shape.queryOptions(undefined, { staleTime: Infinity, retry: true, retryDelay: 1_000 }),
  );
  // A new run may have another configuration: its first system view has its epoch.
  const { data, refetch } = query;
  const isOld = data !== undefined && epoch !== undefined && data.epoch !== epoch;
  useEffect(() => {
    if (isOld) void refetch();
  }, [isOld, epoch, refetch]);
  return <ShapeContext value={data}>{children}</ShapeContext>;
}

/** Gives a made-up shape, in examples. */
export const FixedShapeProvider = ShapeContext;

export function useShape(): DeskShape | undefined {
  return useContext(ShapeContext);
}

export type InstrumentShape = DeskShape["instruments"][number];

export function findInstrument(
  shape: DeskShape | undefined,
  account: string,
  symbol: string,
): InstrumentShape | undefined {
  return shape?.instruments.find((one) => one.account === account && one.symbol === symbol);
}
