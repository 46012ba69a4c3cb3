"use client";

import { Tabs } from "radix-ui";
import { useEffect, useState } from "react";
import { FillsTab } from "./fillsTab.tsx";
import { FilterBar } from "./filterBar.tsx";
import { TABS, toAddress, type Filters, type Tab } from "./filters.ts";
import { OpenTab } from "./openTab.tsx";
import { OrdersTab } from "./ordersTab.tsx";
import { useIsNarrow } from "./useIsNarrow.ts";

const TAB_WORDS: Readonly<Record<Tab, string>> = { open: "Open", orders: "Orders", fills: "Fills" };

export interface OrdersPageProps {
  readonly initial: { readonly tab: Tab; readonly filters: Filters };
}

export function OrdersPage({ initial }: OrdersPageProps) {
  const [tab, setTab] = useState(initial.tab);
  const [filters, setFilters] = useState(initial.filters);
  const isNarrow = useIsNarrow();
  useEffect(() => history.replaceState(null, "", toAddress(tab, filters)), [tab, filters]);
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(next) => {
        const known = TABS.find((one) => one === next);
        if (known !== undefined) setTab(known);
      }}
      className="flex h-[calc(100dvh-8.6rem)] flex-col gap-2 sm:h-[calc(100dvh-4.6rem)]"
    >
      <div className="flex flex-wrap items-center gap-2 md:gap-4">
        <Tabs.List aria-label="Orders and fills" className="flex rounded border bg-panel">
          {TABS.map((one) => (
            <Tabs.Trigger
              key={one}
              value={one}
              className="h-8 px-4 text-secondary hover:text-ink data-[state=active]:bg-line data-[state=active]:text-ink"
            >
              {TAB_WORDS[one]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {isNarrow ? (
          <details className="w-full">
            <summary className="cursor-pointer py-1 text-sm text-secondary">
              Filter {filterWords(filters)}
            </summary>
            <FilterBar tab={tab} filters={filters} onChange={setFilters} />
          </details>
        ) : (
          <FilterBar tab={tab} filters={filters} onChange={setFilters} />
        )}
      </div>
      <Tabs.Content value="open" className="flex min-h-0 grow flex-col" tabIndex={-1}>
        <OpenTab filters={filters} />
      </Tabs.Content>
      <Tabs.Content value="orders" className="flex min-h-0 grow flex-col" tabIndex={-1}>
        <OrdersTab filters={filters} />
      </Tabs.Content>
      <Tabs.Content value="fills" className="flex min-h-0 grow flex-col" tabIndex={-1}>
        <FillsTab filters={filters} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function filterWords(filters: Filters): string {
  const parts = [filters.account, filters.symbol, filters.side, filters.status, filters.liquidity].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0 ? "" : `(${parts.join(", ")})`;
}
