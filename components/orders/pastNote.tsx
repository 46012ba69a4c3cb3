"use client";

import type { ReactNode } from "react";

/** Why something of the past is missing, above what is there. */
export function PastNote({ children }: { readonly children: ReactNode }) {
  return (
    <p role="status" className="border-b px-3 py-1.5 text-sm text-attention">
      <span aria-hidden>◐ </span>
      {children}
    </p>
  );
}
