"use client";

import type { DeskShape } from "../../server/contract/link.ts";
import { orderStatusWord, venueName } from "../format/names.ts";
import { useShape } from "../session/shape.tsx";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/field.tsx";
import {
  ENDED_STATUSES,
  filterCount,
  withFilter,
  WORKING_STATUSES,
  type Filters,
  type Tab,
} from "./filters.ts";
import { TimeFilter } from "./timeFilter.tsx";

export interface FilterBarProps {
  readonly tab: Tab;
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** One filter for all tabs; the page's address carries it. */
export function FilterBar({ tab, filters, onChange }: FilterBarProps) {
  const shape = useShape();
  const set = (part: Parameters<typeof withFilter>[1]): void => onChange(withFilter(filters, part));
  const count = filterCount(filters);
  return (
    <div
      role="search"
      aria-label="Filter"
      className="grid grid-cols-2 gap-2 md:flex md:flex-wrap md:items-center"
    >
      <Choice
        label="Venue"
        any="all venues"
        value={filters.account}
        options={shape?.accounts.map(({ account }) => ({ value: account, label: venueName(account) })) ?? []}
        onChange={(account) => set({ account })}
      />
      <Choice
        label="Symbol"
        any="all symbols"
        value={filters.symbol}
        options={symbolsOf(shape, filters.account)}
        onChange={(symbol) => set({ symbol })}
      />
      <Choice
        label="Side"
        any="both sides"
        value={filters.side}
        options={SIDES}
        onChange={(side) => set({ side: side === "buy" || side === "sell" ? side : undefined })}
      />
      {tab === "fills" ? (
        <Choice
          label="Liquidity"
          any="maker and taker"
          value={filters.liquidity}
          options={LIQUIDITIES}
          onChange={(kind) => set({ liquidity: kind === "maker" || kind === "taker" ? kind : undefined })}
        />
      ) : (
        <Choice
          label="Status"
          any="any status"
          value={filters.status}
          options={tab === "open" ? WORKING : STATUSES}
          onChange={(status) => set({ status })}
        />
      )}
      <TimeFilter filters={filters} onChange={onChange} />
      {count > 0 && (
        <Button variant="ghost" onClick={() => onChange({})}>
          Clear {count === 1 ? "the filter" : `${count} filters`}
        </Button>
      )}
    </div>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

const SIDES: readonly Option[] = [
  { value: "buy", label: "▼ buy" },
  { value: "sell", label: "▲ sell" },
];
const LIQUIDITIES: readonly Option[] = [
  { value: "maker", label: "maker" },
  { value: "taker", label: "taker" },
];
const named = (status: string): Option => ({ value: status, label: orderStatusWord(status) });
const WORKING: readonly Option[] = WORKING_STATUSES.map(named);
const STATUSES: readonly Option[] = [
  { value: "working", label: "working" },
  { value: "ended", label: "ended" },
  ...WORKING,
  ...ENDED_STATUSES.map(named),
];

function symbolsOf(shape: DeskShape | undefined, account: string | undefined): readonly Option[] {
  const of = shape?.instruments.filter((one) => account === undefined || one.account === account) ?? [];
  return [...new Set(of.map(({ symbol }) => symbol))].map((symbol) => ({ value: symbol, label: symbol }));
}

/** What is chosen stays in the list although the tab or the venue has no such value. */
function Choice({
  label,
  any,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly any: string;
  readonly value: string | undefined;
  readonly options: readonly Option[];
  readonly onChange: (value: string | undefined) => void;
}) {
  const isKnown = value === undefined || options.some((option) => option.value === value);
  return (
    <Select
      aria-label={label}
      className="md:w-auto"
      changed={value !== undefined}
      value={value ?? ""}
      options={[{ value: "", label: any }, ...options, ...(isKnown ? [] : [{ value, label: value }])]}
      onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
    />
  );
}
