"use client";

import type { ComponentProps } from "react";
import { cx } from "../ui/cx.ts";

/** Opens the graded stops beside the stop. */
export function MenuButton({
  wide = false,
  ...props
}: ComponentProps<"button"> & { readonly wide?: boolean }) {
  return (
    <button
      type="button"
      aria-label="Graded stops"
      {...props}
      className={cx("rounded-r border border-l-0 border-danger text-danger", wide ? "h-11 w-11" : "h-9 w-7")}
    >
      ▾
    </button>
  );
}
