"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { loadSheetDialog } from "./dialogs.ts";

const SheetDialog = dynamic(loadSheetDialog, { ssr: false });

/** The rest of the bar on a phone. */
export function NavSheet() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-label="Pages and settings"
        onClick={() => setOpen(true)}
        className="h-11 w-14 rounded border text-lg"
      >
        ≡
      </button>
      {isOpen && <SheetDialog onClose={() => setOpen(false)} />}
    </>
  );
}
