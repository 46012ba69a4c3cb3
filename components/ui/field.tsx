"use client";

import { useId, type ComponentProps, type ReactNode } from "react";
import { cx } from "./cx.ts";

interface ControlIds {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

export interface FieldProps {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  /** What is wrong with the value and what would be right. */
  readonly error?: string | undefined;
  /** At the right of the label: where the value comes from, its bounds. */
  readonly note?: ReactNode;
  readonly children: (ids: ControlIds) => ReactNode;
}

/** Label, control, help and error, tied together for screen readers. */
export function Field({ label, help, error, note, children }: FieldProps) {
  const id = useId();
  const described = error !== undefined ? `${id}-error` : help !== undefined ? `${id}-help` : undefined;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {note !== undefined && <span className="text-xs text-secondary">{note}</span>}
      </div>
      {children({
        id,
        "aria-describedby": described,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {error !== undefined ? (
        <p id={`${id}-error`} role="alert" className="text-sm text-danger">
          ▲ {error}
        </p>
      ) : (
        help !== undefined && (
          <p id={`${id}-help`} className="text-sm text-secondary">
            {help}
          </p>
        )
      )}
    </div>
  );
}

const CONTROL = cx(
  "h-7 w-full min-w-0 rounded border bg-ground px-2 text-base placeholder:text-faint",
  "aria-invalid:border-danger disabled:opacity-50 hover:border-faint",
);

export interface TextInputProps extends ComponentProps<"input"> {
  /** Shown inside at the right: the unit of what is typed. */
  readonly unit?: string | undefined;
  /** Marks a value that differs from what is in force. */
  readonly changed?: boolean;
}

export function TextInput({ unit, changed = false, className, ...props }: TextInputProps) {
  const input = (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      {...props}
      className={cx(CONTROL, changed && "border-quote", unit === undefined && className)}
    />
  );
  if (unit === undefined || unit === "") return input;
  return (
    <span className={cx("flex items-center gap-2", className)}>
      {input}
      <span className="shrink-0 text-sm text-secondary">{unit}</span>
    </span>
  );
}

/** Figures are typed as text: a browser's number field drops what it cannot parse. */
export function NumberInput(props: TextInputProps) {
  return (
    <TextInput inputMode="decimal" {...props} className={cx("text-right tabular-nums", props.className)} />
  );
}

export interface SelectProps extends ComponentProps<"select"> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly changed?: boolean;
}

/** The browser's own list: it works with every keyboard, reader and phone. */
export function Select({ options, changed = false, className, ...props }: SelectProps) {
  return (
    <select {...props} className={cx(CONTROL, changed && "border-quote", className)}>
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

export function Checkbox({ label, ...props }: ComponentProps<"input"> & { readonly label: ReactNode }) {
  return (
    <label className="flex min-h-7 cursor-pointer items-center gap-2 text-base">
      <input type="checkbox" {...props} className="size-4 accent-quote" />
      {label}
    </label>
  );
}

export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea rows={2} {...props} className={cx(CONTROL, "h-auto py-1", className)} />;
}
