"use client";

import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

export function Menu({
  trigger,
  align = "start",
  children,
}: {
  /** One element that takes a ref. */
  readonly trigger: ReactNode;
  readonly align?: "start" | "end";
  readonly children: ReactNode;
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-70 max-h-[70vh] max-w-96 min-w-56 overflow-auto rounded border bg-raised p-1"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({
  onSelect,
  detail,
  tone,
  disabled = false,
  children,
}: {
  readonly onSelect: () => void;
  /** What it will do, in words. */
  readonly detail?: ReactNode;
  readonly tone?: "danger";
  readonly disabled?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Item
      onSelect={onSelect}
      disabled={disabled}
      className={cx(
        "flex min-h-9 cursor-pointer flex-col justify-center rounded px-2 py-1 outline-none select-none",
        "data-disabled:cursor-not-allowed data-disabled:opacity-50 data-highlighted:bg-line",
        tone === "danger" && "text-danger",
      )}
    >
      <span>{children}</span>
      {detail !== undefined && <span className="text-sm text-secondary">{detail}</span>}
    </Radix.Item>
  );
}

/** One of several, with the chosen one marked. */
export function MenuChoice<T extends string>({
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
  return (
    <Radix.RadioGroup
      value={value}
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next);
        if (option !== undefined) onChange(option.value);
      }}
    >
      <MenuLabel>{label}</MenuLabel>
      {options.map((option) => (
        <Radix.RadioItem
          key={option.value}
          value={option.value}
          onSelect={(event) => event.preventDefault()}
          className="flex h-7 cursor-pointer items-center gap-2 rounded px-2 outline-none select-none data-highlighted:bg-line"
        >
          <span aria-hidden className="w-3 text-quote">
            {option.value === value ? "●" : ""}
          </span>
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <Radix.Label className="px-2 pt-2 pb-1 text-xs text-secondary">{children}</Radix.Label>;
}

export function MenuRule() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
