"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { cx } from "../ui/cx.ts";
import { loadSheetDialog } from "./dialogs.ts";

const SheetDialog = dynamic(loadSheetDialog, { ssr: false });

/** Opens all of the bar, also what its line has no room for. */
export function NavSheet({ wide = false }: { readonly wide?: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-label="Pages and settings"
        title="Everything of the bar"
        onClick={() => setOpen(true)}
        className={cx("shrink-0 rounded border text-lg", wide ? "h-11 w-14" : "h-9 w-9")}
      >
        ≡
      </button>
      {isOpen && <SheetDialog onClose={() => setOpen(false)} />}
    </>
  );
}
