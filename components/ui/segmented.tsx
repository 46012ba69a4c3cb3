"use client";

import { useId } from "react";

/** One of a few, all visible: radio buttons of the browser, in another shape. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className="flex self-start overflow-hidden rounded border">
      {options.map((option) => (
        <label
          key={option.value}
          // The hidden radio is placed in it: elsewhere its focus would scroll the page.
          className="relative flex h-6 cursor-pointer items-center px-2 text-sm text-secondary hover:text-ink has-checked:bg-line has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-quote"
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="sr-only"
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
