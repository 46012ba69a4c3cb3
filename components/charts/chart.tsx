"use client";

import { useEffect, useRef, useState } from "react";
import { useLook } from "../session/lookProvider.tsx";
import { cx } from "../ui/cx.ts";
import { isOldPage, OldPage } from "../ui/oldPage.tsx";
import type { ChartModule, CreateChart } from "./timeChart.ts";

export interface ChartProps<Data> {
  /** What the picture shows, for who cannot see it; the figures are beside it as text. */
  readonly label: string;
  /** Module constant: loads the chart's code when the first chart is shown. */
  readonly load: () => Promise<CreateChart<Data>>;
  readonly data: Data;
  readonly className?: string;
}

/** The thin shell around a chart that knows nothing of React. */
export function Chart<Data>({ label, load, data, className }: ChartProps<Data>) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<ChartModule<Data>>(undefined);
  const latest = useRef(data);
  const { look } = useLook();
  const [failure, setFailure] = useState<unknown>();

  useEffect(() => {
    let isGone = false;
    load().then(
      (create) => {
        if (isGone || element.current === null) return;
        chart.current = create(element.current);
        chart.current.set(latest.current);
      },
      (error: unknown) => {
        if (!isGone) setFailure(error);
      },
    );
    return () => {
      isGone = true;
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [load]);

  useEffect(() => {
    latest.current = data;
    chart.current?.set(data);
  }, [data]);

  useEffect(() => {
    chart.current?.restyle();
    const media = matchMedia("(prefers-color-scheme: dark)");
    const restyle = (): void => chart.current?.restyle();
    media.addEventListener("change", restyle);
    return () => media.removeEventListener("change", restyle);
  }, [look]);

  if (isOldPage(failure)) return <OldPage />;
  if (failure !== undefined) throw failure;
  return (
    <div ref={element} role="img" aria-label={label} className={cx("min-h-48 w-full grow", className)} />
  );
}
