"use client";

import type { ComponentProps } from "react";
import { cx } from "./cx.ts";

const VARIANTS = {
  plain: "border bg-raised text-ink hover:border-faint",
  primary: "border border-quote bg-quote text-on-solid hover:opacity-90",
  danger: "border border-danger text-danger hover:bg-danger hover:text-on-solid",
  ghost: "border border-transparent text-secondary hover:text-ink hover:bg-line/50",
} as const;

const SIZES = { sm: "h-7 px-2 text-sm", md: "h-9 px-3 text-base" } as const;

export interface ButtonProps extends ComponentProps<"button"> {
  readonly variant?: keyof typeof VARIANTS;
  readonly size?: keyof typeof SIZES;
  /** Under way: it cannot be pressed again, and says so. */
  readonly busy?: boolean;
}

export function Button({ variant = "plain", size = "sm", busy = false, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      disabled={props.disabled === true || busy}
      aria-busy={busy || undefined}
      className={cx(
        "inline-flex shrink-0 items-center justify-center gap-1.5 rounded whitespace-nowrap select-none",
        "disabled:cursor-not-allowed disabled:opacity-50",
        VARIANTS[variant],
        SIZES[size],
        props.className,
      )}
    />
  );
}
