"use client";

import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { Button } from "../ui/button.tsx";

// Loaded when it is first opened: nobody needs it to see the desk.
const PaletteDialog = dynamic(() => import("./paletteDialog.tsx").then((module) => module.PaletteDialog), {
  ssr: false,
});

/** Everything by name: ⌘K or Ctrl K. */
export function CommandPalette() {
  const [isOpen, setOpen] = useState(false);
  const [wasOpened, setOpened] = useState(false);
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      setOpened(true);
      setOpen((open) => !open);
    };
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
  return (
    <>
      <Button
        variant="ghost"
        aria-label="Commands (Ctrl K)"
        title="Commands"
        onClick={() => {
          setOpened(true);
          setOpen(true);
        }}
      >
        ⌘K
      </Button>
      {wasOpened && <PaletteDialog open={isOpen} onOpenChange={setOpen} />}
    </>
  );
}
