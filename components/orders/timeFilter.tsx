"use client";

import { useState } from "react";
import { useLive } from "../stream/live.tsx";
import { Select, TextInput } from "../ui/field.tsx";
import { fieldOf, usOfField, withFilter, type Filters } from "./filters.ts";

const MINUTE_US = 60e6;
const DAY_US = 86_400e6;

const PRESETS = [
  { value: "any", label: "any time" },
  { value: "15", label: "last 15 min" },
  { value: "60", label: "last hour" },
  { value: "today", label: "today (UTC)" },
  { value: "between", label: "between …" },
] as const;

/** Times are the engine's: a replay lives on another day than the browser. */
export function TimeFilter({
  filters,
  onChange,
}: {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}) {
  const nowUs = useLive("desk")?.value.atUs;
  const isSet = filters.fromUs !== undefined || filters.toUs !== undefined;
  const [chosen, setChosen] = useState<string>(isSet ? "between" : "any");
  const preset = !isSet && chosen !== "between" ? "any" : chosen === "any" ? "between" : chosen;

  function choose(next: string): void {
    setChosen(next);
    const now = nowUs ?? Date.now() * 1_000;
    if (next === "any") onChange(withFilter(filters, { fromUs: undefined, toUs: undefined }));
    else if (next === "today")
      onChange(withFilter(filters, { fromUs: now - (now % DAY_US), toUs: undefined }));
    else if (next !== "between")
      onChange(withFilter(filters, { fromUs: now - Number(next) * MINUTE_US, toUs: undefined }));
  }

  return (
    <>
      <Select
        aria-label="Time"
        className="md:w-auto"
        changed={isSet}
        value={preset}
        options={PRESETS}
        onChange={(event) => choose(event.target.value)}
      />
      {preset === "between" && (
        <span className="col-span-2 flex items-center gap-1">
          <Instant
            label="From, UTC"
            atUs={filters.fromUs}
            onChange={(fromUs) => onChange(withFilter(filters, { fromUs }))}
          />
          <span className="text-secondary">to</span>
          <Instant
            label="To, UTC"
            atUs={filters.toUs}
            onChange={(toUs) => onChange(withFilter(filters, { toUs }))}
          />
          <span className="text-secondary">UTC</span>
        </span>
      )}
    </>
  );
}

function Instant({
  label,
  atUs,
  onChange,
}: {
  readonly label: string;
  readonly atUs: number | undefined;
  readonly onChange: (atUs: number | undefined) => void;
}) {
  return (
    <TextInput
      type="datetime-local"
      step={1}
      aria-label={label}
      value={fieldOf(atUs)}
      onChange={(event) => onChange(usOfField(event.target.value))}
    />
  );
}
